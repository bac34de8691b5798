"""The virtual hardware of a new guest: every choice is one that the host offers, what it does not offer is refused."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from innkeeper import config
from innkeeper.doctor import accelerator
from innkeeper.errors import Invalid, Unsupported
from innkeeper.guest.making.profiles import PROFILES, Profile
from innkeeper.network import reservations
from innkeeper.schema.guest import GuestCreate
from innkeeper.schema.sizes import MIB, format_size

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.libvirtxml import DomainCapabilities
    from innkeeper.schema.image import ImageManifest

__all__ = [
    "BUSES",
    "NONE",
    "USER",
    "Machine",
    "accelerator_of",
    "choose",
    "firmwares",
    "profile_of",
    "tpm_model",
]

LEAST_MEMORY = 16 * MIB
UEFI_MEMORY = 64 * MIB
"""What UEFI takes beside the system: it keeps kernel and initrd a second time while it starts them."""
NONE, USER = "none", "user"
"""Words for a network: no card at all, and QEMU's user networking."""
_BASE_HYPERV = ("relaxed", "vapic", "spinlocks")
"""What every KVM has, for libvirt before 8.0, which does not tell."""
_HYPERV = (*_BASE_HYPERV, "vpindex", "runtime", "synic", "stimer", "reset", "frequencies", "tlbflush", "ipi")
"""Those that make Windows faster and need no more than the processor; in the order of libvirt's documents."""
BUSES = ("virtio", "scsi", "sata", "ide", "usb")


@dataclass(frozen=True)
class Machine:
    """The virtual hardware that all guests of a request share."""

    arch: str
    kind: str
    """libvirt's domain type: `kvm` or `qemu`"""
    machine: str
    firmware: str
    cpu_mode: str | None
    emulator: str
    video: str | None
    rng: bool
    bus: str
    seed_bus: str
    cpus: int
    memory: int
    networks: tuple[str, ...]
    accel_reason: str
    accel_facts: dict[str, str]
    cd_bus: str = "sata"
    card: str = "virtio"
    paravirtual: bool = True
    """a balloon and the agent's line"""
    tpm: str | None = None
    """model of an emulated TPM 2.0"""
    clock: str = "utc"
    hyperv: tuple[str, ...] = ()
    acpi: bool = True


def profile_of(request: GuestCreate, manifest: ImageManifest | None) -> tuple[str, Profile]:
    """The name of the profile, and what it wants. Windows whose installer is given the drivers gets virtio devices."""
    name = request.profile or (manifest.profile if manifest else "linux")
    wanted = PROFILES.get(name, PROFILES["linux"])
    if request.drivers and wanted.hyperv:
        wanted = replace(wanted, buses=("virtio", *wanted.buses), card="virtio")
    return name, wanted


def choose(host: Host, request: GuestCreate, manifest: ImageManifest | None) -> Machine:
    """The machine of that request.

    Raises `Unsupported("guest.arch")`, `Unsupported("guest.machine")`, and `Invalid("request.choice")` naming what is
    possible for whatever is not.
    """
    support, arch = host.support, _arch(host, request, manifest)
    emulator = support.emulator(arch)
    _name, wanted = profile_of(request, manifest)
    choice = accelerator_of(host, request.accel, arch, emulator)
    kind = "kvm" if choice.accel == "kvm" else "qemu"
    board = request.machine or wanted.board(arch)
    offered = support.domain(arch, board, kind)
    usual = wanted if kind == "kvm" or support.emulates_several_cpus else replace(wanted, cpus=1)
    firmware = _firmware(request, manifest, wanted, offered)
    bus = _bus(request, manifest, wanted, offered)
    return Machine(
        arch=arch,
        kind=kind,
        machine=offered.machine or board or "",
        firmware=firmware,
        cpu_mode=_cpu_mode(kind, offered) if wanted.best_cpu else None,
        emulator=emulator,
        video=next((model for model in wanted.videos if model in offered.video_models), None),
        rng=wanted.paravirtual and "random" in offered.rng_backends,
        bus=bus,
        seed_bus=(manifest.seed_bus if manifest else None) or bus,
        cpus=_cpus(host, request, usual, offered.max_vcpus or 1),
        memory=_memory(host, request, manifest, usual, firmware),
        networks=_networks(host, request),
        accel_reason=choice.reason_id,
        accel_facts={key: str(value) for key, value in choice.facts.items()},
        cd_bus=next((one for one in wanted.cd_buses(arch) if one in offered.disk_buses), "scsi"),
        card=wanted.card,
        paravirtual=wanted.paravirtual,
        tpm=_tpm(request, wanted, offered),
        clock=wanted.clock,
        hyperv=_hyperv(kind, offered) if wanted.hyperv else (),
        acpi=request.acpi,
    )


def _arch(host: Host, request: GuestCreate, manifest: ImageManifest | None) -> str:
    support = host.support
    arch = request.arch or (manifest.arch if manifest else support.arch)
    if arch not in support.guest_arches:
        raise Unsupported("guest.arch", arch=arch, choices=", ".join(support.guest_arches))
    return arch


def accelerator_of(host: Host, wanted: accelerator.Wanted, arch: str, emulator: str) -> accelerator.Choice:
    """The accelerator of a guest there. Raises `Unsupported` with the reason why not `kvm`, when that is wanted."""
    if host.machine is not None:
        return accelerator.choose(host.machine, wanted, arch, emulator)
    if wanted == "kvm":
        raise Unsupported("guest.accel_unproven", uri=host.uri)
    return accelerator.Choice(accel="tcg", reason_id="guest.accel_unproven", facts={"uri": host.uri})


def _cpus(host: Host, request: GuestCreate, wanted: Profile, most: int) -> int:
    there, _ = host.virt.node()
    cpus = request.cpus or min(wanted.cpus, there)
    if cpus > most:
        raise Invalid("request.number", what="--cpus", value=cpus, least=1, most=most)
    return cpus


def _memory(
    host: Host, request: GuestCreate, manifest: ImageManifest | None, wanted: Profile, firmware: str
) -> int:
    usual = wanted.media_memory if request.iso or request.location or request.pxe else wanted.memory
    least = LEAST_MEMORY
    if manifest and manifest.min_memory:
        least = max(least, manifest.min_memory + (UEFI_MEMORY if firmware != "bios" else 0))
    memory = request.memory or max((manifest and manifest.default_memory) or usual, least)
    if memory < least:
        raise Invalid("guest.memory_small", memory=format_size(memory), least=format_size(least))
    _, there = host.virt.node()
    if memory > there and not request.overcommit:
        raise Invalid("guest.memory_host", memory=format_size(memory), host=format_size(there))
    return memory


def _bus(
    request: GuestCreate, manifest: ImageManifest | None, wanted: Profile, offered: DomainCapabilities
) -> str:
    """An image's disk goes on a bus that its system knows; whoever brings a system may choose any that is there."""
    known = manifest.disk_buses if manifest and manifest.disk_buses else BUSES
    possible = [bus for bus in known if bus in offered.disk_buses]
    if request.bus:
        _refuse_other("--bus", request.bus, possible)
        return request.bus
    preferred = known if manifest and manifest.disk_buses else wanted.buses
    return next((bus for bus in preferred if bus in possible), "virtio")


def _firmware(
    request: GuestCreate, manifest: ImageManifest | None, wanted: Profile, offered: DomainCapabilities
) -> str:
    possible = firmwares(offered)
    if manifest and manifest.firmware:
        possible = [one for one in possible if one.partition("-")[0] in manifest.firmware]
    if request.firmware:
        _refuse_other("--firmware", request.firmware, possible)
        return request.firmware
    order = [one for one in wanted.firmware if one in possible] + possible
    return order[0] if order else "bios"


def firmwares(offered: DomainCapabilities) -> list[str]:
    """What a guest can boot by."""
    possible = ["bios"] if offered.arch in ("x86_64", "i686") else []
    if "efi" in offered.firmwares:
        possible += ["uefi", "uefi-secure"] if offered.secure_boot else ["uefi"]
    return possible


def _refuse_other(option: str, value: str, possible: list[str]) -> None:
    if value not in possible:
        raise Invalid("request.choice", what=option, value=value, choices=", ".join(possible) or "-")


def _cpu_mode(kind: str, offered: DomainCapabilities) -> str | None:
    """The best CPU there is: all of the host's under KVM, all that TCG can do under TCG."""
    wanted = ("host-passthrough", "host-model") if kind == "kvm" else ("maximum", "host-model")
    return next((mode for mode in wanted if mode in offered.cpu_modes), None)


def _tpm(request: GuestCreate, wanted: Profile, offered: DomainCapabilities) -> str | None:
    """The model of its TPM. Raises `Unsupported("guest.no_tpm")`."""
    if request.tpm is False or (request.tpm is None and not wanted.tpm):
        return None
    model = tpm_model(offered)
    if request.tpm and model is None:
        raise Unsupported("guest.no_tpm", arch=offered.arch or "-", machine=offered.machine or "-")
    return model


def tpm_model(offered: DomainCapabilities) -> str | None:
    """The model of a TPM 2.0 that is emulated here. libvirt offers the emulator where it finds swtpm
    (src/util/virtpm.c)."""
    versions = offered.tpm_versions or ("2.0",)  # libvirt before 8.6 tells none
    models = [model for model in ("tpm-crb", "tpm-tis", "tpm-spapr") if model in offered.tpm_models]
    return models[0] if models and "emulator" in offered.tpm_backends and "2.0" in versions else None


def _hyperv(kind: str, offered: DomainCapabilities) -> tuple[str, ...]:
    """Only KVM shows Windows a Hyper-V."""
    if kind != "kvm":
        return ()
    there = offered.hyperv_features or _BASE_HYPERV
    return tuple(feature for feature in _HYPERV if feature in there)


def _networks(host: Host, request: GuestCreate) -> tuple[str, ...]:
    if request.networks == (NONE,):
        if request.ip:
            raise Invalid("request.needs", first="--ip", second="a --network")
        if request.pxe:
            raise Invalid("request.together", first="--pxe", second="--network none")
        return ()
    networks = request.networks or ((config.get("network"),) if host.support.bridges else (USER,))
    for name in networks:
        if name == USER:
            continue
        if not host.support.bridges:
            raise Unsupported("network.no_bridge", name=name)
        reservations.ready(host, name)
    for option, given in (("--ip", request.ip), ("--pxe", request.pxe)):
        if given and networks[0] == USER:
            raise Invalid("request.together", first=option, second="--network user")
    return networks
