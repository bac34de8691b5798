"""Every domain document of libvirt's own tests (more than 2,000) survives being printed and edited.

A few seconds' worth of them, chosen by chance; `--long` takes all. test_documents.py reads them, of all kinds.

The documents come from Debian's source packages (corpus.py). Where they cannot be had these tests fail; on a machine
without a mirror INNKEEPER_NO_CORPUS holds the reason and they are skipped with it.
"""

from __future__ import annotations

import random
from typing import Any

import pytest
from lxml import etree

from innkeeper.libvirtxml import Domain, DomainCapabilities, tree
from innkeeper.libvirtxml import path as paths
from innkeeper.libvirtxml.devices import Device, Disk, registry
from innkeeper.libvirtxml.devices.devices import Devices, Kind
from innkeeper.libvirtxml.element import Property, View
from innkeeper.libvirtxml.values import Integer, OnOff, Text, Values
from tests.formats.corpus import CorpusMissingError
from tests.formats.entries import Entry, canonical, entries_of, views_below, within

LEAST = 1000
UNKNOWN = etree.fromstring("<u:kept xmlns:u='urn:u' a='1'><!-- c --><u:in/>text<?p i?> and tail</u:kept>")


@pytest.fixture(scope="module", params=["libvirt", "virt-manager"])
def body(request: pytest.FixtureRequest) -> list[Entry]:
    """The domain documents of a package."""
    if request.param == "libvirt":
        return entries_of("libvirt")
    try:
        return entries_of(request.param)
    except CorpusMissingError as error:
        # Not every mirror carries it; the larger body is the one that must be there.
        pytest.skip(f"no source of {request.param} on this mirror: {str(error)[-80:]}")


@pytest.fixture
def corpus(body: list[Entry], dice: random.Random) -> list[Entry]:
    """They, shuffled."""
    return dice.sample(body, len(body))


def test_there_are_enough() -> None:
    assert len(entries_of("libvirt")) >= LEAST


def test_each_prints_as_it_was_read(corpus: list[Entry], seconds: float) -> None:
    for entry in within(seconds, corpus):
        domain = entry.domain()
        before = canonical(etree.fromstring(entry.data))
        assert canonical(domain.node) == before, entry.path
        assert canonical(etree.fromstring(domain.to_xml())) == before, entry.path


def test_the_lists_by_kind_hold_all_devices(corpus: list[Entry], seconds: float) -> None:
    kinds = [name for name, kind in vars(Devices).items() if isinstance(kind, Kind)]
    for entry in within(seconds, corpus):
        devices = entry.domain().devices
        listed = sum(len(getattr(devices, name)) for name in kinds)
        assert listed == len(devices), (entry.path, {device.kind for device in devices})


def test_every_kind_of_device_is_in_the_corpus() -> None:
    seen = {device.kind for entry in entries_of("libvirt") for device in entry.domain().devices}
    # What libvirt 9.0's own tests do not have: these came later.
    assert {row.tag for row in registry.ROWS} - seen <= {"crypto", "pstore"}


def test_a_title_changes_nothing_else(corpus: list[Entry], seconds: float) -> None:
    for entry in within(seconds, corpus):
        domain = entry.domain()
        domain.title = 'new <title> & "more"'
        printed = etree.fromstring(domain.to_xml())
        assert printed.findtext("title") == domain.title
        assert without_title(printed) == without_title(etree.fromstring(entry.data)), entry.path
        domain = entry.domain()
        if domain.title is None:
            domain.title = "new"
            domain.title = None
            assert canonical(domain.node) == canonical(etree.fromstring(entry.data)), entry.path


def without_title(root: etree._Element) -> bytes:
    """The canonical form with the title, and the blanks between elements, left out."""
    for title in root.findall("title"):
        assert not (title.tail or "").strip()
        root.remove(title)
    return without_blanks(root)


def without_blanks(root: etree._Element) -> bytes:
    """The canonical form with what only lays it out left out."""
    for node in root.iter():
        if node.text and not node.text.strip() and len(node):
            node.text = None
        if node.tail and not node.tail.strip():
            node.tail = None
    return canonical(root)


def test_what_nobody_knows_survives_edits(corpus: list[Entry], seconds: float, dice: random.Random) -> None:
    for entry in within(seconds, corpus):
        domain = entry.domain()
        nodes = [node for node in domain.node.iter("*") if len(node) or node is domain.node]
        hosts = dice.sample(nodes, min(3, len(nodes)))
        for host in hosts:
            host.insert(dice.randint(0, len(host)), etree.fromstring(etree.tostring(UNKNOWN)))
        edit(domain)
        printed = Domain.from_xml(domain.to_xml())
        kept = printed.node.findall(".//{urn:u}kept")
        assert len(kept) == len(hosts), entry.path
        for node in kept:
            node.tail = None
            assert alone(node) == alone(UNKNOWN), entry.path
        assert comments(printed.node) == comments(domain.node)


def edit(domain: Domain) -> None:
    domain.update(title="t", memory=1024**3, on_crash="preserve", vcpus=3)
    domain.cpu.topology.cores = 3
    domain.features.hyperv.relaxed = True
    domain.os.boot = ("network", "hd")
    domain.clock.offset = "utc"
    disk = domain.devices.add(Disk.new(type="file", target_dev="vdz"))
    for device in domain.devices:
        if type(device) is Device:
            continue  # the unknown ones are to stay as they are
        device.alias = "ua-x"
        device.acpi_index = 5
        device.acpi_index = None
    domain.devices.remove(disk)
    domain.update(title=None, vcpus=None)


def alone(node: etree._Element) -> bytes:
    """The canonical form of a part, without the namespaces that only its surroundings use."""
    return etree.tostring(node, method="c14n", exclusive=True)


def test_domain_capabilities_tell_what_is_offered() -> None:
    told = [DomainCapabilities.from_xml(entry.data) for entry in entries_of("libvirt", "domainCapabilities")]
    q35 = [each for each in told if (each.machine or "").startswith("pc-q35") and each.domain_type == "kvm"]
    assert q35
    for each in q35:
        assert {"virtio", "sata", "scsi"} <= set(each.disk_buses)
        assert {"host-passthrough", "custom"} <= set(each.cpu_modes)
        assert "vnc" in each.graphics_types
        assert "virtio" in each.video_models
        assert (each.max_vcpus or 0) > 200
        assert any(model.name == "qemu64" and model.usable in ("yes", "unknown") for model in each.cpu_models)
    assert any(each.secure_boot and each.loaders for each in told)
    assert any("2.0" in each.tpm_versions for each in told)


def test_what_is_set_and_taken_away_leaves_no_trace(
    corpus: list[Entry], seconds: float, dice: random.Random
) -> None:
    for entry in within(seconds, corpus):
        domain = entry.domain()
        before = without_bare(etree.fromstring(entry.data))
        for view in list(views_below(domain)):
            empty = [prop for prop in type(view).properties().values() if is_empty(view, prop)]
            for prop in dice.sample(empty, min(8, len(empty))):
                prop.__set__(view, SAMPLES[type(prop)])
                assert getattr(view, prop.name) == SAMPLES[type(prop)], (entry.path, view, prop.name)
                prop.__set__(view, None)
        assert without_bare(etree.fromstring(domain.to_xml())) == before, entry.path


def without_bare(root: etree._Element) -> bytes:
    """The canonical form without elements that say nothing: one that was bare goes with the value put into it."""
    without_blanks(root)
    for node in reversed(list(root.iter("*"))):
        node.text = (node.text or "").strip() or None
        if tree.is_bare(node) and not node.tail:
            tree.remove(node)
    return canonical(root)


SAMPLES: dict[type[Property[Any]], Any] = {Text: "a & <b>", Integer: 5000, Values: ("x", "y"), OnOff: True}


def is_empty(view: View, prop: Property[Any]) -> bool:
    speaking = any(step.tag in tree.SPEAKING for step in paths.path(prop.path).steps)
    return type(prop) in SAMPLES and not speaking and getattr(view, prop.name) in (None, ())


def comments(root: etree._Element) -> list[str]:
    return [str(node.text) for node in root.iter(etree.Comment)]
