"""The documents of the corpus as views: what each is, by its root and what stands in it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import etree

from innkeeper.libvirtxml.capabilities_host import HostCpu
from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.devices import registry
from innkeeper.libvirtxml.devices.devices import Devices
from innkeeper.libvirtxml.domain import Domain
from innkeeper.libvirtxml.domain_cpu import Cpu
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.host_interface import HostInterface
from innkeeper.libvirtxml.network import (
    DhcpHost,
    DhcpRange,
    DnsHost,
    DnsService,
    DnsText,
    ForwardInterface,
    PortGroup,
)
from innkeeper.libvirtxml.parse import parse
from tests.formats.corpus import unpacked
from tests.unit.libvirtxml.views import DOCUMENTS

INSTALLED = (Path("/usr/share/libvirt"), Path("/etc/libvirt/nwfilter"))
"""Where packages of this machine keep documents of theirs."""

FRAGMENTS: dict[str, type[View]] = {
    each.TAG: each for each in (DhcpHost, DhcpRange, DnsService, DnsText, PortGroup)
}
"""Parts of networks that libvirt's tests keep in files of their own."""

WITHIN = {"domstatus": "domain", "qemu-migration": "domain"}
"""Files of libvirt's own that hold a document."""

_ROOTS = {kind.TAG: kind for kind in DOCUMENTS.values() if kind is not HostInterface}
_DEVICES = {row.tag for row in registry.ROWS}


class Entry(NamedTuple):
    """One document of the corpus; `within` is the element of the file that it is, when not the root."""

    path: Path
    data: bytes
    tag: str

    def domain(self) -> Domain:
        return Domain.from_xml(self.data)

    def view(self) -> View:
        """Its view, freshly read."""
        node = parse(self.data, self.tag)
        inner = node.find(WITHIN[self.tag]) if self.tag in WITHIN else node
        assert inner is not None
        return view_of(inner)


def view_of(node: etree._Element) -> View:
    """The view for an element of libvirt's. Raises LookupError for one that is no document of libvirt's API."""
    tag = str(node.tag)
    if tag in _ROOTS:
        return _ROOTS[tag](node)
    if tag == "cpu":
        return HostCpu(node) if node.find("arch") is not None else Cpu(node)
    if tag == "interface" and node.get("type") in ("ethernet", "bond", "vlan", "bridge") and node.get("name"):
        return HostInterface(node)
    if tag == "interface" and not node.get("type"):
        return ForwardInterface(node)
    if tag == "host" and node.find("hostname") is not None:
        return DnsHost(node)
    if tag in _DEVICES:
        return registry.view(node)
    return FRAGMENTS[tag](node)


@cache
def entries(package: str) -> tuple[Entry, ...]:
    """Every document of a package's sources that has a view; the installed ones with those of libvirt."""
    reason = os.environ.get("INNKEEPER_NO_CORPUS")
    if reason:
        pytest.skip(f"INNKEEPER_NO_CORPUS={reason}")
    folders = [unpacked(package), *(INSTALLED if package == "libvirt" else ())]
    return tuple(_entries(path for folder in folders for path in sorted(folder.rglob("*.xml"))))


def _entries(paths: Iterator[Path]) -> Iterator[Entry]:
    for path in paths:
        data = path.read_bytes()
        try:
            # Another parser than ours says what is one, so that ours cannot hide what it refuses.
            root = etree.fromstring(data)
        except etree.XMLSyntaxError:
            continue
        node = root.find(WITHIN[root.tag]) if root.tag in WITHIN else root
        try:
            view_of(root if node is None else node)
        except LookupError:
            continue
        yield Entry(path, data, str(root.tag))


def entries_of(package: str, tag: str = "domain") -> list[Entry]:
    """Those with this root."""
    return [entry for entry in entries(package) if entry.tag == tag]


def within(seconds: float, items: Iterable[Entry]) -> Iterator[Entry]:
    """Items until so many seconds of the processor are used."""
    start = time.process_time()
    for item in items:
        yield item
        if time.process_time() - start > seconds:
            return


def canonical(node: etree._Element) -> bytes:
    """The canonical form of the document that a node is in, comments included."""
    return etree.tostring(node.getroottree(), method="c14n", with_comments=True)


def views_below(view: View) -> Iterator[View]:
    """A view and those below it that exist."""
    yield view
    for name, prop in type(view).properties().items():
        if isinstance(prop, Child) and getattr(view, name).exists:
            yield from views_below(getattr(view, name))
        elif isinstance(prop, Children):
            for each in getattr(view, name):
                yield from views_below(each)
    if isinstance(view, Devices):
        for device in view:
            yield from views_below(device)
