"""`<sysinfo>`: what the firmware tells a guest about its machine."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Children
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Text, Values


class BaseBoard(View):
    """A board of the machine, in SMBIOS."""

    TAG = "baseBoard"
    manufacturer = Text("entry[@name='manufacturer']")
    product = Text("entry[@name='product']")
    version = Text("entry[@name='version']")
    serial = Text("entry[@name='serial']")
    asset = Text("entry[@name='asset']")
    location = Text("entry[@name='location']")


class SystemInfo(View):
    """SMBIOS tables: firmware, system, boards, chassis, and free texts."""

    TAG = "sysinfo"
    bios_vendor = Text("bios/entry[@name='vendor']")
    bios_version = Text("bios/entry[@name='version']")
    bios_date = Text("bios/entry[@name='date']")
    bios_release = Text("bios/entry[@name='release']")
    manufacturer = Text("system/entry[@name='manufacturer']")
    product = Text("system/entry[@name='product']")
    version = Text("system/entry[@name='version']")
    serial = Text("system/entry[@name='serial']")
    uuid = Text("system/entry[@name='uuid']")
    sku = Text("system/entry[@name='sku']")
    family = Text("system/entry[@name='family']")
    boards = Children("baseBoard", BaseBoard)
    chassis_manufacturer = Text("chassis/entry[@name='manufacturer']")
    chassis_version = Text("chassis/entry[@name='version']")
    chassis_serial = Text("chassis/entry[@name='serial']")
    chassis_asset = Text("chassis/entry[@name='asset']")
    chassis_sku = Text("chassis/entry[@name='sku']")
    oem_strings = Values("oemStrings/entry")


class FirmwareEntry(View):
    """A blob that QEMU gives the guest's firmware under a name (`opt/…`): a text, or what is in a file."""

    TAG = "entry"
    name = Text("@name")
    file = Text("@file")
    value = Text(".")
