"""What a new guest on a host can have, and why not the rest: what `guest.create` decides by, told beforehand."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from innkeeper import config
from innkeeper.errors import InnkeeperError, Unsupported
from innkeeper.guest.making import hardware
from innkeeper.guest.making.profiles import PROFILES
from innkeeper.guest.running import admission
from innkeeper.libvirtxml import Pool
from innkeeper.schema.guest import GuestCreate
from innkeeper.schema.host_support import HostSupport, MachineType, Offer, ProfileOffer, SupportView
from innkeeper.verbs import Plan, Verb
from innkeeper.virt import booting, networks, storage

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.libvirtxml import DomainCapabilities
    from innkeeper.operation import Operation

__all__ = ["VERBS", "view"]

ARCHES = ("x86_64", "aarch64", "riscv64", "ppc64le", "s390x", "i686", "armv7l")
"""Told of also where the host has no emulator for them."""
PROGRAMS = {"ppc64le": "ppc64", "i686": "i386", "armv7l": "arm"}
"""libvirt's name of an architecture → QEMU's, where they differ"""
FILES = ("dir", "fs", "netfs")
"""Kinds of pools whose volumes are files, as disks of new guests are."""


def view(host: Host, request: HostSupport) -> SupportView:
    """Raises `Unsupported("guest.arch")`, `Unsupported("guest.machine")`, and why `kvm`, when asked for, cannot be."""
    support = host.support
    arch = request.arch or support.arch
    if arch not in support.guest_arches:
        raise Unsupported("guest.arch", arch=arch, choices=", ".join(support.guest_arches))
    choice = hardware.accelerator_of(host, request.accel, arch, support.emulator(arch))
    machine = request.machine or PROFILES["linux"].board(arch)
    offered = support.domain(arch, machine, "kvm" if choice.accel == "kvm" else "qemu")
    cpus, memory = host.virt.node()
    usual = _usual(host, request, arch)
    left = memory - admission.reserve(memory) - booting.promised_memory(host.virt)
    return SupportView(
        host=host.virt.host_name,
        uri=host.uri,
        arch=arch,
        machine=machine or offered.machine or "",
        accel=choice.accel,
        accel_reason=choice.reason_id,
        accel_facts={key: str(value) for key, value in choice.facts.items()},
        cpus=cpus,
        max_cpus=offered.max_vcpus or 1,
        memory=memory,
        memory_left=max(left, 0),
        sources=_sources(host),
        arches=_arches(host),
        machines=_machines(host, arch, choice.accel, machine),
        accels=_accels(host, arch, choice.accel),
        firmwares=_firmwares(offered, arch, usual.firmware if usual else None),
        tpm=_tpm(offered, arch),
        buses=_buses(offered, arch, usual.bus if usual else None),
        networks=_networks(host),
        pools=_pools(host),
        profiles=tuple(_profile(host, request, arch, name) for name in PROFILES),
    )


def _facts(error: InnkeeperError) -> dict[str, str]:
    return {key: str(value) for key, value in error.facts.items()}


def _no(name: str, reason: str, /, **facts: str | None) -> Offer:
    return Offer(
        name=name, possible=False, reason=reason, facts={key: value or "-" for key, value in facts.items()}
    )


def _tried(name: str, attempt: Callable[[], object], usual: bool = False) -> Offer:
    """Possible, unless the attempt is refused; then for that reason."""
    try:
        attempt()
    except InnkeeperError as error:
        return Offer(name=name, possible=False, reason=error.code, facts=_facts(error))
    return Offer(name=name, possible=True, usual=usual)


def _asked(request: HostSupport, arch: str, profile: Any) -> GuestCreate:
    """A guest of that profile for which nothing else is said."""
    return GuestCreate(
        name="new",
        networks=(hardware.NONE,),
        overcommit=True,
        arch=arch,
        machine=request.machine,
        accel=request.accel,
        profile=profile,
    )


def _usual(host: Host, request: HostSupport, arch: str) -> hardware.Machine | None:
    try:
        return hardware.choose(host, _asked(request, arch, "linux"), None)
    except InnkeeperError:
        return None  # each profile tells why


def _sources(host: Host) -> tuple[Offer, ...]:
    uri = host.uri
    far = host.machine is None
    offers = [Offer(name="image", possible=True, usual=True), Offer(name="iso", possible=True)]
    offers.append(Offer(name="location", possible=True))
    offers.append(
        Offer(name="pxe", possible=True)
        if host.support.bridges
        else _no("pxe", "support.no_netboot", uri=uri)
    )
    for name in ("disk", "bundle"):
        offers.append(_no(name, "support.no_machine", uri=uri) if far else Offer(name=name, possible=True))
    return tuple(offers)


def _arches(host: Host) -> tuple[Offer, ...]:
    there, own = host.support.guest_arches, host.support.arch
    known = dict.fromkeys((own, *ARCHES, *there))
    return tuple(
        Offer(name=arch, possible=True, usual=arch == own)
        if arch in there
        else _no(arch, "support.no_emulator", arch=arch, program=f"qemu-system-{PROGRAMS.get(arch, arch)}")
        for arch in known
    )


def _machines(host: Host, arch: str, accel: str, usual: str | None) -> tuple[MachineType, ...]:
    """Those of the accelerator, where they differ; names that stand for others first, then the newest."""
    guest = host.support.capabilities.guest(arch)
    if guest is None:
        return ()
    kind = "kvm" if accel == "kvm" else "qemu"
    domain = next((one for one in guest.domains if one.type == kind and list(one.machines)), None)
    rows = [
        MachineType(
            name=one.name or "",
            alias_of=one.canonical,
            max_cpus=one.max_cpus,
            deprecated=bool(one.deprecated),
            usual=one.name == usual,
        )
        for one in (domain.machines if domain else guest.machines)
    ]
    return tuple(sorted(rows, key=_place))


def _place(row: MachineType) -> tuple[object, ...]:
    """`pc-q35-10.0` before `pc-q35-9.2`."""
    family, _, version = row.name.rpartition("-")
    numbers = tuple(-int(number) for number in re.findall(r"\d+", version))
    return (not row.usual, row.alias_of is None, row.deprecated, family, numbers, version)


def _accels(host: Host, arch: str, chosen: str) -> tuple[Offer, ...]:
    emulator = host.support.emulator(arch)
    kvm = _tried("kvm", lambda: hardware.accelerator_of(host, "kvm", arch, emulator), usual=chosen == "kvm")
    return (kvm, Offer(name="tcg", possible=True, usual=chosen == "tcg"))


def _firmwares(offered: DomainCapabilities, arch: str, usual: str | None) -> tuple[Offer, ...]:
    there = hardware.firmwares(offered)
    missing: dict[str, tuple[str, dict[str, str | None]]] = {
        "bios": ("support.no_bios", {"arch": arch}),
        "uefi": ("support.no_uefi", {"arch": arch, "machine": offered.machine}),
        "uefi-secure": ("support.no_secure_boot", {"arch": arch, "machine": offered.machine}),
    }
    return tuple(
        Offer(name=name, possible=True, usual=name == usual) if name in there else _no(name, reason, **facts)
        for name, (reason, facts) in missing.items()
    )


def _tpm(offered: DomainCapabilities, arch: str) -> Offer:
    if hardware.tpm_model(offered):
        return Offer(name="2.0", possible=True)
    return _no("2.0", "support.no_tpm", arch=arch, machine=offered.machine)


def _buses(offered: DomainCapabilities, arch: str, usual: str | None) -> tuple[Offer, ...]:
    return tuple(
        Offer(name=bus, possible=True, usual=bus == usual)
        if bus in offered.disk_buses
        else _no(bus, "support.no_bus", bus=bus, machine=offered.machine, arch=arch)
        for bus in hardware.BUSES
    )


def _networks(host: Host) -> tuple[Offer, ...]:
    """libvirt's networks, the usual one first."""
    bridges = host.support.bridges
    usual = config.get("network") if bridges else hardware.USER
    offers = []
    for network in networks.networks(host.virt) if bridges else ():
        if network.active:
            offers.append(Offer(name=network.name, possible=True, usual=network.name == usual))
        else:
            offers.append(_no(network.name, "network.inactive", name=network.name))
    offers.sort(key=lambda offer: not offer.usual)
    return (
        *offers,
        Offer(name=hardware.USER, possible=True, usual=usual == hardware.USER),
        Offer(name=hardware.NONE, possible=True),
    )


def _pools(host: Host) -> tuple[Offer, ...]:
    usual = config.get("pool")
    offers = []
    for pool in storage.pools(host.virt):
        kind = Pool.from_xml(pool.xml()).type or "-"
        if kind not in FILES:
            offers.append(_no(pool.name, "support.pool_kind", name=pool.name, kind=kind))
        elif not pool.active:
            offers.append(_no(pool.name, "pool.inactive", name=pool.name))
        else:
            offers.append(Offer(name=pool.name, possible=True, usual=pool.name == usual))
    return tuple(sorted(offers, key=lambda offer: not offer.usual))


def _profile(host: Host, request: HostSupport, arch: str, name: str) -> ProfileOffer:
    wanted = PROFILES[name]
    try:
        machine = hardware.choose(host, _asked(request, arch, name), None)
    except InnkeeperError as error:
        return ProfileOffer(name=name, possible=False, reason=error.code, facts=_facts(error))
    return ProfileOffer(
        name=name,
        possible=True,
        usual=name == "linux",
        cpus=machine.cpus,
        memory=machine.memory,
        media_memory=wanted.media_memory,
        disk_size=wanted.disk_size,
        firmware=machine.firmware,  # type: ignore[arg-type]  # of these three words
        bus=machine.bus,
        tpm=machine.tpm is not None,
    )


def _check(_host: Host, _request: HostSupport) -> None:
    """Looking is always allowed."""


def _run(host: Host, request: HostSupport, _operation: Operation) -> SupportView:
    return view(host, request)


def _plan(host: Host, request: HostSupport, _decided: None) -> Plan:
    arch = request.arch or host.support.arch
    machine = request.machine or PROFILES["linux"].board(arch)
    capabilities = f"virsh domcapabilities --arch {arch}" + (f" --machine {machine}" if machine else "")
    commands = ["virsh capabilities", capabilities, "virsh pool-list --all", "virsh net-list --all"]
    return Plan(["tell what a guest can have"], {}, commands)


VERBS = {
    "host.support": Verb(
        "host.support", HostSupport, SupportView, _check, _run, target=lambda _: "", plan=_plan
    ),
}
