"""libvirt's XML documents as typed, live views; everything that a view does not know stays as it is.

domain = Domain.from_xml(text)
domain.title = "front door"
for disk in domain.devices.disks:
    print(disk.target_dev, disk.source.path)
text = domain.to_xml()
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from innkeeper.libvirtxml import devices
    from innkeeper.libvirtxml.capabilities import Capabilities
    from innkeeper.libvirtxml.domain import Domain
    from innkeeper.libvirtxml.domain_capabilities import DomainCapabilities
    from innkeeper.libvirtxml.element import View
    from innkeeper.libvirtxml.network import Network
    from innkeeper.libvirtxml.node_device import NodeDevice
    from innkeeper.libvirtxml.pool import Pool
    from innkeeper.libvirtxml.volume import Volume

__all__ = [
    "Capabilities",
    "Domain",
    "DomainCapabilities",
    "Network",
    "NodeDevice",
    "Pool",
    "View",
    "Volume",
    "devices",
]

_MODULES = {
    "Capabilities": "capabilities",
    "Domain": "domain",
    "DomainCapabilities": "domain_capabilities",
    "Network": "network",
    "NodeDevice": "node_device",
    "Pool": "pool",
    "View": "element",
    "Volume": "volume",
}


def __getattr__(name: str) -> object:
    """Each view is loaded when first used, so that whoever needs one pays for one."""
    if name in _MODULES:
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    if name == "devices":
        return import_module(f"{__name__}.devices")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
