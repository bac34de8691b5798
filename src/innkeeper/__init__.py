"""Innkeeper: virtual machines on KVM, QEMU and libvirt.

from innkeeper import connect, guest

with connect() as host:
    web1 = guest.create(host, name="web1", image="debian-12", wait="agent")
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from innkeeper import (
        backup,
        errors,
        guest,
        host,
        image,
        libvirtxml,
        network,
        operation,
        pool,
        schedule,
        token,
        volume,
    )
    from innkeeper.client import Client
    from innkeeper.host import Host, connect

__all__ = [
    "Client",
    "Host",
    "backup",
    "connect",
    "errors",
    "guest",
    "host",
    "image",
    "libvirtxml",
    "network",
    "operation",
    "pool",
    "schedule",
    "token",
    "volume",
]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Loaded when first used: `import innkeeper` alone costs next to nothing."""
    if name in ("Host", "connect"):
        return getattr(import_module("innkeeper.host"), name)
    if name == "Client":
        return import_module("innkeeper.client.client").Client
    if name in __all__:
        return import_module(f"innkeeper.{name}")
    raise AttributeError(f"module 'innkeeper' has no attribute {name!r}")
