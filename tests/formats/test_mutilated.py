"""Public documents, mutilated by chance: each is refused with a reason, or read and edited like any other."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import partial
from itertools import islice

import pytest
from lxml import etree

from innkeeper.errors import Invalid
from innkeeper.libvirtxml.children import Nested
from innkeeper.libvirtxml.domain import Domain
from innkeeper.libvirtxml.element import Property, View
from innkeeper.libvirtxml.parse import DEPTH_LIMIT, SIZE_LIMIT, parse
from tests.formats.entries import Entry, entries, view_of, views_below, within
from tests.unit.libvirtxml.test_walk import samples

JUNK = (
    b"<", b">", b"&", b"'", b'"', b"\x00", b"\xff\xfe", b"&#0;", b"&#x1f600;", b"&lt;", b"&a;", b"]]>",
    b"<![CDATA[x]]>", b"<!-- c -->", b"<?p i?>", b"<!DOCTYPE a>", b" xmlns='urn:x'", b" xmlns:a='urn:x' a:b='c'",
    b"<a:b xmlns:a='urn:x'/>", b"0x", b"-", b"KiB", b"yes", b"default", "客".encode(), b"\n", b"\t", b"1" * 40,
)  # fmt: skip


def flip(data: bytes, dice: random.Random) -> bytes:
    """Some bytes are others, are missing, or are followed by what should not be there."""
    out = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(out))
        match dice.randint(0, 2):
            case 0:
                out[at] = dice.randrange(256)
            case 1:
                del out[at : at + dice.randint(1, 30)]
            case _:
                out[at:at] = dice.choice(JUNK)
        if not out:
            return data
    return bytes(out)


def cut_off(data: bytes, dice: random.Random) -> bytes:
    """The end is missing."""
    return data[: dice.randrange(len(data))]


def shuffled(data: bytes, dice: random.Random) -> bytes:
    """Well-formed, but elements stand elsewhere, twice, or with others' attributes and texts."""
    root = etree.fromstring(data)
    nodes = list(root.iter("*"))
    for _ in range(dice.randint(1, 8)):
        one, other = dice.choice(nodes), dice.choice(nodes)
        match dice.randint(0, 4):
            case 0 if one is not root and one not in other.iterancestors() and one is not other:
                other.insert(dice.randint(0, len(other)), one)
            case 1:
                other.append(etree.fromstring(etree.tostring(one, with_tail=False)))
            case 2:
                other.attrib.update(dict(one.attrib))
            case 3:
                one.text = dice.choice(["", " ", "\n  ", "0x1f", "-1", "<a>&b", "9" * 30, "yes ", "١٢", None])
            case _:
                one.append(etree.Comment(" amid "))
                one[-1].tail = dice.choice(["", " tail ", "\n"])
    return etree.tostring(root)


REFUSALS = {"xml.forbidden_dtd", "xml.malformed", "xml.too_deep", "xml.too_large", "xml.wrong_root"}

MUTILATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (flip, cut_off, shuffled, shuffled)


def refusal(of: Callable[[], object]) -> str:
    """The code with which something is refused, which has a remedy; empty when it is not."""
    try:
        of()
    except Invalid as error:
        return error.code if error.remedy("en") else "no remedy"
    return ""


def said(root: etree._Element) -> list[tuple[object, ...]]:
    """All that a document says; the canonical form refuses some names of namespaces."""
    return [(each.tag, each.items(), each.text or "", each.tail or "") for each in root.iter()]


def edit(view: View, prop: Property[object], dice: random.Random) -> None:
    """Set and taken away, whatever was there before."""
    value = dice.choice(samples(prop))
    setattr(view, prop.name, value)
    assert getattr(view, prop.name) == value, (view, prop.name)
    printed = etree.tostring(view.node.getroottree(), encoding="utf-8")
    assert said(etree.fromstring(printed)) == said(view.node.getroottree().getroot())
    setattr(view, prop.name, None)
    assert not getattr(view, prop.name), (view, prop.name)


def check(entry: Entry, dice: random.Random) -> bool:
    data = dice.choice(MUTILATIONS)(entry.data, dice)
    code = refusal(lambda: parse(data, entry.tag))
    if code:
        assert code in REFUSALS, code
        return False
    view = view_of(parse(data, entry.tag))
    top = view.node
    found = [
        (each, prop)
        for each in islice(views_below(view), 400)
        for prop in type(each).properties().values()
        if not isinstance(prop, Nested)
    ]
    for each, prop in found:
        assert refusal(partial(getattr, each, prop.name)) in ("", "xml.bad_value")
    for each, prop in dice.sample(found, min(10, len(found))):
        node = each.find()
        if node is not None and (node is top or top in node.iterancestors()):
            edit(each, prop, dice)
    return True


def test_mutilated_documents_are_refused_or_read(seconds: float, dice: random.Random) -> None:
    everything = [entry for entry in entries("libvirt") if entry.tag not in ("domstatus", "qemu-migration")]
    dice.shuffle(everything)
    fates = {check(entry, dice) for entry in within(2 * seconds, everything)}
    assert fates == {True, False}


@pytest.mark.parametrize(
    "text",
    [
        "<domain>" + "<a>" * (DEPTH_LIMIT + 20) + "</a>" * (DEPTH_LIMIT + 20) + "</domain>",
        "<domain>" + "<a>" * 100_000,
        "<domain " + " ".join(f"a{i}='{i}'" for i in range(100_000)) + "/>",
        "<domain><name>" + "x" * SIZE_LIMIT + "</name></domain>",
        "<domain>" + "<!-- c -->" * 100_000 + "</domain>",
        "<domain>" + "<devices/>" * 200_000 + "</domain>",
        "<domain><name><![CDATA[" + "<a>" * 100_000 + "]]></name></domain>",
        "<domain>" + "".join(f"<x{i}:a xmlns:x{i}='urn:{i}'/>" for i in range(20_000)) + "</domain>",
    ],
    ids=["deep", "open", "attributes", "long", "comments", "wide", "cdata", "namespaces"],
)
def test_what_is_large_costs_little(text: str) -> None:
    began = time.process_time()
    code = refusal(lambda: parse(text, "domain"))
    if code:
        assert code in REFUSALS, code
    else:
        view = Domain.from_xml(text)
        view.update(title="t", memory=2**30)
        assert len(view.to_xml()) >= len(text)
        view.update(title=None, memory=None)
    assert time.process_time() - began < 5
