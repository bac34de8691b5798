"""KVM's device, module and nesting, on a /proc and /sys of the test's own: this kernel has no modules to load."""

from __future__ import annotations

from pathlib import Path

import pytest

from innkeeper.doctor import kvm_proof
from innkeeper.doctor.finding import FileFacts, Site
from innkeeper.doctor.findings import kvm
from innkeeper.doctor.kvm_proof import KvmProof
from tests.unit.doctor.fake_host import FakeHost

CPU = "vendor_id\t: GenuineIntel\nflags\t\t: fpu {flag} sse\n"
NESTED = "/sys/module/kvm_intel/parameters/nested"


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeHost:
    made = FakeHost(tmp_path, monkeypatch)
    made.write("/proc/cpuinfo", CPU.format(flag="vmx"))
    return made


def test_a_module_that_is_not_loaded(fake: FakeHost) -> None:
    found = fake.finds("kvm.device")
    assert (found.status, found.text, found.remedy) == (
        "problem",
        "kvm.device.no_module",
        "modprobe kvm_intel",
    )


def test_no_virtualization_no_device(fake: FakeHost) -> None:
    fake.write("/proc/cpuinfo", CPU.format(flag="aes"))
    assert fake.variant("kvm.device") == ("problem", "missing")


def test_kvm_without_a_name(fake: FakeHost) -> None:
    fake.write("/sys/class/misc/kvm/dev", "10:232\n")
    found = fake.finds("kvm.device")
    assert (found.status, found.text) == ("problem", "kvm.device.no_node")
    assert (found.remedy or "").startswith("mknod ")


def test_what_is_no_device(fake: FakeHost) -> None:
    fake.write("/dev/kvm", "no device\n")
    assert fake.variant("kvm.device") == ("problem", "not_device")


@pytest.mark.parametrize(
    ("mode", "owner", "group", "may"),
    [
        (0o660, "root", "kvm", True),
        (0o666, "root", "root", True),
        (0o600, "root", "kvm", False),
        (0o660, "root", "root", False),
        (0o606, "root", "kvm", False),  # a member of the group has the group's rights, and no others
        (0o600, "libvirt-qemu", "root", True),
        (0o440, "libvirt-qemu", "kvm", False),
    ],
)
def test_who_may(mode: int, owner: str, group: str, may: bool) -> None:
    seen = FileFacts("character special file", mode, owner, group, 0, 0)
    assert kvm._may(seen, "libvirt-qemu", ["kvm", "libvirt-qemu"]) is may


def test_qemu_runs_as_the_configuration_says(fake: FakeHost) -> None:
    site = Site(fake.host)
    assert kvm.qemu_user(site) == "root"
    fake.write("/etc/passwd", "root:x:0:0::/:/bin/sh\nqemu:x:107:107::/:/sbin/nologin\n")
    site.forget()
    assert kvm.qemu_user(site) == "qemu"
    fake.write("/etc/libvirt/qemu.conf", '#user = "nobody"\n  user = "+alice"\n')
    site.forget()
    assert kvm.qemu_user(site) == "alice"


def test_nesting(fake: FakeHost) -> None:
    assert fake.looks("kvm.nested") == []
    for on in ("Y", "1"):
        fake.write(NESTED, f"{on}\n")
        assert fake.variant("kvm.nested") == ("ok", "on")


@pytest.mark.parametrize("off", ["N", "0"])
def test_nesting_is_switched_on_for_the_next_time(fake: FakeHost, off: str) -> None:
    fake.write(NESTED, f"{off}\n")
    fake.write("/etc/modprobe.d/other.conf", "")
    before = fake.fingerprint()
    found = fake.finds("kvm.nested")
    assert (found.status, found.text) == ("advice", "kvm.nested.off")
    fake.setup("kvm.nested")
    assert fake.read("/etc/modprobe.d/innkeeper-nested.conf") == "options kvm_intel nested=1"
    assert fake.variant("kvm.nested") == ("advice", "pending")
    assert fake.setup("kvm.nested") == ()
    fake.undo()
    assert fake.fingerprint() == before


@pytest.mark.parametrize(
    ("proof", "status", "text"),
    [
        (("proven", "kvm.proven"), "ok", "kvm.proof.proven"),
        (("absent", "kvm.absent"), "problem", "kvm.absent"),
        (("denied", "kvm.denied"), "problem", "kvm.denied"),
        (("wrong", "kvm.wrong_instruction"), "problem", "kvm.wrong_instruction"),
        (("slow", "kvm.slow"), "problem", "kvm.slow"),
        (("wrong", "kvm.unprovable"), "unknown", "kvm.unprovable"),
        (("unsupported_arch", "kvm.unproven_arch"), "unknown", "kvm.unproven_arch"),
    ],
)
def test_verdicts(
    fake: FakeHost,
    monkeypatch: pytest.MonkeyPatch,
    proof: tuple[kvm_proof.Verdict, str],
    status: str,
    text: str,
) -> None:
    """That each verdict is reached for real is the business of tests/real/test_kvm_proof.py."""
    made = KvmProof(verdict=proof[0], reason=proof[1], facts={}, loop_ms=52.123, bare_ms=None, total_ms=123.4)
    monkeypatch.setattr(kvm_proof, "prove", lambda _machine: made)
    found = kvm._proof(Site(fake.host))
    assert (found.status, found.text) == (status, text)
    assert found.facts["verdict"] == proof[0]
    assert (found.facts["loop_ms"], found.facts["bare_ms"], found.facts["total_ms"]) == ("52.1", "-", 123)
