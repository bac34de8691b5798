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
    from innkeeper.libvirtxml.backup import Backup
    from innkeeper.libvirtxml.capabilities import Capabilities
    from innkeeper.libvirtxml.checkpoint import Checkpoint
    from innkeeper.libvirtxml.domain import Domain
    from innkeeper.libvirtxml.domain_capabilities import DomainCapabilities
    from innkeeper.libvirtxml.element import View
    from innkeeper.libvirtxml.filter_binding import FilterBinding
    from innkeeper.libvirtxml.host_interface import HostInterface
    from innkeeper.libvirtxml.network import Network
    from innkeeper.libvirtxml.network_port import NetworkPort
    from innkeeper.libvirtxml.node_device import NodeDevice
    from innkeeper.libvirtxml.nwfilter import NetworkFilter
    from innkeeper.libvirtxml.pool import Pool
    from innkeeper.libvirtxml.pool_capabilities import PoolCapabilities
    from innkeeper.libvirtxml.secret import Secret
    from innkeeper.libvirtxml.snapshot import Snapshot
    from innkeeper.libvirtxml.volume import Volume

__all__ = [
    "Backup",
    "Capabilities",
    "Checkpoint",
    "Domain",
    "DomainCapabilities",
    "FilterBinding",
    "HostInterface",
    "Network",
    "NetworkFilter",
    "NetworkPort",
    "NodeDevice",
    "Pool",
    "PoolCapabilities",
    "Secret",
    "Snapshot",
    "View",
    "Volume",
    "devices",
]

_MODULES = {
    "Backup": "backup",
    "Capabilities": "capabilities",
    "Checkpoint": "checkpoint",
    "Domain": "domain",
    "DomainCapabilities": "domain_capabilities",
    "FilterBinding": "filter_binding",
    "HostInterface": "host_interface",
    "Network": "network",
    "NetworkFilter": "nwfilter",
    "NetworkPort": "network_port",
    "NodeDevice": "node_device",
    "Pool": "pool",
    "PoolCapabilities": "pool_capabilities",
    "Secret": "secret",
    "Snapshot": "snapshot",
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
