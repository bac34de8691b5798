"""Which accelerator a guest gets: `kvm` where it is proven, else `tcg`, and always the reason.

The proof is kept on the machine it was made on, in `kvm-proof.json` of Innkeeper's state directory, for as
long as the boot, the kernel, the QEMU binary and the device's permissions are the same. Refusals of the
device are not kept: they are quick to find again, and end when somebody loads the module or joins the group.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from typing import Literal, get_args

import msgspec

from innkeeper.doctor import kvm_proof
from innkeeper.doctor.kvm_proof import Fact, KvmProof, Verdict
from innkeeper.errors import Denied, Failed, NotFound, Unsupported
from innkeeper.machine import Machine

__all__ = ["Choice", "Wanted", "choose"]

Wanted = Literal["auto", "kvm", "tcg"]

KEPT: tuple[Verdict, ...] = ("proven", "wrong", "slow")
ALSO_RUNS = {"x86_64": ("i686",), "ppc64le": ("ppc64",)}
"""Architectures that a processor's KVM runs beside its own."""
LOOK = """uname -mr; id; stat -L -c '%n %Y %s %t:%T %a %u:%g' -- "$1" "$2"
cat /proc/sys/kernel/random/boot_id - "$3" <<'end'
kept:
end
"""


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """The accelerator, the message that says why (`reason_id` with `facts`), the proof if one was needed."""

    accel: Literal["kvm", "tcg"]
    reason_id: str
    facts: dict[str, Fact]
    proof: KvmProof | None = None


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    """The stored file. A change of its shape is a new `format`; an older one is proven again."""

    format: Literal[1] = 1
    key: str
    proof: KvmProof


def choose(machine: Machine, wanted: Wanted, arch: str, qemu_binary: str) -> Choice:
    """The accelerator for a guest of `arch` (libvirt's name: x86_64 …) run by `qemu_binary` on `machine`.

    `auto` never fails. Asked-for `kvm` is taken when it is merely slow, or on a processor that this proof
    was not written for (the reason says so), and refused with `Unsupported(<the proof's reason>)` when it
    is absent, denied or wrong, or when `arch` is foreign.
    """
    assert wanted in get_args(Wanted)
    if wanted == "tcg":
        return Choice(accel="tcg", reason_id="kvm.asked_tcg", facts={})
    host_arch, key, kept = _look(machine, qemu_binary)
    if arch != host_arch and arch not in ALSO_RUNS.get(host_arch, ()):
        facts: dict[str, Fact] = {"arch": arch, "host_arch": host_arch}
        if wanted == "kvm":
            raise Unsupported("kvm.foreign_arch", **facts)
        return Choice(accel="tcg", reason_id="kvm.foreign_arch", facts=facts)
    proof = _kept_proof(kept, key)
    if proof is None:
        proof = kvm_proof.prove(machine)
        if proof.verdict in KEPT and proof.reason not in ("kvm.unprovable", "kvm.in_use"):
            _keep(machine, key, proof)
    return _decide(wanted, proof)


def _decide(wanted: Wanted, proof: KvmProof) -> Choice:
    if proof.verdict == "proven" or (wanted == "kvm" and proof.verdict in ("slow", "unsupported_arch")):
        return Choice(accel="kvm", reason_id=proof.reason, facts=proof.facts, proof=proof)
    if wanted == "kvm":
        raise Unsupported(proof.reason, **proof.facts)
    return Choice(accel="tcg", reason_id=proof.reason, facts=proof.facts, proof=proof)


def _cache(machine: Machine) -> str:
    return os.path.join(machine.state_dir, "kvm-proof.json")


def _look(machine: Machine, qemu_binary: str) -> tuple[str, str, bytes]:
    """The host's architecture, the key of all that a proof depends on, the kept proof: one round trip."""
    argv = ["sh", "-c", LOOK, "sh", qemu_binary, kvm_proof.device(), _cache(machine)]
    seen, _, kept = machine.run(argv, check=False, timeout=30).stdout.partition(b"\nkept:\n")
    release, _, host_arch = seen.partition(b"\n")[0].decode(errors="replace").rpartition(" ")
    assert release, "uname(1) prints the kernel's release and the architecture"
    return host_arch, hashlib.sha256(seen).hexdigest(), kept


def _kept_proof(kept: bytes, key: str) -> KvmProof | None:
    try:
        stored = msgspec.json.decode(kept, type=_Kept)
    except msgspec.DecodeError:
        return None  # missing, cut short or of another time: proven again
    return stored.proof if stored.key == key else None


def _keep(machine: Machine, key: str, proof: KvmProof) -> None:
    data = msgspec.json.format(msgspec.json.encode(_Kept(key=key, proof=proof)))
    # Keeping it only saves time: a state directory that cannot be written must not stop a guest.
    with contextlib.suppress(Denied, Failed, NotFound):
        machine.files.make_dir(machine.state_dir)
        machine.files.write(_cache(machine), data)
