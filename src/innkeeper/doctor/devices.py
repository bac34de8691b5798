"""The devices of a host, as libvirt's node devices tell of them: what they are, and who uses them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from innkeeper.doctor.device_users import Claim, usb_address, users
from innkeeper.libvirtxml.node_device import NodeDevice
from innkeeper.schema.device import DeviceList, DeviceUser, DeviceView, MdevType
from innkeeper.verbs import Plan, Verb
from innkeeper.virt import nodedevs

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["DISPLAY", "VERBS", "devices"]

DISPLAY, BRIDGE = 0x03, 0x06
"""PCI base classes (PCI Code and ID Assignment Specification, 1)"""
HUB = 0x09
"""USB interface class (USB-IF, defined class codes)"""
ROOT_HUBS = 0x1D6B
"""The vendor that Linux gives its root hubs (drivers/usb/core/hcd.c)."""

KINDS = ("pci", "gpu", "usb", "mdev", "scsi", "net", "storage")


def devices(host: Host) -> list[DeviceView]:
    """Every device of a kind that we know, by kind and address."""
    found = nodedevs.documents(host.virt)
    there = {name: NodeDevice.from_xml(text) for name, (text, _active) in found.items()}
    claimed = users(host)
    views = []
    for name, device in there.items():
        tell = _TELLERS.get(device.kind or "")
        if tell is not None:
            facts = tell(device, there)
            taken = _users(facts, device, claimed)
            views.append(
                DeviceView(
                    name=name,
                    parent=device.parent,
                    driver=device.driver,
                    active=found[name][1],
                    users=taken,
                    **facts,
                )
            )
    return sorted(views, key=lambda view: (KINDS.index(view.kind.replace("gpu", "pci")), _natural(view)))


def _natural(view: DeviceView) -> list[tuple[int, str]]:
    return [(int(part, 16), "") if part else (0, "") for part in re.findall("[0-9a-f]+", view.address)] or [
        (0, view.address)
    ]


def _users(
    facts: dict[str, Any], device: NodeDevice, claimed: dict[Claim, tuple[DeviceUser, ...]]
) -> tuple[DeviceUser, ...]:
    kind = facts["kind"].replace("gpu", "pci")
    claims: list[Claim] = [(kind, facts["address"])]
    if kind == "usb":
        claims.append(("usb-id", f"{facts['vendor_id']}:{facts['product_id']}"))
    if kind == "storage":
        claims += [(kind, link) for link in device.device_links]
    return tuple(dict.fromkeys(user for claim in claims for user in claimed.get(claim, ())))


def _pci(device: NodeDevice, there: dict[str, NodeDevice]) -> dict[str, Any]:
    pci = device.pci
    base = (pci.device_class or 0) >> 16
    physical = pci.physical_function
    return {
        "kind": "gpu" if base == DISPLAY else "pci",
        "address": pci.address,
        "assignable": not (base == BRIDGE or pci.is_pci_bridge or pci.is_cardbus_bridge),
        **_names(pci),
        "numa_node": pci.numa_node,
        "iommu_group": pci.iommu_group,
        "group_members": tuple(
            other.text for other in pci.iommu_group_addresses if other.text != pci.address
        ),
        "physical_function": physical.text if physical.exists else None,
        "virtual_functions": tuple(each.text for each in pci.virtual_functions),
        "virtual_functions_most": pci.max_virtual_functions,
        "mdev_types": tuple(
            MdevType(
                id=kind.id or "", name=kind.name, api=kind.device_api, available=kind.available_instances
            )
            for kind in pci.mdev_types
        ),
        "mdevs": tuple(
            _mdev_uuid(other)
            for other in there.values()
            if other.kind == "mdev" and other.parent == device.name
        ),
    }


def _usb(device: NodeDevice, there: dict[str, NodeDevice]) -> dict[str, Any]:
    usb = device.usb_device
    hub = usb.vendor_id == ROOT_HUBS or any(
        other.kind == "usb" and other.parent == device.name and other.usb.interface_class == HUB
        for other in there.values()
    )
    address = usb_address(usb.bus or 0, usb.device or 0)
    return {"kind": "usb", "address": address, "assignable": not hub, **_names(usb)}


def _mdev(device: NodeDevice, there: dict[str, NodeDevice]) -> dict[str, Any]:
    parent = there.get(device.parent or "")
    return {
        "kind": "mdev",
        "address": _mdev_uuid(device),
        "mdev_type": device.mdev.type_id,
        "iommu_group": device.mdev.iommu_group,
        "numa_node": parent.pci.numa_node if parent is not None and parent.pci.exists else None,
    }


def _mdev_uuid(device: NodeDevice) -> str:
    """Before libvirt 7.3 it was told in the name alone."""
    named = (device.name or "").removeprefix("mdev_").replace("_", "-")[:36]
    return (device.mdev.uuid or named).lower()


def _scsi(device: NodeDevice, there: dict[str, NodeDevice]) -> dict[str, Any]:
    """Its names are those of the disk or drive that the host makes of it."""
    scsi = device.scsi
    disk = next((each.storage for each in there.values() if each.parent == device.name), None)
    return {
        "kind": "scsi",
        "address": f"{scsi.host or 0}:{scsi.bus or 0}:{scsi.target or 0}:{scsi.lun or 0}",
        "vendor": disk.vendor if disk is not None else None,
        "product": disk.model if disk is not None else scsi.device_type,
        "size": disk.size if disk is not None else None,
    }


def _net(device: NodeDevice, _there: dict[str, NodeDevice]) -> dict[str, Any]:
    net = device.net
    known = {"mac": net.address, "link": net.link_state}
    return {"kind": "net", "address": net.interface or "", "assignable": False, **known}


def _storage(device: NodeDevice, _there: dict[str, NodeDevice]) -> dict[str, Any]:
    disk = device.storage
    known = {"vendor": disk.vendor, "product": disk.model, "size": disk.size or disk.media_size}
    return {"kind": "storage", "address": disk.block or "", "assignable": False, **known}


def _names(part: Any) -> dict[str, Any]:
    return {
        "vendor": part.vendor,
        "vendor_id": f"{part.vendor_id or 0:04x}",
        "product": part.product,
        "product_id": f"{part.product_id or 0:04x}",
    }


_TELLERS: dict[str, Callable[[NodeDevice, dict[str, NodeDevice]], dict[str, Any]]] = {
    "pci": _pci,
    "usb_device": _usb,
    "mdev": _mdev,
    "scsi": _scsi,
    "net": _net,
    "storage": _storage,
}
"""libvirt's capability → what we tell of it"""


def _chosen(views: Iterable[DeviceView], request: DeviceList) -> list[DeviceView]:
    """`pci` is graphics cards too. Who names a kind wants what is of it, also what no guest can be given."""
    if not request.kind:
        return [view for view in views if view.assignable or request.all]
    kinds = {*request.kind, *(("gpu",) if "pci" in request.kind else ())}
    special = {"net", "storage"}
    return [
        view
        for view in views
        if view.kind in kinds and (view.assignable or request.all or view.kind in special)
    ]


def _check(_host: Host, _request: DeviceList) -> None:
    """Looking is always allowed."""


def _run(host: Host, request: DeviceList, _operation: Operation) -> list[DeviceView]:
    return _chosen(devices(host), request)


def _plan(_host: Host, request: DeviceList, _decided: None) -> Plan:
    """virsh names them by libvirt's own capabilities; each is told whole by nodedev-dumpxml."""
    capabilities = {"usb": "usb_device", "gpu": "pci"}
    kinds = dict.fromkeys(capabilities.get(kind, kind) for kind in request.kind)
    commands = [f"virsh nodedev-list --cap {kind}" for kind in kinds] or ["virsh nodedev-list --tree"]
    each = 'for device in $(virsh --quiet nodedev-list); do virsh nodedev-dumpxml "$device"; done'
    return Plan(["list the devices of the host"], {}, [*commands, each])


VERBS = {
    "host.device_list": Verb(
        "host.device_list", DeviceList, list[DeviceView], _check, _run, target=lambda _: "", plan=_plan
    )
}
