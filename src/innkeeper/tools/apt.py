"""Packages of a distribution, fetched without touching what the host's own apt keeps: any user may, where apt is."""

from __future__ import annotations

import re

from innkeeper.errors import Failed, Unsupported
from innkeeper.machine import Machine
from innkeeper.tools.programs import why

__all__ = ["PROGRAMS", "Repository", "sources"]

_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
PROGRAMS = {"apt-get": "apt", "apt-cache": "apt", "dpkg-deb": "dpkg"}
_SECURITY = "http://security.debian.org/debian-security"


def sources(suite: str, mirror: str, options: str = "") -> str:
    """Lines of sources.list: a suite of Debian and its updates from a mirror.

    A mirror carries Debian's archive; the security fixes always come from Debian itself, as it asks.
    """
    signed = f"[{options}] " if options else ""
    lines = (f"{mirror} {suite}", f"{mirror} {suite}-updates", f"{_SECURITY} {suite}-security")
    return "".join(f"deb {signed}{line} main\n" for line in lines)


class Repository:
    """The packages of a mirror, or of the host's own sources without one; lists are kept in `directory`.

    Settings of the host's /etc/apt/apt.conf.d, such as proxies, hold either way.
    """

    def __init__(self, machine: Machine, directory: str, suite: str, mirror: str | None, arch: str) -> None:
        self._machine = machine
        self._directory = directory
        self._arch = arch
        self._sources = sources(suite, mirror, f"signed-by={_KEYRING}") if mirror else None

    def update(self) -> None:
        """Fetch the lists; about 2 s and 10 MB."""
        for folder in ("state/lists/partial", "cache/archives/partial", "etc"):
            self._machine.files.make_dir(f"{self._directory}/{folder}")
        if self._sources:
            self._machine.files.write(f"{self._directory}/etc/sources.list", self._sources.encode())
        self._apt("apt-get", "update")

    def dependency(self, package: str) -> str:
        """The first package that a package depends on: what a metapackage stands for.

        Raises `Unsupported("image.no_package")`.
        """
        shown = self._apt("apt-cache", "--no-all-versions", "show", package, check=False)
        found = re.search(r"^Depends: ([^ ,(|]+)", shown, re.MULTILINE)
        if not found:
            raise Unsupported("image.no_package", package=package)
        return found[1]

    def unpack(self, package: str, target: str) -> None:
        """Download a package, verified by apt, and unpack its files below `target`; no script of it runs."""
        folder = f"{self._directory}/{package}"
        self._machine.files.make_dir(folder)
        # apt-get download writes into the current directory and knows no other
        self._run(["env", f"--chdir={folder}", "apt-get", *self._options(), "download", package])
        for file in self._machine.files.list(folder):
            self._machine.run(["dpkg-deb", "--extract", f"{folder}/{file}", target])

    def _apt(self, program: str, *arguments: str, check: bool = True) -> str:
        return self._run([program, *self._options(), *arguments], check)

    def _run(self, argv: list[str], check: bool = True) -> str:
        result = self._machine.run(argv, env={"LC_ALL": "C"}, check=False)
        if check and result.status != 0:
            raise Failed("machine.command_failed", program="apt", status=result.status, detail=why(result))
        return result.stdout.decode(errors="replace")

    def _options(self) -> list[str]:
        settings = {
            "Dir::State": f"{self._directory}/state",
            "Dir::State::status": "/dev/null",
            "Dir::Cache": f"{self._directory}/cache",
            "APT::Architecture": self._arch,
            "APT::Architectures": self._arch,
            "APT::Sandbox::User": "root",  # the directory is private: the user _apt could not write there
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
        }
        if self._sources:
            settings |= {
                "Dir::Etc::sourcelist": f"{self._directory}/etc/sources.list",
                "Dir::Etc::sourceparts": "/dev/null",
                "Dir::Etc::preferences": "/dev/null",
                "Dir::Etc::preferencesparts": "/dev/null",
                "APT::Update::Error-Mode": "any",  # a list that did not come is no warning
            }
        return ["-q", *(part for key, value in settings.items() for part in ("-o", f"{key}={value}"))]
