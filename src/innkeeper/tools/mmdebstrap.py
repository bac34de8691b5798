"""mmdebstrap: a root file system of Debian from packages, without root's rights and without a mount that stays."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from innkeeper.machine import Machine
from innkeeper.tools.fence import fenced_run

__all__ = ["PROGRAMS", "Bootstrap", "bootstrap"]

PROGRAMS = {"mmdebstrap": "mmdebstrap", "apt-get": "apt", "newuidmap": "uidmap"}
_COUNT = re.compile(r"(\d+) newly installed")
_DONE = re.compile(r"(Get:\d+ |Unpacking |Setting up )")


class Bootstrap(NamedTuple):
    """What to install where. Hooks are shell commands with the root file system's path as `$1`."""

    suite: str
    arch: str
    packages: Sequence[str]
    sources: str
    """lines of sources.list, to install from and to stay in the image; mmdebstrap's own choice when empty"""
    keyring: str
    """file with the keys that they are signed by"""
    before_packages: Sequence[str]
    """hooks once the essential packages are there, and before all others are configured"""
    after_packages: Sequence[str]
    root: str
    """directory to fill"""
    scratch: str
    """directory for temporary files"""


def bootstrap(machine: Machine, what: Bootstrap, on_fraction: Callable[[float], None]) -> None:
    """Install, about 50 s and 150 MB of downloads; `on_fraction` is told how far it is, 0 to 1."""
    argv = ["mmdebstrap", "--mode=root", "--variant=minbase", "--format=directory", "--verbose"]
    argv += [f"--architectures={what.arch}", f"--keyring={what.keyring}"]
    argv += [f"--include={','.join(what.packages)}"]
    argv += [f"--essential-hook={hook}" for hook in what.before_packages]
    argv += [f"--customize-hook={hook}" for hook in what.after_packages]
    argv += [what.suite, what.root, *what.sources.splitlines()]
    # No SOURCE_DATE_EPOCH: Python packages would compile to files that are checked by hash, slower at each start.
    env = {"TMPDIR": what.scratch, "DEBIAN_FRONTEND": "noninteractive", "BUILDING_IMAGE": "1"}
    fenced_run(machine, argv, env=env, on_line=_Meter(on_fraction).line)


class _Meter:
    """How far it is, from what apt and dpkg print: each package is fetched, unpacked and set up."""

    def __init__(self, tell: Callable[[float], None]) -> None:
        self._tell = tell
        self._packages = 0
        self._done = 0

    def line(self, text: str) -> None:
        if found := _COUNT.search(text):
            self._packages += int(found[1])
        if self._packages and _DONE.match(text):
            self._done += 1
            self._tell(min(self._done / (3 * self._packages), 1.0))
