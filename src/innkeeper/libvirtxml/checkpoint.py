"""`<domaincheckpoint>`: a moment from which on changes to a guest's disks are noted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.element import Document, View
from innkeeper.libvirtxml.values import Choice, Integer, Text

if TYPE_CHECKING:
    from innkeeper.libvirtxml.domain import Domain


class CheckpointDisk(View):
    """A disk by its target (`vda`) and the bitmap that notes its changes; `size` is what changed, in bytes."""

    TAG = "disk"
    name = Text("@name")
    checkpoint = Choice("@checkpoint", "no", "bitmap")
    bitmap = Text("@bitmap")
    size = Integer("@size", least=0)


class Checkpoint(Document):
    """A checkpoint; `created` is in Unix seconds."""

    TAG = "domaincheckpoint"
    name = Text("name")
    description = Text("description")
    created = Integer("creationTime", least=0)
    parent = Text("parent/name")
    disks = Children("disks/disk", CheckpointDisk)
    domain: Child[Domain] = Child("domain", "domain:Domain")
