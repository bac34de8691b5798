"""Parts that pools and volumes share."""

from __future__ import annotations

from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Integer, Text


class Permissions(View):
    """Who may use the file or directory: `mode` as in chmod, owner and group by number (-1: as they are)."""

    TAG = "permissions"
    mode = Integer("mode", base=8)
    owner = Integer("owner")
    group = Integer("group")
    label = Text("label")


class Timestamps(View):
    """When a volume was read, changed, and made: Unix seconds, with a fraction (`1341933637.273190990`)."""

    TAG = "timestamps"
    accessed = Text("atime")
    born = Text("btime")
    changed = Text("ctime")
    modified = Text("mtime")


class Extent(View):
    """A piece of a device, from the byte `start` to the byte `end`."""

    TAG = "extent"
    start = Integer("@start", least=0)
    end = Integer("@end", least=0)


class FreeExtent(Extent):
    """A piece that no volume takes."""

    TAG = "freeExtent"
