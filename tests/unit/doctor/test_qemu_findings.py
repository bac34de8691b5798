"""QEMU's programs, in a /usr of the test's own."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from innkeeper.doctor.finding import Site
from innkeeper.doctor.findings.qemu import ALIASES, system_programs
from tests.unit.doctor.fake_host import FakeHost

OWN = ALIASES.get(platform.machine(), platform.machine())


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeHost:
    made = FakeHost(tmp_path, monkeypatch)
    made.write("/usr/bin/apt-get")
    return made


def program(fake: FakeHost, name: str, body: str = "echo QEMU emulator version 9.1.2") -> None:
    fake.write(f"/usr/bin/{name}", f"#!/bin/sh\n{body}\n")
    (fake.root / "usr/bin" / name).chmod(0o755)


def test_which_machines_it_can_be(fake: FakeHost) -> None:
    for name in (f"qemu-system-{OWN}", "qemu-system-ppc64", "qemu-system-x86_64-microvm", "qemu-img"):
        program(fake, name)
    assert set(system_programs(Site(fake.host))) == {OWN, "ppc64"}
    found = fake.finds("qemu.system")
    assert (found.status, found.facts["version"]) == ("ok", "9.1.2")
    assert fake.variant("qemu.img") == ("ok", "there")


def test_red_hats_is_elsewhere(fake: FakeHost) -> None:
    program(fake, "qemu-kvm")
    assert system_programs(Site(fake.host)) == {}
    (fake.root / "usr/libexec").mkdir()
    (fake.root / "usr/bin/qemu-kvm").rename(fake.root / "usr/libexec/qemu-kvm")
    assert fake.variant("qemu.system") == ("ok", "there")


def test_none_for_this_processor(fake: FakeHost) -> None:
    program(fake, "qemu-system-sparc")
    found = fake.finds("qemu.system")
    assert (found.status, found.text) == ("problem", "qemu.system.missing")
    assert found.repair
    assert found.remedy == f"apt-get install --yes --no-install-recommends {found.repair[0].key}"
    found = fake.finds("qemu.img")
    assert (found.status, [repair.key for repair in found.repair]) == ("problem", ["qemu-utils"])


def test_one_that_does_not_start(fake: FakeHost) -> None:
    program(fake, f"qemu-system-{OWN}", "echo libspice.so.1: cannot open shared object file >&2; exit 127")
    found = fake.finds("qemu.system")
    assert (found.status, found.text) == ("problem", "qemu.system.broken")
    assert "libspice" in str(found.facts["detail"])


def test_an_old_one(fake: FakeHost) -> None:
    program(fake, f"qemu-system-{OWN}", "echo QEMU emulator version 6.2.0")
    assert fake.variant("qemu.system") == ("advice", "old")


@pytest.mark.parametrize(("version", "told"), [("8.0.5", ("advice", "threads")), ("8.1.0", ("ok", "there"))])
def test_whether_it_emulates_several_processors(fake: FakeHost, version: str, told: tuple[str, str]) -> None:
    program(fake, f"qemu-system-{OWN}", f"echo QEMU emulator version {version}")
    assert fake.variant("qemu.system") == told
