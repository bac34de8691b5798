"""The proof on this machine's own /dev/kvm, and its faults made for real."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from innkeeper.doctor import accelerator, kvm_ioctl
from innkeeper.doctor.kvm_proof import KvmProof, prove
from innkeeper.machine import local

KVM = "/dev/kvm"
NOBODY = 65534
needs_kvm = pytest.mark.skipif(not os.access(KVM, os.R_OK | os.W_OK), reason="no /dev/kvm that we may use")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become another user")


def proof_with(device: str, monkeypatch: pytest.MonkeyPatch) -> KvmProof:
    monkeypatch.setenv("INNKEEPER_KVM_DEVICE", device)
    return prove(local())


def open_files() -> list[str]:
    return sorted(os.listdir("/proc/self/fd"))


def test_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    start = time.perf_counter()
    proof = proof_with(KVM, monkeypatch)
    spent = time.perf_counter() - start
    if not os.path.exists(KVM):
        assert proof.verdict == "absent"
        return
    assert proof.reason != "kvm.unprovable", proof
    assert spent < 2, "0.15 s on an idle machine"
    if proof.verdict in ("proven", "slow", "wrong") and proof.exit_ms is not None:
        assert proof.exit_ms > 0
        assert proof.loop_ms is not None
        assert proof.bare_ms is None or proof.loop_ms > proof.bare_ms / 2
    if proof.verdict == "wrong" and proof.reason == "kvm.wrong_instruction":
        assert proof.instruction
        assert proof.exit_reason is not None


@needs_kvm
def test_what_every_kvm_can_do_is_done_right() -> None:
    """Halt, 64-bit registers, page tables: an emulating KVM has these too, so a failure here is our own mistake."""
    seen = kvm_ioctl.observe(KVM)
    outcomes = {outcome["name"]: outcome for outcome in seen["checks"]}
    for name in ("hlt", "long_mode", "paging"):
        assert outcomes[name]["right"], outcomes[name]
    assert seen["loop"]["right"]


@needs_kvm
def test_two_proofs_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    first, again = proof_with(KVM, monkeypatch), proof_with(KVM, monkeypatch)
    assert (first.reason, first.instruction, first.exit_reason) == (
        again.reason,
        again.instruction,
        again.exit_reason,
    )


@needs_kvm
def test_a_kept_proof_is_not_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INNKEEPER_STATE_DIR", str(tmp_path))
    arch = local().run(["uname", "-m"]).stdout.decode().strip()
    first = accelerator.choose(local(), "auto", arch, sys.executable)
    monkeypatch.setattr(kvm_ioctl.__name__.rpartition(".")[0] + ".kvm_proof.prove", None)
    again = accelerator.choose(local(), "auto", arch, sys.executable)
    assert first == again
    assert first.accel == ("kvm" if first.proof and first.proof.verdict == "proven" else "tcg")


def test_no_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    proof = proof_with(str(tmp_path / "kvm"), monkeypatch)
    assert (proof.verdict, proof.reason, proof.facts["device"]) == (
        "absent",
        "kvm.absent",
        str(tmp_path / "kvm"),
    )


@pytest.mark.parametrize("kind", ["null", "file", "directory", "fifo"])
def test_what_is_not_kvm(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "kvm"
    if kind == "file":
        path.write_text("")
    elif kind == "directory":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    proof = proof_with("/dev/null" if kind == "null" else str(path), monkeypatch)
    assert (proof.verdict, proof.reason) == ("absent", "kvm.not_kvm")


@needs_root
def test_permission_denied(tmp_path: Path) -> None:
    """As a user who is nobody, on a file that only its owner may open."""
    device = tmp_path / "kvm"
    device.write_text("")
    device.chmod(0o600)
    for parent in (tmp_path, *tmp_path.parents[:3]):
        if str(parent).startswith("/tmp/"):
            parent.chmod(0o755)
    argv = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    argv += ["/usr/bin/python3", "-IS", "-", str(device)]
    source = Path(kvm_ioctl.__file__).read_bytes()
    told = subprocess.run(argv, input=source, stdout=subprocess.PIPE, check=True).stdout
    assert b'"stage": "open", "error": "EACCES"' in told


def test_no_python_is_not_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python3")
    proof = prove(local())
    assert (proof.verdict, proof.reason) == ("wrong", "kvm.unprovable")


@pytest.fixture
def vcpu() -> kvm_ioctl.Vcpu:
    return kvm_ioctl.Vcpu(KVM)


@needs_kvm
def test_an_endless_loop_is_interrupted_and_the_vcpu_lives_on(vcpu: kvm_ioctl.Vcpu) -> None:
    endless = kvm_ioctl.Check("endless", (("jmp", b"\xeb\xfe"),), {})
    try:
        start = time.perf_counter()
        outcome = vcpu.run(endless, 0.1)
        assert 0.05 < time.perf_counter() - start < 1.5
        assert outcome["interrupted"]
        assert outcome["instruction"] == "jmp"
        assert vcpu.run(kvm_ioctl.HALT, 1.0)["exit"] == kvm_ioctl.EXIT_HLT
    finally:
        vcpu.close()


@needs_kvm
def test_a_fault_in_the_guest_is_seen(vcpu: kvm_ioctl.Vcpu) -> None:
    """ud2 without an interrupt table is a triple fault: KVM_EXIT_SHUTDOWN, or an internal error."""
    try:
        outcome = vcpu.run(kvm_ioctl.Check("fault", (("ud2", b"\x0f\x0b"),), {}), 1.0)
        assert outcome["exit"] in (8, 17)
        assert "right" not in outcome
    finally:
        vcpu.close()


@needs_kvm
def test_a_wrong_result_is_not_right(vcpu: kvm_ioctl.Vcpu) -> None:
    """A check under a name whose result it does not produce."""
    try:
        for name in ("long_mode", "paging", "cmpxchg16b", "xcr0", "xsave"):
            assert vcpu.run(kvm_ioctl.Check(name, (kvm_ioctl.HLT,), {}), 1.0)["right"] is False, name
    finally:
        vcpu.close()


@needs_kvm
def test_nothing_is_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    before = open_files()
    kvm_ioctl.observe(KVM)
    kvm_ioctl.observe("/dev/null")
    assert open_files() == before


@needs_kvm
@pytest.mark.parametrize("files", range(1, 4))
def test_a_setup_that_fails_half_way_leaves_nothing(files: int) -> None:
    """No room for the n-th file descriptor: KVM itself, its machine, its vCPU."""
    before = open_files()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = os.open("/dev/null", os.O_RDONLY)
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest + files - 1, hard))
    try:
        seen = kvm_ioctl.observe(KVM)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert seen["error"] == errno.errorcode[errno.EMFILE]
    assert open_files() == before
