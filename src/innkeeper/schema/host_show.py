"""What a host is: its request and view. Sizes are in bytes."""

from __future__ import annotations

from innkeeper.schema.base import Request, View

__all__ = ["HostNetwork", "HostPool", "HostShow", "HostView", "NumaNode", "Processor"]


class HostShow(Request, frozen=True, kw_only=True):
    pass


class Processor(View, frozen=True, kw_only=True):
    model: str | None
    """its maker's name for it, else libvirt's for the nearest kind"""
    vendor: str | None
    cpus: int
    """that the host runs on now: threads of all cores"""
    sockets: int | None
    cores: int | None
    """of all sockets"""
    threads: int | None
    """of one core"""


class NumaNode(View, frozen=True, kw_only=True):
    id: int
    memory: int | None
    cpus: str
    """as the kernel writes it: 0-3,8-11"""


class HostPool(View, frozen=True, kw_only=True):
    name: str
    kind: str
    active: bool
    autostart: bool
    path: str | None
    capacity: int | None = None
    available: int | None = None


class HostNetwork(View, frozen=True, kw_only=True):
    name: str
    active: bool
    autostart: bool
    mode: str
    """nat, route, open, bridge …; isolated where it leads nowhere"""
    bridge: str | None
    addresses: tuple[str, ...] = ()
    """of the host in it, with the length of the prefix"""


class HostView(View, frozen=True, kw_only=True):
    """What is None cannot be known: there is no way to the host but libvirt, or its driver does not say."""

    name: str
    uri: str
    driver: str
    arch: str
    system: str | None
    """the distribution, by its own name"""
    kernel: str | None
    libvirt: str
    hypervisor: str | None
    """version of QEMU"""
    processor: Processor
    memory: int
    memory_available: int | None
    numa: tuple[NumaNode, ...]
    accel: str | None
    """kvm or tcg: what a new guest of the host's architecture gets"""
    accel_reason: str | None
    accel_facts: dict[str, str | int | float]
    security: tuple[str, ...]
    """what confines guests: apparmor, selinux"""
    guest_arches: tuple[str, ...]
    guests: int
    running: int
    deleted: int
    """in the bin"""
    cpus_given: int
    """virtual CPUs of running guests"""
    memory_given: int
    pools: tuple[HostPool, ...]
    networks: tuple[HostNetwork, ...]
