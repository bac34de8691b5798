"""`<storagepoolCapabilities>`: which kinds of storage pool a host can have."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Children
from innkeeper.libvirtxml.domain_capabilities import CapabilityEnum
from innkeeper.libvirtxml.element import Document, View
from innkeeper.libvirtxml.values import Text, Values, YesNo


class PoolKind(View):
    """A kind of pool, and the formats that it and its volumes may have."""

    TAG = "pool"
    type = Text("@type")
    supported = YesNo("@supported")
    default_format = Text("poolOptions/defaultFormat/@type")
    formats = Values("poolOptions/enum[@name='sourceFormatType']/value")
    pool_enums = Children("poolOptions/enum", CapabilityEnum)
    volume_default_format = Text("volOptions/defaultFormat/@type")
    volume_formats = Values("volOptions/enum[@name='targetFormatType']/value")
    volume_enums = Children("volOptions/enum", CapabilityEnum)


class PoolCapabilities(Document):
    """The kinds of pool that this libvirt knows."""

    TAG = "storagepoolCapabilities"
    pools = Children("pool", PoolKind)

    def pool(self, kind: str) -> PoolKind | None:
        """What can be done with this kind of pool (`dir`, `logical` …), or None."""
        return next((each for each in self.pools if each.type == kind), None)
