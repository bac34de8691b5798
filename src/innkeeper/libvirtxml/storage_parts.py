"""Parts that pools and volumes share."""

from __future__ import annotations

from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Integer, Text


class Permissions(View):
    """Who may use the file or directory: `mode` as in chmod, owner and group by number (-1: as they are)."""

    TAG = "permissions"
    mode = Integer("mode", octal=True)
    owner = Integer("owner")
    group = Integer("group")
    label = Text("label")
