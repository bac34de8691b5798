"""What a guest is: its document and its present run, as a view."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from msgspec.structs import replace

from innkeeper.guest import addresses, metadata
from innkeeper.guest.naming import find
from innkeeper.guest.running.waiting import log_path
from innkeeper.libvirtxml import Domain
from innkeeper.libvirtxml.devices.channel import AGENT
from innkeeper.libvirtxml.devices.disk import Disk as DiskElement
from innkeeper.schema.guest import Disk, GuestShow, GuestView, Nic
from innkeeper.schema.names import DELETED, unmark
from innkeeper.verbs import Plan, Verb
from innkeeper.virt import changes, storage

if TYPE_CHECKING:
    from innkeeper.guest.within.inside import Question
    from innkeeper.host import Host
    from innkeeper.operation import Operation
    from innkeeper.virt import domains

__all__ = ["VERBS", "view"]

ACCELERATORS = {"kvm": "kvm", "qemu": "tcg"}
"""libvirt's domain type → accelerator"""


def view(host: Host, domain: domains.Domain) -> GuestView:
    """What is known of it from outside."""
    active = domain.active
    return _view(host, domain, Domain.from_xml(domain.xml(live=active)), active)


def _view(host: Host, domain: domains.Domain, document: Domain, active: bool) -> GuestView:
    facts = metadata.read(document)
    name, kind, when = unmark(domain.name)
    return GuestView(
        name=name if kind == DELETED else domain.name,
        uuid=domain.uuid,
        state="deleted" if kind == DELETED else _state(domain, active),
        state_reason=changes.reason(domain),
        cpus=document.current_vcpus or document.vcpus or 1,
        max_cpus=document.vcpus if document.current_vcpus not in (None, document.vcpus) else None,
        memory=document.current_memory or document.memory or 0,
        max_memory=document.memory if document.current_memory not in (None, document.memory) else None,
        arch=document.os.arch or "",
        machine=document.os.machine or "",
        firmware=_firmware(document),
        accel=ACCELERATORS.get(document.type or "", document.type or ""),
        accel_reason=facts.accel_reason,
        accel_facts=facts.accel_facts,
        autostart=domain.autostart,
        disks=tuple(_disk(host, disk) for disk in document.devices.disks),
        nics=_nics(document, domain, active),
        image=facts.image,
        user=facts.user,
        login=facts.login or "ssh",
        profile=facts.profile,
        created=float(facts.created) if facts.created else None,
        operation=facts.operation,
        title=document.title,
        devices=_kinds(document),
        serial_log=log_path(document),
        graphics=_graphics(document, active),
        deleted=when if kind == DELETED else None,
        notes=document.description,
        labels=facts.labels,
        protected=facts.protected == "yes",
        start_order=metadata.number(facts.start_order),
        start_delay=metadata.number(facts.start_delay),
    )


def _state(domain: domains.Domain, active: bool) -> str:
    """One whose memory is saved is off and yet not stopped."""
    return "saved" if not active and domain.saved else domain.state


def _kinds(document: Domain) -> dict[str, int]:
    kinds: dict[str, int] = {}
    for device in document.devices:
        kinds[device.kind] = kinds.get(device.kind, 0) + 1
    return kinds


def _firmware(document: Domain) -> str:
    if document.os.firmware != "efi" and document.os.loader_type != "pflash":
        return "bios"
    secure = any(
        feature.name == "secure-boot" and feature.enabled for feature in document.os.firmware_features
    )
    return "uefi-secure" if secure or document.os.loader_secure else "uefi"


def _disk(host: Host, disk: DiskElement) -> Disk:
    path = disk.source.path
    found = storage.find_volume_by_path(host.virt, path) if path else None
    pool, volume = found or (disk.source.pool, None)
    return Disk(
        target=disk.target_dev or "",
        bus=disk.target_bus or "",
        device=disk.device or "disk",
        path=path,
        format=disk.driver_type,
        pool=pool,
        volume=volume.name if volume else disk.source.volume,
        capacity=volume.capacity() if volume else None,
    )


def _nics(document: Domain, domain: domains.Domain, active: bool) -> tuple[Nic, ...]:
    found = addresses.pairs(domain, agent=False) if active else []
    return tuple(
        Nic(
            mac=card.mac or "",
            kind=card.type or "",
            source=card.network or card.bridge or card.source_dev,
            model=card.model,
            addresses=tuple(address for mac, address in found if mac == card.mac),
        )
        for card in document.devices.interfaces
    )


def _graphics(document: Domain, active: bool) -> str | None:
    for graphics in document.devices.graphics:
        if active and graphics.port and graphics.port > 0:
            return f"{graphics.type}://{graphics.listen or '127.0.0.1'}:{graphics.port}"
        return graphics.type
    return None


def _check(host: Host, request: GuestShow) -> domains.Domain:
    return find(host, request.name)


def _ask(domain: domains.Domain, document: Domain) -> Question | None:
    """None for a guest without a line to an agent."""
    for line in document.devices.channels:
        if line.target_name == AGENT:
            from innkeeper.guest.within import inside

            return inside.ask(domain, line)
    return None


def _run(host: Host, _request: GuestShow, operation: Operation) -> GuestView:
    """What is asked inside is asked while the rest is looked up."""
    domain: domains.Domain = operation.decided
    active = domain.active
    document = Domain.from_xml(domain.xml(live=active))
    asked = _ask(domain, document) if active else None
    seen = _view(host, domain, document, active)
    return replace(seen, inside=asked.answer()) if asked else seen


def _plan(_host: Host, _request: GuestShow, domain: domains.Domain) -> Plan:
    name = shlex.quote(domain.name)
    looks = ["dominfo", "dumpxml", "domblklist --details", *(["domifaddr"] if domain.active else [])]
    return Plan([f"show {domain.name}"], {}, [f"virsh {look} {name}" for look in looks])


VERBS = {"guest.show": Verb("guest.show", GuestShow, GuestView, _check, _run, plan=_plan)}
