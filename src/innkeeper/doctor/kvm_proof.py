"""Is KVM to be trusted on this machine? Code is run in it, and what came out is judged.

`kvm_ioctl.py` is what runs: sent as text to a Python on the machine whose QEMU will run the guest, here and
over ssh in the same way. This module reads its observation and gives a verdict, with the figures that led
to it.
"""

from __future__ import annotations

import os
import sys
from typing import Literal

import msgspec

from innkeeper.errors import InnkeeperError
from innkeeper.machine import LocalMachine, Machine, local

__all__ = ["KvmProof", "Observation", "Outcome", "device", "judge", "prove"]

Verdict = Literal["proven", "absent", "denied", "wrong", "slow", "unsupported_arch"]
Fact = str | int | float

SLOW_FACTOR = 10
"""QEMU's translator (TCG) takes about ten times the processor's own time for a loop: slower is no gain."""
ASSUMED_BARE_MS = 0.05
"""Milliseconds for the loop of 100,000 turns on a processor of about 3 GHz, where it cannot be measured."""
TIME_LIMIT = 20.0
"""Seconds for the whole proof; one takes 0.15. Only a kernel that sits on a signal comes near it."""

EXIT_HLT = 5
EXIT_NAMES = {
    0: "UNKNOWN",
    1: "EXCEPTION",
    2: "IO",
    6: "MMIO",
    8: "SHUTDOWN",
    9: "FAIL_ENTRY",
    10: "INTR",
    17: "INTERNAL_ERROR",
}
"""KVM_EXIT_… of Linux `include/uapi/linux/kvm.h`, as far as our code can end in them."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What one piece of code did; `exit` is missing when the vCPU was interrupted or KVM_RUN refused."""

    name: str
    ms: float
    cpu_ms: float = 0.0
    exit: int | None = None
    suberror: int | None = None
    error: str = ""
    interrupted: bool = False
    right: bool = False
    instruction: str = "unknown"


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """What `kvm_ioctl.py` prints. `stage` is where it ended: `done`, `arch`, or the part that was refused."""

    format: Literal[1]
    arch: str
    device: str
    stage: str
    error: str = ""
    skipped: tuple[str, ...] = ()
    checks: tuple[Outcome, ...] = ()
    hlt_ms: float | None = None
    bare_ms: float | None = None
    loop: Outcome | None = None
    total_ms: float = 0.0


class KvmProof(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict, the message that says why (`reason` with `facts`), and the figures.

    Milliseconds: `exit_ms` from entering the guest to its `hlt` seen (median of five), `loop_ms` for
    100,000 turns in the guest, `bare_ms` for the same on the processor itself. `exit_reason` and `suberror`
    are KVM's numbers for the first piece of code that went wrong, `instruction` where it stopped.
    `skipped`: not offered by CPUID.
    """

    verdict: Verdict
    reason: str
    facts: dict[str, Fact]
    exit_ms: float | None = None
    loop_ms: float | None = None
    bare_ms: float | None = None
    instruction: str | None = None
    exit_reason: int | None = None
    suberror: int | None = None
    skipped: tuple[str, ...] = ()
    total_ms: float = 0.0


def device() -> str:
    """/dev/kvm, or what INNKEEPER_KVM_DEVICE names: so that the faults of a device can be tried for real."""
    return os.environ.get("INNKEEPER_KVM_DEVICE") or "/dev/kvm"


def prove(machine: Machine) -> KvmProof:
    """Run code in a vCPU of that machine, now. About 0.15 s, never more than `TIME_LIMIT`; raises nothing.

    That it could not be tried (no Python there, no answer) is a verdict too: not proven is not trusted.
    """
    python = (sys.executable or "python3") if isinstance(machine, LocalMachine) else "python3"
    source = local().files.read(os.path.join(os.path.dirname(__file__), "kvm_ioctl.py"))
    try:
        result = machine.run([python, "-IS", "-", device()], input=source, check=False, timeout=TIME_LIMIT)
    except InnkeeperError as error:
        return _unprovable(str(error))
    if result.status != 0:
        return _unprovable(result.last_line or f"status {result.status}")
    try:
        return judge(msgspec.json.decode(result.stdout, type=Observation))
    except msgspec.DecodeError as error:
        return _unprovable(str(error))


def judge(seen: Observation) -> KvmProof:
    """The verdict on an observation. Wrong weighs more than slow: a fast machine that dies is no use."""
    if seen.stage != "done":
        verdict, reason, facts = _refused(seen)
        return KvmProof(verdict=verdict, reason=reason, facts=facts, total_ms=seen.total_ms)
    bad = next((outcome for outcome in seen.checks if not outcome.right), None)
    loop_ms = _loop_ms(seen.loop) if seen.loop else None
    bare_ms = seen.bare_ms or ASSUMED_BARE_MS
    if bad is None and seen.loop and not seen.loop.right and not seen.loop.interrupted:
        bad = seen.loop
    if bad or not seen.checks or loop_ms is None:
        verdict, reason, facts = "wrong", *_why_wrong(bad)
    elif loop_ms > SLOW_FACTOR * bare_ms:
        verdict, reason = "slow", "kvm.slow"
        facts = {"loop_ms": loop_ms, "factor": round(loop_ms / bare_ms), "tcg": SLOW_FACTOR}
    else:
        verdict, reason, facts = "proven", "kvm.proven", {"loop_ms": loop_ms, "exit_ms": seen.hlt_ms or 0.0}
    return KvmProof(
        verdict=verdict,
        reason=reason,
        facts=facts,
        exit_ms=seen.hlt_ms,
        loop_ms=loop_ms,
        bare_ms=seen.bare_ms,
        instruction=bad.instruction if bad else None,
        exit_reason=bad.exit if bad else None,
        suberror=bad.suberror if bad else None,
        skipped=seen.skipped,
        total_ms=seen.total_ms,
    )


def _loop_ms(loop: Outcome) -> float:
    """The smaller of wall and CPU time: a busy host must not make KVM look slow."""
    return min(loop.ms, loop.cpu_ms) if loop.cpu_ms > 0 and not loop.interrupted else loop.ms


def _refused(seen: Observation) -> tuple[Verdict, str, dict[str, Fact]]:
    """KVM was not reached, or would not set up a machine. Errors: open(2), Documentation/virt/kvm/api.rst."""
    where: dict[str, Fact] = {"device": seen.device}
    if seen.stage == "arch":
        return "unsupported_arch", "kvm.unproven_arch", {"arch": seen.arch}
    if seen.stage == "open" and seen.error in ("EACCES", "EPERM"):
        return "denied", "kvm.denied", where
    if seen.stage == "open" and seen.error in ("ENODEV", "ENXIO"):
        return "absent", "kvm.no_hardware", where
    if seen.stage == "open" and seen.error == "ENOENT":
        return "absent", "kvm.absent", where
    if seen.stage in ("open", "api"):
        return "absent", "kvm.not_kvm", {**where, "error": seen.error}
    if seen.stage == "vm" and seen.error == "EBUSY":
        return "wrong", "kvm.in_use", where
    return "wrong", "kvm.setup_refused", {"stage": seen.stage, "error": seen.error}


def _why_wrong(bad: Outcome | None) -> tuple[str, dict[str, Fact]]:
    if bad is None:
        return "kvm.unprovable", {"detail": "nothing was run"}
    if bad.interrupted:
        return "kvm.hangs", {"check": bad.name, "seconds": round(bad.ms / 1000, 1)}
    if bad.exit == EXIT_HLT:
        return "kvm.wrong_result", {"check": bad.name}
    ended = f"KVM_EXIT_{EXIT_NAMES.get(bad.exit, str(bad.exit))}" if bad.exit is not None else bad.error
    if bad.suberror is not None:
        ended = f"{ended}, suberror {bad.suberror}"
    return "kvm.wrong_instruction", {"instruction": bad.instruction, "check": bad.name, "ended": ended}


def _unprovable(detail: str) -> KvmProof:
    return KvmProof(verdict="wrong", reason="kvm.unprovable", facts={"detail": detail})
