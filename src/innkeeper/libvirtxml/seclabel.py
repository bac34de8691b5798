"""`<seclabel>` within a device: the label of what the device uses on the host."""

from __future__ import annotations

from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Text, YesNo


class SourceLabel(View):
    """The label of a file or socket: none set with `relabel` False; `label_skipped` says that none could be."""

    TAG = "seclabel"
    model = Text("@model")
    relabel = YesNo("@relabel")
    label_skipped = YesNo("@labelskip")
    label = Text("label")
