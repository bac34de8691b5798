"""`<filterbinding>`: a network filter at work on the network card of a guest."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Children
from innkeeper.libvirtxml.devices.interface import FilterParameter
from innkeeper.libvirtxml.element import Document
from innkeeper.libvirtxml.values import Text


class FilterBinding(Document):
    """Which filter guards which device of the host (`port_dev`), for which guest."""

    TAG = "filterbinding"
    owner = Text("owner/name")
    owner_uuid = Text("owner/uuid")
    port_dev = Text("portdev/@name")
    link_dev = Text("linkdev/@name")
    mac = Text("mac/@address")
    filter = Text("filterref/@filter")
    parameters = Children("filterref/parameter", FilterParameter)
    backend = Text("backend/@name")
