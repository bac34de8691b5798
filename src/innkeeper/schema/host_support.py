"""What guests on a host can have: request and view. Sizes are in bytes."""

from __future__ import annotations

from typing import Literal

from innkeeper.schema.base import Request, View
from innkeeper.schema.guest import Accelerator

__all__ = ["HostSupport", "MachineType", "Offer", "ProfileOffer", "SupportView"]


class HostSupport(Request, frozen=True, kw_only=True):
    """What a new guest can be given; what depends on its machine is told of the one that is named."""

    arch: str | None = None
    """the host's own when none"""
    machine: str | None = None
    """the usual one of `arch` when none"""
    accel: Accelerator = "auto"


class Offer(View, frozen=True, kw_only=True):
    """A value that `guest.create` takes, or would take on another host."""

    name: str
    possible: bool
    usual: bool = False
    """what a guest gets for which nothing is said"""
    reason: str | None = None
    """text id of why it is not possible, with its facts beside it; `REASON.remedy` says what to do"""
    facts: dict[str, str] = {}


class MachineType(View, frozen=True, kw_only=True):
    name: str
    alias_of: str | None
    """the type that this name stands for now"""
    max_cpus: int | None
    deprecated: bool
    usual: bool


class ProfileOffer(Offer, frozen=True, kw_only=True):
    """A profile, and what a guest of it gets here for which nothing else is said; None where it is not possible."""

    cpus: int | None = None
    memory: int | None = None
    media_memory: int | None = None
    """of one that is installed from a CD, a kernel or the network"""
    disk_size: int | None = None
    """of a new, empty disk"""
    firmware: Literal["bios", "uefi", "uefi-secure"] | None = None
    bus: str | None = None
    tpm: bool | None = None


class SupportView(View, frozen=True, kw_only=True):
    """All of it for one architecture, machine type and accelerator; what is in a list is in the order to show it."""

    host: str
    uri: str
    arch: str
    machine: str
    accel: Literal["kvm", "tcg"]
    """what `auto`, or the one that was asked for, comes to"""
    accel_reason: str
    """text id of why, with its facts beside it"""
    accel_facts: dict[str, str]
    cpus: int
    """processors of the host"""
    max_cpus: int
    """that a guest can have"""
    memory: int
    """of the host"""
    memory_left: int
    """that is promised to nobody: more only with `overcommit`"""
    sources: tuple[Offer, ...]
    """what it can come from: fields of `guest.create`"""
    arches: tuple[Offer, ...]
    machines: tuple[MachineType, ...]
    accels: tuple[Offer, ...]
    firmwares: tuple[Offer, ...]
    tpm: Offer
    """named by its version"""
    buses: tuple[Offer, ...]
    networks: tuple[Offer, ...]
    """of libvirt's, and the words `user` and `none`"""
    pools: tuple[Offer, ...]
    profiles: tuple[ProfileOffer, ...]
