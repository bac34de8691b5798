"""Building elements without ever writing XML into a string: every name and text is escaped by lxml."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from innkeeper.errors import Invalid

NAMESPACES: Mapping[str, str] = {
    "qemu": "http://libvirt.org/schemas/domain/qemu/1.0",
    "lxc": "http://libvirt.org/schemas/domain/lxc/1.0",
    "xen": "http://libvirt.org/schemas/domain/xen/1.0",
    "bhyve": "http://libvirt.org/schemas/domain/bhyve/1.0",
    "vmware": "http://libvirt.org/schemas/domain/vmware/1.0",
    "dnsmasq": "http://libvirt.org/schemas/network/dnsmasq/1.0",
    "fs": "http://libvirt.org/schemas/storagepool/fs/1.0",
    "rbd": "http://libvirt.org/schemas/storagepool/rbd/1.0",
    "innkeeper": "urn:innkeeper:guest:1",
}
"""Prefixes that may stand in paths and tags here (`qemu:commandline`)."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Value = str | int | bool | None


def element(
    tag: str, attributes: Mapping[str, Value] | None = None, *children: etree._Element | str
) -> etree._Element:
    """An element: attributes that are None are left out, True and False become yes and no, texts are its
    text.

    A tag is a plain name, `prefix:name` with a prefix of NAMESPACES, or `{uri}name`.
    Raises Invalid `xml.bad_character` for a character that XML cannot hold.
    """
    node = new_node(tag)
    for key, value in (attributes or {}).items():
        if value is not None:
            set_attribute(node, key, _as_text(value))
    for child in children:
        if isinstance(child, str):
            node.text = (node.text or "") + checked(child)
        else:
            node.append(child)
    return node


def new_node(tag: str) -> etree._Element:
    """An empty element; a known prefix is declared on it."""
    prefix, colon, name = tag.partition(":")
    if not tag.startswith("{") and colon:
        return etree.Element(f"{{{NAMESPACES[prefix]}}}{name}", nsmap={prefix: NAMESPACES[prefix]})
    return etree.Element(tag)


def qualified(tag: str) -> str:
    """The tag as lxml names it: `qemu:arg` is `{http://…}arg`."""
    prefix, colon, name = tag.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{name}" if colon and not tag.startswith("{") else tag


def set_attribute(node: etree._Element, name: str, value: str) -> None:
    """Set one attribute, refusing what XML cannot hold."""
    node.set(name, checked(value))


def drop_attribute(node: etree._Element, name: str) -> None:
    """Remove one attribute; nothing happens when it is not there."""
    if node.get(name) is not None:
        del node.attrib[name]


def checked(text: str) -> str:
    """The text itself. Raises Invalid `xml.bad_character`: XML 1.0 has no control characters."""
    found = _FORBIDDEN.search(text)
    if found is not None:
        shown = text[:60].encode("ascii", "replace").decode()
        raise Invalid("xml.bad_character", character=f"U+{ord(found[0]):04X}", text=shown)
    return text


def _as_text(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
