"""Observations of every kind of host, and the verdict each must get."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import msgspec
import pytest

from innkeeper import messages
from innkeeper.doctor import kvm_ioctl, kvm_proof
from innkeeper.doctor.kvm_proof import KvmProof, Observation, judge

GOOD = {"ms": 0.02, "cpu_ms": 0.02, "exit": 5, "right": True, "instruction": "hlt"}
NAMES = ("hlt", "long_mode", "paging", "cmpxchg16b", "xcr0", "xsave")


def seen(loop: dict[str, Any] | None = None, **changed: dict[str, Any]) -> Observation:
    """What a host with working VT-x prints, with some of its outcomes changed."""
    checks = [{"name": name, **GOOD, **changed.get(name, {})} for name in NAMES]
    return msgspec.convert(
        {
            "format": 1,
            "arch": "x86_64",
            "device": "/dev/kvm",
            "stage": "done",
            "checks": checks,
            "hlt_ms": 0.01,
            "bare_ms": 0.05,
            "loop": {"name": "loop", **GOOD, "ms": 0.06, "cpu_ms": 0.06, **(loop or {})},
        },
        Observation,
    )


def stopped(stage: str, error: str = "") -> Observation:
    return Observation(format=1, arch="x86_64", device="/dev/kvm", stage=stage, error=error)


def verdict(proof: KvmProof) -> tuple[str, str]:
    return proof.verdict, proof.reason


def test_working_host_is_proven_with_figures() -> None:
    proof = judge(seen())
    assert verdict(proof) == ("proven", "kvm.proven")
    assert (proof.exit_ms, proof.loop_ms, proof.bare_ms) == (0.01, 0.06, 0.05)
    assert proof.instruction is None


@pytest.mark.parametrize(
    ("stage", "error", "expected"),
    [
        ("open", "ENOENT", ("absent", "kvm.absent")),
        ("open", "EACCES", ("denied", "kvm.denied")),
        ("open", "EPERM", ("denied", "kvm.denied")),
        ("open", "ENODEV", ("absent", "kvm.no_hardware")),
        ("open", "ENXIO", ("absent", "kvm.no_hardware")),
        ("open", "EISDIR", ("absent", "kvm.not_kvm")),
        ("api", "ENOTTY", ("absent", "kvm.not_kvm")),
        ("vm", "EBUSY", ("wrong", "kvm.in_use")),
        ("vcpu", "EINVAL", ("wrong", "kvm.setup_refused")),
        ("arch", "", ("unsupported_arch", "kvm.unproven_arch")),
    ],
)
def test_kvm_that_is_not_reached(stage: str, error: str, expected: tuple[str, str]) -> None:
    assert verdict(judge(stopped(stage, error))) == expected


def test_instruction_that_the_emulator_lacks() -> None:
    broken = {"exit": 17, "suberror": 1, "right": False, "instruction": "cmpxchg16b"}
    proof = judge(seen(cmpxchg16b=broken, loop={"ms": 52.0, "cpu_ms": 52.0}))
    assert verdict(proof) == ("wrong", "kvm.wrong_instruction")
    assert (proof.instruction, proof.exit_reason, proof.suberror, proof.loop_ms) == (
        "cmpxchg16b",
        17,
        1,
        52.0,
    )
    assert proof.facts["ended"] == "KVM_EXIT_INTERNAL_ERROR, suberror 1"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"exit": 8, "right": False}, "kvm.wrong_instruction"),
        ({"right": False}, "kvm.wrong_result"),
        ({"exit": None, "error": "EFAULT", "right": False}, "kvm.wrong_instruction"),
        ({"exit": None, "error": "EINTR", "interrupted": True, "right": False}, "kvm.hangs"),
    ],
)
@pytest.mark.parametrize("check", NAMES)
def test_every_check_counts(check: str, changed: dict[str, Any], reason: str) -> None:
    assert verdict(judge(seen(**{check: changed}))) == ("wrong", reason)


@pytest.mark.parametrize(
    ("loop", "expected"),
    [
        ({"ms": 0.49, "cpu_ms": 0.49}, "proven"),
        ({"ms": 0.51, "cpu_ms": 0.51}, "slow"),
        ({"ms": 52.0, "cpu_ms": 0.06}, "proven"),  # the host was busy: only CPU time counts
        ({"ms": 500.0, "cpu_ms": 0.0, "exit": None, "interrupted": True, "right": False}, "slow"),
        ({"ms": 0.06, "exit": 8, "right": False}, "wrong"),
    ],
)
def test_the_timed_loop(loop: dict[str, Any], expected: str) -> None:
    assert judge(seen(loop)).verdict == expected


def test_nothing_run_is_not_proven() -> None:
    assert verdict(judge(stopped("done"))) == ("wrong", "kvm.unprovable")


def test_every_reason_has_its_words_in_both_languages() -> None:
    source = (
        Path(kvm_proof.__file__).read_text()
        + Path(kvm_proof.__file__).with_name("accelerator.py").read_text()
    )
    constants = {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)}
    reasons = {value for value in constants if isinstance(value, str) and value.startswith("kvm.")}
    assert len(reasons) > 10
    for reason in reasons:
        for language in messages.LANGUAGES:
            assert messages.has(reason, language), (reason, language)
            assert reason in ("kvm.proven", "kvm.asked_tcg") or messages.has(f"{reason}.remedy", language), (
                reason
            )


def test_the_script_runs_on_the_pythons_of_old_hosts() -> None:
    ast.parse(Path(kvm_ioctl.__file__).read_text(), feature_version=(3, 6))
