"""Packages of a Debian mirror, fetched without touching the host's own apt: any user may, on any host that has apt."""

from __future__ import annotations

import re

from innkeeper.errors import Failed
from innkeeper.machine import Machine
from innkeeper.tools.programs import why

__all__ = ["KEYRING", "MIRROR", "PROGRAMS", "Repository", "sources"]

MIRROR = "http://deb.debian.org/debian"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
PROGRAMS = {"apt-get": "apt", "apt-cache": "apt", "dpkg-deb": "dpkg"}
_SECURITY = "http://security.debian.org/debian-security"


def sources(suite: str, mirror: str | None, options: str = "") -> str:
    """Lines of sources.list: the suite with its updates and security fixes, from Debian's own servers or the mirror.

    A mirror carries Debian's archive; the security fixes always come from Debian, as it asks.
    """
    signed = f"[{options}] " if options else ""
    base = mirror or MIRROR
    lines = (f"{base} {suite}", f"{base} {suite}-updates", f"{_SECURITY} {suite}-security")
    return "".join(f"deb {signed}{line} main\n" for line in lines)


class Repository:
    """A suite of Debian with lists and settings of its own in `directory`.

    Proxies and the like from the host's /etc/apt/apt.conf.d hold; its sources and preferences do not.
    """

    def __init__(self, machine: Machine, directory: str, suite: str, mirror: str | None, arch: str) -> None:
        self._machine = machine
        self._directory = directory
        self._arch = arch
        self._sources = sources(suite, mirror, f"signed-by={KEYRING}")

    def update(self) -> None:
        """Fetch the lists; about 2 s and 10 MB."""
        for folder in ("state/lists/partial", "cache/archives/partial", "etc"):
            self._machine.files.make_dir(f"{self._directory}/{folder}")
        self._machine.files.write(f"{self._directory}/etc/sources.list", self._sources.encode())
        self._apt("apt-get", "update")

    def version(self, package: str) -> str:
        """The newest version there."""
        return self._field(package, "Version")

    def dependency(self, package: str) -> str:
        """The first package that a package depends on: what a metapackage stands for."""
        return re.split(r"[ ,(|]", self._field(package, "Depends"))[0]

    def unpack(self, package: str, target: str) -> None:
        """Download a package, verified by apt, and unpack its files below `target`; no script of it runs."""
        folder = f"{self._directory}/{package}"
        self._machine.files.make_dir(folder)
        # apt-get download writes into the current directory and knows no other
        self._run(["env", f"--chdir={folder}", "apt-get", *self._options(), "download", package])
        for file in self._machine.files.list(folder):
            self._machine.run(["dpkg-deb", "--extract", f"{folder}/{file}", target])

    def _field(self, package: str, field: str) -> str:
        shown = self._apt("apt-cache", "--no-all-versions", "show", package)
        found = re.search(rf"^{field}: (.+)$", shown, re.MULTILINE)
        return found[1].strip() if found else ""

    def _apt(self, program: str, *arguments: str) -> str:
        return self._run([program, *self._options(), *arguments])

    def _run(self, argv: list[str]) -> str:
        result = self._machine.run(argv, env={"LC_ALL": "C"}, check=False)
        if result.status != 0:
            raise Failed("machine.command_failed", program="apt", status=result.status, detail=why(result))
        return result.stdout.decode(errors="replace")

    def _options(self) -> list[str]:
        settings = {
            "Dir::State": f"{self._directory}/state",
            "Dir::State::status": "/dev/null",
            "Dir::Cache": f"{self._directory}/cache",
            "Dir::Etc::sourcelist": f"{self._directory}/etc/sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::preferences": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
            "APT::Architecture": self._arch,
            "APT::Architectures": self._arch,
            "APT::Sandbox::User": "root",  # the directory is private: the user _apt could not write there
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
            "APT::Update::Error-Mode": "any",  # a list that did not come is no warning
        }
        return ["-q", *(part for key, value in settings.items() for part in ("-o", f"{key}={value}"))]
