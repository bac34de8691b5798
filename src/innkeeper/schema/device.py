"""Requests and views of a host's devices."""

from __future__ import annotations

from typing import Literal

from innkeeper.schema.base import Request, View

__all__ = ["DeviceKind", "DeviceList", "DeviceUser", "DeviceView", "MdevType"]

DeviceKind = Literal["pci", "gpu", "usb", "mdev", "scsi", "net", "storage"]


class DeviceList(Request, frozen=True, kw_only=True):
    """Devices that a guest can be given, or those of some kinds."""

    kind: tuple[DeviceKind, ...] = ()
    """`gpu` are PCI devices too; `net` and `storage` are what the host makes of its devices"""
    all: bool = False
    """also what no guest can be given: bridges and hubs, and what the host makes of its devices"""


class DeviceUser(View, frozen=True, kw_only=True):
    """A guest that has the device in its document."""

    guest: str
    running: bool
    """it has it now; else it takes it when it starts"""


class MdevType(View, frozen=True, kw_only=True):
    """A kind of share that a device offers."""

    id: str
    name: str | None
    api: str | None
    """how a guest sees it, such as vfio-pci"""
    available: int | None
    """how many more of them can be made now"""


class DeviceView(View, frozen=True, kw_only=True):
    """A device of the host."""

    name: str
    """libvirt's"""
    kind: DeviceKind
    address: str
    """as the host's own tools write it: 0000:01:00.0, 001:004 (USB bus and device), 0:0:0:0, a UUID, eth0, /dev/sda"""
    vendor: str | None = None
    vendor_id: str | None = None
    product: str | None = None
    product_id: str | None = None
    parent: str | None = None
    driver: str | None = None
    """the host's driver that has it now"""
    assignable: bool = True
    """whether a guest can be given it by its kind: not bridges, hubs, or what the host makes of its devices"""
    numa_node: int | None = None
    iommu_group: int | None = None
    group_members: tuple[str, ...] = ()
    """addresses of the others of its IOMMU group, which go with it"""
    physical_function: str | None = None
    """SR-IOV: address of the device that it is a virtual function of"""
    virtual_functions: tuple[str, ...] = ()
    """SR-IOV: addresses of those it has now"""
    virtual_functions_most: int | None = None
    """SR-IOV: how many it can have"""
    mdev_type: str | None = None
    mdev_types: tuple[MdevType, ...] = ()
    mdevs: tuple[str, ...] = ()
    """UUIDs of the mediated devices made from it"""
    active: bool = True
    """false for a mediated device that is defined only"""
    size: int | None = None
    """bytes"""
    mac: str | None = None
    link: str | None = None
    users: tuple[DeviceUser, ...] = ()
