"""What libvirt's words about a document mean, by its lines: libvirt itself is asked for the words."""

from __future__ import annotations

import pytest

from innkeeper.guest.changing.culprit import find
from innkeeper.virt.border import quiet
from innkeeper.virt.changes import fails_schema

GOOD = """<domain type="test">
  <name>a</name>
  <memory unit="KiB">65536</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch="i686">hvm</type>
  </os>
  <features>
    <acpi/>
  </features>
  <on_reboot>restart</on_reboot>
  <devices>
    <disk type="file" device="disk">
      <source file="/a.qcow2"/>
      <target dev="vda" bus="virtio"/>
    </disk>
    <interface type="network">
      <source network="default"/>
      <model type="virtio"/>
    </interface>
  </devices>
</domain>"""

WRONG = [
    ("<memory unit='KiB'", "<memory unit='parsec'", 3, "memory"),
    ("<vcpu>1", "<vcpu>many", 4, "vcpu"),
    ("  <os>", "  <nonsense/><os>", 5, "nonsense"),
    ("<acpi/>", "<acpi/><frob/>", 9, "frob"),
    (">restart<", ">maybe<", 11, "on_reboot"),
    ("bus='virtio'", "bus='nope'", 15, "target"),
    ("<target dev='vda' bus='virtio'/>", "", 13, "disk"),
    ("<source network='default'/>", "<source net='default'/>", 17, "interface"),
    ("<model type='virtio'/>", "<modl type='virtio'/>", 19, "modl"),
]


@pytest.fixture(autouse=True)
def _quiet() -> None:
    quiet()


def detail(document: str) -> str:
    refused = fails_schema(document)
    assert refused is not None
    return str(refused.facts["detail"])


@pytest.mark.parametrize(("old", "new", "line", "element"), WRONG)
def test_the_smallest_part_that_is_wrong_is_named(old: str, new: str, line: int, element: str) -> None:
    assert old.replace("'", '"') in GOOD
    bad = GOOD.replace(old.replace("'", '"'), new.replace("'", '"'))
    assert find(bad, detail(bad)) == (line, element)


def test_of_several_the_last_of_a_section() -> None:
    bad = GOOD.replace('bus="virtio"', 'bus="nope"').replace("<model ", "<modl ")
    assert find(bad, detail(bad)) in ((19, "modl"), (17, "interface"))


def test_many_devices_are_not_asked_about_one_by_one() -> None:
    rng = '<rng model="virtio"><backend model="random">/dev/urandom</backend></rng>\n'
    bad = GOOD.replace("</devices>", f'{rng * 500}<rng model="x"/>\n</devices>')
    assert find(bad, detail(bad)) == (521, "rng")


def test_without_a_schema_it_is_what_libvirt_names() -> None:
    said = "Invalid value for attribute 'bus' in element 'target': 'nope'."
    assert find(GOOD, said) == (15, "target")
    assert find(GOOD, "Extra element devices in interleave\nElement domain failed to validate") == (
        12,
        "devices",
    )
    assert find(GOOD, "unsupported configuration: too much of it") is None
    assert find("<domain", said) is None
