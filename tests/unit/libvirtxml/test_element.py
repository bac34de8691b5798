"""The mechanism: edits in place, parents made and pruned, everything else left alone."""

from __future__ import annotations

from copy import deepcopy

import pytest

from innkeeper.errors import Invalid
from innkeeper.libvirtxml import Domain, Network, Pool, Volume
from innkeeper.libvirtxml.devices import Disk, Interface
from innkeeper.libvirtxml.domain_cpu import CpuFeature

TEXT = """<?xml-stylesheet href="a"?>
<!-- before -->
<domain xmlns:x="urn:other" type="kvm" x:flag="1">
  <name>web1</name>  <!-- said beside -->
  <x:thing keep="me"><deep/>text</x:thing>
  <memory unit="GiB">1</memory>

  <unknown>
	<tabs/>
  </unknown>
  <os>
    <type arch="x86_64">hvm</type>
    <!-- the order matters -->
    <boot dev="hd"/>
  </os>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <!-- the first disk -->
    <disk type="file" device="disk">
      <source file="/a"/>
    </disk>
    <teapot type="blue"/>
    <interface type="network"/>
  </devices>
</domain>
<!-- after -->
"""


def domain() -> Domain:
    return Domain.from_xml(TEXT)


def test_unedited_it_prints_as_it_was() -> None:
    assert domain().to_xml() == TEXT


def test_an_edit_changes_its_own_line_only() -> None:
    guest = domain()
    guest.name = "web2"
    assert guest.to_xml() == TEXT.replace("<name>web1<", "<name>web2<")


def test_a_new_element_goes_where_the_schema_has_it() -> None:
    guest = domain()
    guest.title = "A & B"
    beside = "<!-- said beside -->\n"
    assert guest.to_xml() == TEXT.replace(beside, beside + "  <title>A &amp; B</title>\n")


def test_a_new_element_takes_a_line_of_its_own() -> None:
    guest = domain()
    guest.os.kernel = "/boot/vmlinuz"
    expected = '<type arch="x86_64">hvm</type>\n    <kernel>/boot/vmlinuz</kernel>\n    <!-- the'
    assert guest.to_xml() == TEXT.replace('<type arch="x86_64">hvm</type>\n    <!-- the', expected)


def test_removing_what_was_set_leaves_no_trace() -> None:
    guest = domain()
    guest.title = "t"
    guest.cpu.topology.cores = 2
    guest.os.boot = ("hd", "network", "cdrom")
    guest.devices.disks[0].iotune.total_bytes_sec = 5
    guest.features.acpi = True
    guest.features.hyperv.relaxed = True
    assert guest.features.exists
    guest.title = None
    guest.cpu.topology.cores = None
    guest.os.boot = ("hd",)
    guest.devices.disks[0].iotune.total_bytes_sec = None
    guest.features.acpi = False
    guest.features.hyperv.relaxed = None
    assert guest.to_xml() == TEXT


def test_missing_parents_are_made_one_within_the_other() -> None:
    guest = Domain.new(name="a")
    guest.cpu.topology.cores = 2
    assert guest.to_xml() == (
        '<domain>\n  <name>a</name>\n  <cpu>\n    <topology cores="2"/>\n  </cpu>\n</domain>\n'
    )


def test_parents_that_carry_something_else_stay() -> None:
    guest = domain()
    guest.os.type = None
    assert guest.os.arch == "x86_64"
    guest.os.arch = None
    assert "<type" not in guest.to_xml()
    guest.os.boot = ()
    assert "<os>" in guest.to_xml(), "a comment stands in it"


def test_elements_that_speak_by_being_there_stay() -> None:
    text = (
        "<domain><features><apic eoi='on'/></features><devices><disk type='file'>"
        "<backingStore type='file'><source file='/b'/><backingStore/></backingStore></disk></devices></domain>"
    )
    guest = Domain.from_xml(text)
    guest.features.apic_eoi = None
    assert guest.features.apic
    below = guest.devices.disks[0].backing_store.backing_store
    below.type = None
    below.source.file = None
    assert below.exists, "nothing was there to be taken away"
    guest.features.apic = False
    assert not guest.features.exists


def test_reading_makes_nothing() -> None:
    guest = domain()
    for name in type(guest).properties():
        getattr(guest, name)
    assert guest.cpu.topology.sockets is None
    assert not guest.cpu.exists
    assert not guest.devices.rngs
    with pytest.raises(LookupError):
        _ = guest.cpu.node
    assert guest.to_xml() == TEXT


def test_setting_none_where_nothing_is_makes_nothing() -> None:
    guest = domain()
    guest.cpu.topology.cores = None
    guest.cpu.features = None
    guest.title = None
    guest.os.init_arguments = None
    guest.features.acpi = None
    guest.clock = None
    guest.metadata.remove("urn:nobody")
    assert guest.to_xml() == TEXT


def test_setting_what_is_there_already_keeps_how_it_is_written() -> None:
    guest = domain()
    guest.memory = 1024**3
    assert guest.to_xml() == TEXT
    guest.memory = 2 * 1024**3
    assert '<memory unit="KiB">2097152</memory>' in guest.to_xml()


def test_a_view_is_live() -> None:
    guest = domain()
    cpu = guest.cpu
    assert not cpu.exists
    guest.cpu.mode = "host-passthrough"
    assert cpu.mode == "host-passthrough"
    guest.cpu = None
    assert not guest.cpu.exists
    cpu.mode = "maximum"
    assert guest.cpu.mode == "maximum"


def test_lists_are_live_and_typed() -> None:
    guest = domain()
    features = guest.cpu.features
    vmx = features.add(CpuFeature.new(name="vmx", policy="require"))
    assert [each.name for each in guest.cpu.features] == ["vmx"]
    assert vmx in features
    assert features[0] == vmx
    vmx.policy = "disable"
    assert '<feature name="vmx" policy="disable"/>' in guest.to_xml()
    features.remove(vmx)
    assert guest.to_xml() == TEXT
    with pytest.raises(ValueError, match="not in this list"):
        features.remove(vmx)


def test_a_list_is_replaced_as_a_whole() -> None:
    guest = domain()
    guest.cpu.features = [CpuFeature.new(name=name) for name in ("a", "b")]
    kept = guest.cpu.features[1]
    guest.cpu.features = [kept, CpuFeature.new(name="c")]
    assert [each.name for each in guest.cpu.features] == ["b", "c"]
    guest.cpu.features = None
    assert guest.to_xml() == TEXT


def test_a_nested_view_can_be_put_in_as_a_whole() -> None:
    guest = domain()
    other = Domain.new(name="b")
    other.cpu.update(mode="custom", model="qemu64")
    guest.cpu = other.cpu
    assert (guest.cpu.model, other.cpu.exists) == ("qemu64", False)


def test_unknown_properties_are_refused() -> None:
    with pytest.raises(TypeError, match="nonsense"):
        Domain.new(nonsense=1)


def test_texts_with_comments_in_them() -> None:
    guest = Domain.from_xml("<domain><name>we<!-- c -->b1</name></domain>")
    assert guest.name == "web1"
    guest.name = "web2"
    assert guest.name == "web2"
    assert "<!-- c -->" in guest.to_xml()
    guest.name = None
    assert guest.name is None
    assert "<!-- c -->" in guest.to_xml()


def test_an_empty_text_is_none() -> None:
    guest = Domain.from_xml("<domain><title></title></domain>")
    assert guest.title is None
    guest.title = "a"
    guest.title = ""
    assert guest.title is None


def test_an_empty_attribute_is_a_value() -> None:
    disk = Disk.new(type="file")
    disk.source.file = ""
    assert disk.source.file == ""
    assert 'file=""' in disk.to_xml()


def test_documents_on_one_line_stay_on_one_line() -> None:
    guest = Domain.from_xml("<domain><name>a</name><devices/></domain>")
    guest.title = "t"
    guest.devices.add(Disk.new(type="file", target_dev="vda"))
    assert guest.to_xml() == (
        "<domain><name>a</name><title>t</title>"
        '<devices><disk type="file"><target dev="vda"/></disk></devices></domain>\n'
    )


def test_text_beside_elements_is_never_lost() -> None:
    guest = Domain.from_xml("<domain>one<title>t</title>two<name>n</name>three</domain>")
    guest.title = None
    guest.uuid = "u"
    text = guest.to_xml()
    assert [text.count(word) for word in ("one", "two", "three")] == [1, 1, 1]


def test_views_within_other_documents_print_themselves_alone() -> None:
    guest = domain()
    assert guest.devices.disks[0].to_xml().startswith('<disk type="file" device="disk">')
    assert guest.devices.disks[0].to_xml().endswith("</disk>")


def test_the_first_element_that_says_it_is_read_and_edited() -> None:
    nic = Interface.new(type="bridge")
    nic.bridge = "br0"
    nic.node.append(deepcopy(nic.node[0]))
    nic.node[0].attrib.clear()
    assert nic.bridge == "br0"
    nic.bridge = "br1"
    assert nic.to_xml().count("br1") == 1
    nic.bridge = None
    assert nic.bridge is None


def test_control_characters_are_refused_and_change_nothing() -> None:
    guest = domain()
    for text in ("a\x00b", "a\x1bb", "a\ud800b", "a\ufffe"):
        with pytest.raises(Invalid) as caught:
            guest.title = text
        assert caught.value.code == "xml.bad_character"
        with pytest.raises(Invalid):
            guest.os.boot = ("hd", text)
    assert guest.to_xml() == TEXT


def test_other_documents() -> None:
    pool = Pool.new(type="dir", name="p", target_path="/srv/p")
    pool.permissions.mode = 0o711
    assert "<mode>0711</mode>" in pool.to_xml()
    volume = Volume.new(name="v", capacity=3, format="qcow2", backing_path="/b", backing_format="qcow2")
    assert '<capacity unit="bytes">3</capacity>' in volume.to_xml()
    assert Network.from_xml("<network ipv6='yes'/>").ipv6 is True


def test_what_a_broken_document_has_twice_goes_twice_and_keeps_its_order() -> None:
    twice = "<source file='/a'/><source file='/b' x='1'/><readonly/><readonly/>"
    disk = Domain.from_xml(f"<domain><devices><disk>{twice}</disk></devices></domain>").devices.disks[0]
    disk.source.file = None
    disk.readonly = False
    assert disk.source.file is None
    assert disk.to_xml() == '<disk><source x="1"/></disk>'
    network = Network.from_xml(
        "<network><forward><interface dev='a'/></forward><forward><interface dev='b'/></forward></network>"
    )
    network.forward_interfaces = ("a", "b", "c")
    assert network.forward_interfaces == ("a", "b", "c")
