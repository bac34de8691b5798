"""Metadata: one element for each namespace, nobody else's touched."""

from __future__ import annotations

import pytest
from lxml import etree

from innkeeper.errors import Invalid
from innkeeper.libvirtxml import Domain, Network
from innkeeper.libvirtxml.build import element

OURS = "urn:innkeeper:guest:1"
TEXT = """<domain>
  <name>a</name>
  <metadata>
    <o:info xmlns:o="urn:other"><o:os id="debian"/></o:info>
  </metadata>
</domain>
"""


def ours(text: str) -> etree._Element:
    return element("innkeeper:guest", {}, element("innkeeper:note", {}, text))


def test_get_set_remove() -> None:
    guest = Domain.from_xml(TEXT)
    assert guest.metadata.get(OURS) is None
    guest.metadata.set(ours("<&>"))
    guest.metadata.set(ours("second & last"))
    assert guest.metadata.namespaces == ("urn:other", OURS)
    read = Domain.from_xml(guest.to_xml()).metadata.get(OURS)
    assert read is not None
    assert read.findtext(f"{{{OURS}}}note") == "second & last"
    assert "<innkeeper:guest" in guest.to_xml()
    guest.metadata.remove(OURS)
    assert guest.to_xml() == TEXT


def test_the_element_given_stays_where_it_was() -> None:
    one, two = Domain.new(name="a"), Domain.new(name="b")
    one.metadata.set(ours("n"))
    found = one.metadata.get(OURS)
    assert found is not None
    two.metadata.set(found)
    assert one.metadata.get(OURS) is not None
    assert two.metadata.get(OURS) is not None


def test_the_live_element_can_be_edited() -> None:
    guest = Domain.new(name="a")
    guest.metadata.set(ours("n"))
    found = guest.metadata.get(OURS)
    assert found is not None
    found[0].text = "m"
    assert "m</innkeeper:note>" in guest.to_xml()


def test_metadata_that_becomes_empty_goes() -> None:
    guest = Domain.new(name="a")
    before = guest.to_xml()
    guest.metadata.set(ours("n"))
    guest.metadata.remove(OURS)
    assert guest.to_xml() == before


def test_an_element_without_a_namespace_is_refused() -> None:
    guest = Domain.from_xml(TEXT)
    with pytest.raises(Invalid) as caught:
        guest.metadata.set(element("note", {}, "x"))
    assert caught.value.code == "xml.no_namespace"
    assert guest.to_xml() == TEXT


def test_networks_have_it_too() -> None:
    network = Network.new(name="n")
    network.metadata.set(ours("n"))
    assert network.metadata.namespaces == (OURS,)
