"""All classes of views, found by looking into every module of the package."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from innkeeper import libvirtxml
from innkeeper.libvirtxml.backup import Backup
from innkeeper.libvirtxml.capabilities import Capabilities
from innkeeper.libvirtxml.checkpoint import Checkpoint
from innkeeper.libvirtxml.domain import Domain
from innkeeper.libvirtxml.domain_capabilities import DomainCapabilities
from innkeeper.libvirtxml.element import Document, View
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

DOCUMENTS: dict[str, type[Document]] = {
    "capability": Capabilities,
    "domain": Domain,
    "domainbackup": Backup,
    "domaincaps": DomainCapabilities,
    "domaincheckpoint": Checkpoint,
    "domainsnapshot": Snapshot,
    "interface": HostInterface,
    "network": Network,
    "networkport": NetworkPort,
    "nodedev": NodeDevice,
    "nwfilter": NetworkFilter,
    "nwfilterbinding": FilterBinding,
    "secret": Secret,
    "storagepool": Pool,
    "storagepoolcaps": PoolCapabilities,
    "storagevol": Volume,
}
"""The view of each kind of document, by the name of its schema."""


@cache
def classes() -> tuple[type[View], ...]:
    """Every class of views, in the order of their names; those without an element of their own too."""
    found: set[type[View]] = set()
    for info in pkgutil.walk_packages(libvirtxml.__path__, "innkeeper.libvirtxml."):
        module = importlib.import_module(info.name)
        found |= {each for each in vars(module).values() if isinstance(each, type) and issubclass(each, View)}
    return tuple(sorted(found, key=lambda each: (each.__name__, each.__module__)))
