"""Putting elements into a document and taking them out, so that nobody sees it was touched.

New elements go where libvirt's schema puts them (order.py) and take over the indentation that is already
there; a document without line breaks gets none. Taking an element out again leaves the text as it was before.
"""

from __future__ import annotations

from lxml import etree

from innkeeper.libvirtxml.order import ORDER

STEP = "  "
"""What one level is indented by; libvirt's own."""


SPEAKING = frozenset({"apic", "hugepages", "smm", "transient"})
"""Elements that mean something by being there, even empty: they stay when the last value in them
goes, for a guest that was to say no more about its APIC must not lose it.
"""


def insert(parent: etree._Element, child: etree._Element) -> None:
    """Put `child` among the children of `parent`: after its like, else where the schema's order has it."""
    at = _position(parent, child)
    outer = _indentation(parent)
    if len(parent):
        before = parent.text if at == 0 else parent[at - 1].tail
        lead = parent.text if _is_line_break(parent.text) else None
        if lead is not None and _is_blank(before):
            child.tail = before
            _set_before(parent, at, "\n" + lead.rpartition("\n")[2])
            _lay_out(child, lead.rpartition("\n")[2])
    elif outer is not None and _is_blank(parent.text):
        child.tail = parent.text if _is_line_break(parent.text) else "\n" + outer
        parent.text = "\n" + outer + STEP
        _lay_out(child, outer + STEP)
    parent.insert(at, child)


def remove(node: etree._Element) -> None:
    """Take `node` out of its parent; the text behind it stays in the document."""
    parent = node.getparent()
    if parent is None:
        return
    at, tail = parent.index(node), node.tail
    before = parent.text if at == 0 else parent[at - 1].tail
    parent.remove(node)
    node.tail = None
    if _is_blank(before):
        _set_before(parent, at, tail)
    elif not _is_blank(tail):
        _set_before(parent, at, (before or "") + (tail or ""))
    if not len(parent) and _is_blank(parent.text) and parent.getparent() is not None:
        parent.text = None


def is_bare(node: etree._Element, known_by: str = "") -> bool:
    """Whether the element says nothing: no attribute but `known_by`, no child or comment, no text."""
    if node.tag in SPEAKING or len(node) or not _is_blank(node.text):
        return False
    return all(name == known_by for name in node.attrib)


def text_of(node: etree._Element) -> str | None:
    """The element's own text, None when there is none.

    Among children or comments the blanks at its ends are taken for layout.
    """
    if not len(node):
        return node.text or None
    parts = [node.text, *(sub.tail for sub in node)]
    return "".join(part for part in parts if part).strip() or None


def set_text(node: etree._Element, text: str | None) -> None:
    """Replace the element's own text. Children and comments in it stay."""
    for sub in node:
        if not _is_blank(sub.tail):
            sub.tail = None
    node.text = text


def _position(parent: etree._Element, child: etree._Element) -> int:
    like = [i for i, sibling in enumerate(parent) if sibling.tag == child.tag]
    if like:
        return _past_comments_beside(parent, like[-1] + 1)
    order = ORDER.get(str(parent.tag), ())
    if child.tag not in order:
        return len(parent)
    rank = order.index(str(child.tag))
    ranks = {tag: i for i, tag in enumerate(order)}
    earlier = [i for i, sibling in enumerate(parent) if ranks.get(str(sibling.tag), rank + 1) < rank]
    if earlier:
        return _past_comments_beside(parent, earlier[-1] + 1)
    later = [i for i, sibling in enumerate(parent) if ranks.get(str(sibling.tag), -1) > rank]
    return _above_comments(parent, later[0]) if later else len(parent)


def _above_comments(parent: etree._Element, at: int) -> int:
    # A comment belongs to the element below it: do not come between them.
    while at and not isinstance(parent[at - 1].tag, str):
        at -= 1
    return at


def _past_comments_beside(parent: etree._Element, at: int) -> int:
    # A comment on the same line belongs to the element before it.
    if _is_line_break(parent.text):
        while (
            0 < at < len(parent)
            and not isinstance(parent[at].tag, str)
            and "\n" not in (parent[at - 1].tail or "")
        ):
            at += 1
    return at


def _set_before(parent: etree._Element, at: int, text: str | None) -> None:
    if at == 0:
        parent.text = text
    else:
        parent[at - 1].tail = text


def _indentation(node: etree._Element) -> str | None:
    """The blanks in front of the element on its line; None when it does not begin a line."""
    parent = node.getparent()
    if parent is None:
        return "" if _is_line_break(node.text) else None
    previous = node.getprevious()
    before = parent.text if previous is None else previous.tail
    return before.rpartition("\n")[2] if before is not None and _is_line_break(before) else None


def _lay_out(node: etree._Element, outer: str) -> None:
    """Break the lines of a subtree that was built without any."""
    if not len(node) or node.text or any(sub.tail for sub in node):
        return
    node.text = "\n" + outer + STEP
    for sub in node:
        _lay_out(sub, outer + STEP)
        sub.tail = "\n" + outer + STEP
    node[-1].tail = "\n" + outer


def _is_blank(text: str | None) -> bool:
    return not text or text.isspace()


def _is_line_break(text: str | None) -> bool:
    return bool(text) and "\n" in str(text) and str(text).isspace()
