"""`<metadata>`: what programs keep about a guest, each in a namespace of its own."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from innkeeper.errors import Invalid
from innkeeper.libvirtxml import path as paths
from innkeeper.libvirtxml import tree
from innkeeper.libvirtxml.element import View


class Metadata(View):
    """One element for each namespace, as libvirt keeps them; the others are never touched."""

    TAG = "metadata"

    def get(self, namespace: str) -> etree._Element | None:
        """The live element of this namespace (`urn:innkeeper:guest:1`), or None."""
        node = self.find()
        return None if node is None else node.find(f"{{{namespace}}}*")

    def set(self, element: etree._Element) -> None:
        """Keep a copy of this element, in the place of the one of its namespace.

        Raises Invalid `xml.no_namespace` for an element that is in none.
        """
        namespace = etree.QName(element).namespace
        if not namespace:
            raise Invalid("xml.no_namespace", element=str(element.tag))
        copy = deepcopy(element)
        copy.tail = None
        there = self.get(namespace)
        node = self.ensure()
        if there is None:
            tree.insert(node, copy)
        else:
            copy.tail = there.tail
            node.replace(there, copy)

    def remove(self, namespace: str) -> None:
        """Forget what is kept for this namespace; nothing happens when there is nothing."""
        found = self.get(namespace)
        if found is not None:
            above = self.node
            tree.remove(found)
            paths.prune(above, self.anchor(), self.trail())

    @property
    def namespaces(self) -> tuple[str, ...]:
        """The namespaces that something is kept for, in order."""
        node = self.find()
        names = [] if node is None else [etree.QName(child).namespace for child in node.iterchildren("*")]
        return tuple(name for name in names if name)
