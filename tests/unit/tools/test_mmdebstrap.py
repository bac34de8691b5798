"""Progress from what apt and dpkg print; sources of packages."""

from __future__ import annotations

import pytest

from innkeeper.tools.apt import sources
from innkeeper.tools.mmdebstrap import _Meter


def test_each_package_counts_when_fetched_unpacked_and_set_up() -> None:
    told: list[float] = []
    meter = _Meter(told.append)
    meter.line("Get:1 http://deb.example/debian bookworm InRelease [151 kB]")
    assert told == []
    meter.line("0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.")
    for line in ("Get:1 …", "Get:2 …", "Unpacking a (1) ...", "Unpacking b (1) ...", "Setting up a (1) ..."):
        meter.line(line)
    assert told == pytest.approx([1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6])
    for _ in range(3):
        meter.line("Setting up b (1) ...")
    assert told[-1] == 1.0


def test_security_fixes_come_from_debian_whatever_the_mirror() -> None:
    lines = sources("bookworm", "http://mirror.example/debian").splitlines()
    assert lines == [
        "deb http://mirror.example/debian bookworm main",
        "deb http://mirror.example/debian bookworm-updates main",
        "deb http://security.debian.org/debian-security bookworm-security main",
    ]
