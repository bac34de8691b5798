"""The choice between KVM and TCG, and how long a proof is believed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from innkeeper.doctor import accelerator, kvm_proof
from innkeeper.doctor.kvm_proof import KvmProof, Verdict
from innkeeper.errors import Unsupported
from innkeeper.machine import Machine, local

Told = Callable[[Verdict, str], list[str]]


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INNKEEPER_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("INNKEEPER_KVM_DEVICE", "/dev/null")
    return tmp_path / "state"


@pytest.fixture
def qemu(tmp_path: Path) -> str:
    path = tmp_path / "qemu-system-x86_64"
    path.write_text("a binary")
    return str(path)


@pytest.fixture
def proofs(monkeypatch: pytest.MonkeyPatch) -> Told:
    """Make every proof end in that verdict; the list grows with each that was made."""

    def tell(verdict: Verdict, reason: str) -> list[str]:
        made: list[str] = []

        def prove(machine: Machine) -> KvmProof:
            made.append(machine.name)
            return KvmProof(verdict=verdict, reason=reason, facts={})

        monkeypatch.setattr(kvm_proof, "prove", prove)
        return made

    return tell


def arch() -> str:
    return local().run(["uname", "-m"]).stdout.decode().strip()


def choose(wanted: accelerator.Wanted, qemu: str) -> accelerator.Choice:
    return accelerator.choose(local(), wanted, arch(), qemu)


@pytest.mark.parametrize(
    ("verdict", "auto", "kvm"),
    [
        ("proven", "kvm", "kvm"),
        ("slow", "tcg", "kvm"),
        ("unsupported_arch", "tcg", "kvm"),
        ("wrong", "tcg", None),
        ("absent", "tcg", None),
        ("denied", "tcg", None),
    ],
)
def test_choice(verdict: Verdict, auto: str, kvm: str | None, state: Path, qemu: str, proofs: Told) -> None:
    proofs(verdict, "kvm.absent")
    choice = choose("auto", qemu)
    assert (choice.accel, choice.reason_id) == (auto, "kvm.absent")
    assert choice.proof is not None
    if kvm:
        assert choose("kvm", qemu).accel == kvm
    else:
        with pytest.raises(Unsupported) as refused:
            choose("kvm", qemu)
        assert refused.value.code == "kvm.absent"
        assert refused.value.exit_code == 2


def test_tcg_asks_nobody(state: Path, proofs: Told) -> None:
    made = proofs("proven", "kvm.proven")
    assert accelerator.choose(local(), "tcg", "x86_64", "/no/such/qemu").reason_id == "kvm.asked_tcg"
    assert not made
    assert not state.exists()


def test_foreign_architecture(state: Path, qemu: str, proofs: Told) -> None:
    made = proofs("proven", "kvm.proven")
    choice = accelerator.choose(local(), "auto", "sparc64", qemu)
    assert (choice.accel, choice.reason_id, choice.facts["arch"]) == ("tcg", "kvm.foreign_arch", "sparc64")
    with pytest.raises(Unsupported) as refused:
        accelerator.choose(local(), "kvm", "sparc64", qemu)
    assert refused.value.code == "kvm.foreign_arch"
    assert not made


def test_a_kept_proof_is_believed(state: Path, qemu: str, proofs: Told) -> None:
    made = proofs("proven", "kvm.proven")
    first, again = choose("auto", qemu), choose("auto", qemu)
    assert first == again
    assert len(made) == 1
    assert (state / "kvm-proof.json").exists()


def test_a_changed_qemu_is_proven_again(state: Path, qemu: str, proofs: Told) -> None:
    made = proofs("proven", "kvm.proven")
    choose("auto", qemu)
    Path(qemu).write_text("a newer binary")
    choose("auto", qemu)
    assert len(made) == 2


@pytest.mark.parametrize(
    "changed", [b"6.1.0-42-amd64 ", b"0f8fad5b-d9cb-469f-a165-70867728950e", b"uid=", b" 660 "]
)
def test_another_boot_kernel_user_or_mode_is_proven_again(
    changed: bytes, state: Path, qemu: str, proofs: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer of the machine is changed in one place, as that event would change it."""
    made = proofs("slow", "kvm.slow")
    choose("auto", qemu)
    run = local().run

    def another(argv: list[str], **options: Any) -> Any:
        result = run(argv, **options)
        return result._replace(stdout=result.stdout.replace(b"\nkept:", changed + b"\nkept:", 1))

    monkeypatch.setattr(local(), "run", another)
    choose("auto", qemu)
    choose("auto", qemu)
    assert len(made) == 2


def test_the_key_covers_boot_kernel_user_device_and_qemu(state: Path, qemu: str) -> None:
    told = (
        local().run(["sh", "-c", accelerator.LOOK, "sh", qemu, "/dev/null", "/no/cache"], check=False).stdout
    )
    boot = Path("/proc/sys/kernel/random/boot_id").read_bytes().strip()
    kernel = Path("/proc/sys/kernel/osrelease").read_bytes().strip()
    for part in (boot, kernel, b"uid=", b"\n/dev/null ", b" 1:3 666 ", f"\n{qemu} ".encode()):
        assert part in told.partition(b"\nkept:\n")[0], part


@pytest.mark.parametrize("damage", [b"", b"{", b'{"format":2}', b"\xff" * 64, b"[]"])
def test_a_damaged_file_is_proven_again(damage: bytes, state: Path, qemu: str, proofs: Told) -> None:
    made = proofs("proven", "kvm.proven")
    choose("auto", qemu)
    (state / "kvm-proof.json").write_bytes(damage)
    assert choose("auto", qemu).accel == "kvm"
    assert choose("auto", qemu).accel == "kvm"
    assert len(made) == 2


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [
        ("absent", "kvm.absent"),
        ("denied", "kvm.denied"),
        ("wrong", "kvm.unprovable"),
        ("wrong", "kvm.in_use"),
    ],
)
def test_what_a_user_can_mend_is_not_kept(
    verdict: Verdict, reason: str, state: Path, qemu: str, proofs: Told
) -> None:
    made = proofs(verdict, reason)
    choose("auto", qemu)
    choose("auto", qemu)
    assert len(made) == 2
    assert not state.exists()


def test_a_state_directory_that_cannot_be_made_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qemu: str, proofs: Told
) -> None:
    proofs("proven", "kvm.proven")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("INNKEEPER_STATE_DIR", str(tmp_path / "file" / "state"))
    assert choose("auto", qemu).accel == "kvm"


def test_the_stored_format_of_version_1_is_still_read(state: Path, qemu: str, proofs: Told) -> None:
    """If this fails because the struct changed: raise `format`, keep this file's reading or proving again."""
    stored = (Path(__file__).parents[2] / "formats" / "kvm-proof-1.json").read_bytes()
    proof = accelerator._kept_proof(
        stored, "6d52a92b9d9d3d01bea78351988535ab2660fc2e8f6a5e6747beeeb47cce747f"
    )
    assert proof is not None
    assert (proof.verdict, proof.instruction, proof.exit_reason) == ("wrong", "cmpxchg16b", 17)
