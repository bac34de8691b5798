"""`<domainsnapshot>`: a guest as it was at one moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.devices.disk_source import DiskSource
from innkeeper.libvirtxml.element import Document, View
from innkeeper.libvirtxml.metadata import Metadata
from innkeeper.libvirtxml.values import Choice, Flag, Integer, OneZero, Size, Text

if TYPE_CHECKING:
    from innkeeper.libvirtxml.domain import Domain
    from innkeeper.libvirtxml.inactive_domain import InactiveDomain


class SnapshotDisk(View):
    """A disk by its target (`vda`) or its file, and how it is kept; `source` is the new overlay of an external
    snapshot.
    """

    TAG = "disk"
    name = Text("@name")
    snapshot = Choice("@snapshot", "no", "internal", "external", "manual")
    type = Choice("@type", "file", "block", "network")
    format = Choice("driver/@type", "cow", "qcow", "qcow2", "qed", "vmdk")
    metadata_cache_size = Size("driver/metadata_cache/max_size", default="bytes")
    source = Child("source", DiskSource)
    deleting = Flag("snapshotDeleteInProgress")


class Cookie(Metadata):
    """What a hypervisor keeps for itself about the moment."""

    TAG = "cookie"


class Snapshot(Document):
    """A snapshot. `domain` is the guest as it was when it was taken (running: as it ran), `inactive_domain` as
    it was stored; `created` is in Unix seconds; `revert_disks` are those that a revert made.
    """

    TAG = "domainsnapshot"
    name = Text("name")
    description = Text("description")
    state = Choice("state", "running", "blocked", "paused", "shutdown", "shutoff", "crashed", "disk-snapshot")
    created = Integer("creationTime", least=0)
    parent = Text("parent/name")
    memory = Choice("memory/@snapshot", "no", "internal", "external")
    memory_file = Text("memory/@file")
    disks = Children("disks/disk", SnapshotDisk)
    revert_disks = Children("revertDisks/disk", SnapshotDisk)
    is_current = OneZero("active")
    domain: Child[Domain] = Child("domain", "domain:Domain")
    inactive_domain: Child[InactiveDomain] = Child("inactiveDomain", "inactive_domain:InactiveDomain")
    cookie = Child("cookie", Cookie)
