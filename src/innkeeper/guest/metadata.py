"""Our facts about a guest, kept in its own document: `<metadata>`, namespace `urn:innkeeper:guest:1`.

<innkeeper:guest version="1">
  <innkeeper:created>1795342500</innkeeper:created>
  <innkeeper:operation>3f0c…</innkeeper:operation>
  <innkeeper:image>debian-12</innkeeper:image>
  <innkeeper:volume pool="default" name="web1-1a2b3c4d.qcow2"/>
  …
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lxml import etree

from innkeeper.libvirtxml import Domain, tree
from innkeeper.libvirtxml.build import element
from innkeeper.libvirtxml.parse import parse
from innkeeper.virt import domains

if TYPE_CHECKING:
    from innkeeper.host import Host

__all__ = ["NAMESPACE", "PREFIX", "Facts", "facts_of", "number", "read", "text_of", "undo_metadata", "write"]

NAMESPACE, PREFIX = "urn:innkeeper:guest:1", "innkeeper"
_TEXTS = (
    "created",
    "operation",
    "image",
    "user",
    "login",
    "profile",
    "boot_pattern",
    "accel_reason",
    "autostart",
    "protected",
    "start_order",
    "start_delay",
    "ssh_port",
)


@dataclass(frozen=True)
class Facts:
    """What we know of a guest that libvirt does not. All of it may be missing: others made the guest."""

    created: str | None = None
    operation: str | None = None
    image: str | None = None
    user: str | None = None
    login: str | None = None
    """`ssh`, or `serial` for an image that has no ssh"""
    profile: str | None = None
    boot_pattern: str | None = None
    """regular expression of the first line of user space on its serial port"""
    accel_reason: str | None = None
    accel_facts: dict[str, str] = field(default_factory=dict)
    autostart: str | None = None
    """`yes` in the bin, when it had autostart before"""
    protected: str | None = None
    """`yes` when it is kept from being deleted"""
    start_order: str | None = None
    """its number in the order in which guests start with the host; those without one come last"""
    start_delay: str | None = None
    """seconds after its start until the next number begins"""
    ssh_port: str | None = None
    """port of the host's loopback that leads to its port 22, where user networking needs one"""
    labels: dict[str, str] = field(default_factory=dict)
    volumes: tuple[tuple[str, str], ...] = ()
    """pool and name of each volume that was made for it and goes with it"""
    address: tuple[str, str, str] | None = None
    """network, MAC and IPv4 address reserved for it there"""

    def to_element(self, prefix: str = f"{PREFIX}:") -> etree._Element:
        """For a document; without a prefix for libvirt's own metadata call, which adds the namespace itself."""
        node = element(f"{prefix}guest", {"version": "1"})
        for name in _TEXTS:
            value = getattr(self, name)
            if value:
                node.append(element(f"{prefix}{name.replace('_', '-')}", {}, value))
        for key, value in self.accel_facts.items():
            node.append(element(f"{prefix}accel-fact", {"name": key, "value": value}))
        for key, value in sorted(self.labels.items()):
            node.append(element(f"{prefix}label", {"name": key, "value": value}))
        for pool, name in self.volumes:
            node.append(element(f"{prefix}volume", {"pool": pool, "name": name}))
        if self.address:
            network, mac, ip = self.address
            node.append(element(f"{prefix}address", {"network": network, "mac": mac, "ip": ip}))
        return node


def facts_of(node: etree._Element | None) -> Facts:
    """The facts in our metadata element, with or without its namespace; none when there is no such element."""
    if node is None:
        return Facts()
    children = [(etree.QName(child).localname, child) for child in node.iterchildren("*")]
    texts = {name.replace("-", "_"): child.text for name, child in children}
    reserved = next((child for name, child in children if name == "address"), None)
    return Facts(
        accel_facts={
            _at(child, "name"): _at(child, "value") for name, child in children if name == "accel-fact"
        },
        labels={_at(child, "name"): _at(child, "value") for name, child in children if name == "label"},
        volumes=tuple(
            (_at(child, "pool"), _at(child, "name")) for name, child in children if name == "volume"
        ),
        address=None
        if reserved is None
        else (_at(reserved, "network"), _at(reserved, "mac"), _at(reserved, "ip")),
        **{name: texts.get(name) for name in _TEXTS},
    )


def _at(node: etree._Element, name: str) -> str:
    return node.get(name) or ""


def number(text: str | None) -> int | None:
    """A whole number that a fact holds; None for what is none, which others may have written."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def read(document: Domain) -> Facts:
    return facts_of(document.metadata.get(NAMESPACE))


def of_domain(domain: domains.Domain) -> Facts:
    """Read from the guest itself."""
    text = domain.metadata(NAMESPACE)
    return facts_of(parse(text, "guest") if text else None)


def write(domain: domains.Domain, facts: Facts) -> None:
    """Keep these facts with the guest; none at all when they say nothing."""
    if facts == Facts():
        _remove(domain)
    else:
        domain.set_metadata(NAMESPACE, PREFIX, text_of(facts))


def text_of(facts: Facts) -> str:
    """The element as libvirt's metadata call takes it."""
    return etree.tostring(facts.to_element(prefix=""), encoding="unicode")


def _remove(domain: domains.Domain) -> None:
    """libvirt itself would leave an empty <metadata/> where there was none before us."""
    if domain.metadata(NAMESPACE) is None:
        return
    domain.set_metadata(NAMESPACE, PREFIX, None)
    document = Domain.from_xml(domain.xml())
    if document.metadata.exists and not document.metadata.namespaces:
        tree.remove(document.metadata.node)
        domain.redefine(document.to_xml())


def note_autostart(domain: domains.Domain, autostart: bool) -> None:
    """Remember for the way back from the bin whether it had autostart."""
    facts = of_domain(domain)
    noted = replace(facts, autostart="yes" if autostart else None)
    if noted != facts:
        write(domain, noted)


def undo_metadata(host: Host, uuid: str, text: str | None) -> None:
    """Put back the metadata element as it was."""
    domain = domains.find(host.virt, uuid)
    if domain is None or domain.metadata(NAMESPACE) == text:
        return
    if text:
        domain.set_metadata(NAMESPACE, PREFIX, _without_blanks(text))
    else:
        _remove(domain)


def _without_blanks(text: str) -> str:
    """libvirt shows the element indented, and would keep that indentation inside its own."""
    node = parse(text, "guest")
    for one in node.iter():
        if len(one) and one.text and not one.text.strip():
            one.text = None
        if one.tail and not one.tail.strip():
            one.tail = None
    return etree.tostring(node, encoding="unicode")
