"""What changes in a guest's document, as a person reads it: a unified difference without passwords."""

from __future__ import annotations

from difflib import unified_diff

from lxml import etree

from innkeeper.libvirtxml import Domain

__all__ = ["masked", "unified", "unmasked"]

_HIDDEN, _OTHER = "********", "******** (another)"


def masked(document: str, other_than: str | None = None) -> str:
    """The document without the passwords of its screens, which is what libvirt itself holds for secret
    (VIR_DOMAIN_XML_SECURE). One that differs from that of the other document is hidden in other words."""
    view = Domain.from_xml(document)
    known = set() if other_than is None else _passwords(Domain.from_xml(other_than))
    secrets = _passwords(view)
    if not secrets:
        return document
    for node in view.node.iterfind("devices/graphics[@passwd]"):
        node.set("passwd", _HIDDEN if other_than is None or node.get("passwd") in known else _OTHER)
    return view.to_xml()


def unmasked(document: str, original: str) -> str:
    """The document with the passwords that `masked` hid: those of the original's screens of the same kind, one after
    the other. Where the original has none, what stands there is taken for a password."""
    view = Domain.from_xml(document)
    hidden = list(view.node.iterfind(f"devices/graphics[@passwd='{_HIDDEN}']"))
    if not hidden:
        return document
    known: dict[str | None, list[str]] = {}
    for node in Domain.from_xml(original).node.iterfind("devices/graphics"):
        known.setdefault(node.get("type"), []).append(node.get("passwd") or "")
    screens = list(view.node.iterfind("devices/graphics"))
    for node in hidden:
        kind = node.get("type")
        place = [screen for screen in screens if screen.get("type") == kind].index(node)
        password = known.get(kind, [])[place : place + 1]
        if password and password[0]:
            node.set("passwd", password[0])
    return view.to_xml()


def _passwords(document: Domain) -> set[str]:
    return {str(node.get("passwd")) for node in document.node.iterfind("devices/graphics[@passwd]")}


def unified(name: str, before: str, after: str) -> str:
    """The difference of two documents of that file name; empty when they are the same."""
    old, new = (_laid_out(text) for text in (masked(before), masked(after, before)))
    lines = unified_diff(old.splitlines(), new.splitlines(), f"a/{name}", f"b/{name}", lineterm="")
    return "\n".join(lines)


def _laid_out(document: str) -> str:
    """In one way, whoever wrote it: quotes and indentation say nothing."""
    view = Domain.from_xml(document)
    etree.indent(view.node, "  ")
    return view.to_xml()
