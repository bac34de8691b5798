"""The public body of libvirt XML that the format tests read: the tests of libvirt and of virt-manager.

Nothing of it is kept in this repository. It is taken from the Debian source packages with apt, in a private
APT directory (the system's sources and lists are only read), and unpacked under `$INNKEEPER_TEST_CACHE`, else
`~/.cache/innkeeper-tests`. No root is needed. Where apt cannot reach a mirror, `CorpusMissingError` says why.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

LAYOUT = 1
"""Raised when other files are unpacked than before, so that an old cache is not taken for a whole one."""

SYSTEM_SOURCES = Path("/etc/apt")


class CorpusMissingError(Exception):
    """The source packages could not be had; the text says what went wrong."""


def cache_dir() -> Path:
    """Where the unpacked packages are kept between runs."""
    named = os.environ.get("INNKEEPER_TEST_CACHE")
    return Path(named) if named else Path.home() / ".cache" / "innkeeper-tests"


def unpacked(package: str) -> Path:
    """The folder with the package's XML files; fetched at the first call. Raises CorpusMissingError."""
    home = cache_dir() / f"corpus-{LAYOUT}" / package
    if home.is_dir():
        return home
    home.parent.mkdir(parents=True, exist_ok=True)
    with (home.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several test workers come here at once
        # Unpacked beside and renamed, so that an interrupted run never leaves half a corpus that looks whole.
        part = home.with_name(f"{package}.part.{os.getpid()}")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        try:
            _unpack(_download(package), part)
            if not home.is_dir():
                part.rename(home)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return home


def _unpack(archive: Path, target: Path) -> None:
    with tarfile.open(archive) as tar:
        for member in tar:
            inside = Path(*Path(member.name).parts[1:])
            if member.isfile() and inside.suffix == ".xml" and ".." not in inside.parts:
                stream = tar.extractfile(member)
                assert stream is not None
                (target / inside).parent.mkdir(parents=True, exist_ok=True)
                (target / inside).write_bytes(stream.read())


def _download(package: str) -> Path:
    home = cache_dir() / "apt"
    options = _private_apt(home)
    lists = home / "lists"
    if not any(path.name.endswith("_Sources") or "_Sources." in path.name for path in lists.iterdir()):
        _apt(["apt-get", *options, "update"], home)
    _apt(["apt-get", *options, "source", "--download-only", package], home)
    archives = sorted(home.glob(f"{package}_*.orig.tar.*"))
    archives = [path for path in archives if path.suffix != ".asc"]
    if not archives:
        raise CorpusMissingError(f"apt-get source {package} left no .orig.tar in {home}")
    return archives[-1]


def _private_apt(home: Path) -> list[str]:
    for folder in ("lists/partial", "cache/archives/partial", "parts"):
        (home / folder).mkdir(parents=True, exist_ok=True)
    lines = sorted(set(_source_lines()))
    if not lines:
        raise CorpusMissingError(f"no Debian archive is named in {SYSTEM_SOURCES}")
    (home / "sources.list").write_text("\n".join(lines) + "\n")
    return [
        f"-oDir::Etc::sourcelist={home}/sources.list",
        f"-oDir::Etc::sourceparts={home}/parts",
        f"-oDir::State::lists={home}/lists",
        f"-oDir::Cache={home}/cache",
        "-oAPT::Sandbox::User=",
        "-q",
    ]


def _apt(argv: list[str], home: Path) -> None:
    try:
        done = subprocess.run(argv, cwd=home, capture_output=True, text=True, timeout=600, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CorpusMissingError(f"{argv[0]}: {error}") from error
    if done.returncode:
        raise CorpusMissingError(
            f"{' '.join(argv)} ended with {done.returncode}: {done.stderr.strip()[-800:]}"
        )


def _source_lines() -> Iterator[str]:
    """`deb-src` lines for every archive the system takes `main` from; both formats of sources are read."""
    classic = [SYSTEM_SOURCES / "sources.list", *sorted(SYSTEM_SOURCES.glob("sources.list.d/*.list"))]
    for path in classic:
        for line in path.read_text().splitlines() if path.exists() else []:
            if line.startswith(("deb ", "deb-src ")) and " main" in line:
                yield "deb-src " + line.split(" ", 1)[1]
    for path in sorted(SYSTEM_SOURCES.glob("sources.list.d/*.sources")):
        for paragraph in path.read_text().split("\n\n"):
            yield from _from_deb822(paragraph)


def _from_deb822(paragraph: str) -> Iterator[str]:
    fields: dict[str, str] = {}
    for line in paragraph.splitlines():
        if ":" in line and not line.startswith((" ", "#")):
            key, value = line.split(":", 1)
            fields[key.strip().lower()] = value.strip()
    if fields.get("enabled", "yes") == "no" or "main" not in fields.get("components", "").split():
        return
    signed = f"[signed-by={fields['signed-by']}] " if fields.get("signed-by", "").startswith("/") else ""
    for uri in fields.get("uris", "").split():
        for suite in fields.get("suites", "").split():
            yield f"deb-src {signed}{uri} {suite} main"
