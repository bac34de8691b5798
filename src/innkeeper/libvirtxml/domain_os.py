"""`<os>`: what a guest boots from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Choice, Integer, Text, Values, YesNo
from innkeeper.libvirtxml.words import ARCHITECTURES

if TYPE_CHECKING:
    from innkeeper.libvirtxml.devices.disk_source import DiskSource

FORMATS = ("raw", "qcow2")
SOURCE_TYPES = ("file", "block", "dir", "network", "volume", "nvme", "vhostuser", "vhostvdpa", "ctl")


class FirmwareFeature(View):
    """A feature that the firmware libvirt picks must have, or must not."""

    TAG = "feature"
    name = Choice("@name", "enrolled-keys", "secure-boot")
    enabled = YesNo("@enabled")


class InitVariable(View):
    """A variable for a container's first process."""

    TAG = "initenv"
    name = Text("@name")
    value = Text(".")


class AcpiTable(View):
    """An ACPI table from a file of the host."""

    TAG = "table"
    type = Choice("@type", "raw", "rawset", "slic", "msdm")
    path = Text(".")


class OperatingSystem(View):
    """Firmware, boot order, or a kernel booted directly; for containers the first process."""

    TAG = "os"
    type = Choice("type", "hvm", "xen", "xenpvh", "linux", "exe", "uml")
    arch = Choice("type/@arch", *ARCHITECTURES)
    machine = Text("type/@machine")
    firmware = Choice("@firmware", "bios", "efi")
    firmware_features = Children("firmware/feature", FirmwareFeature)
    loader = Text("loader")
    loader_readonly = YesNo("loader/@readonly")
    loader_type = Choice("loader/@type", "rom", "pflash")
    loader_secure = YesNo("loader/@secure")
    loader_stateless = YesNo("loader/@stateless")
    loader_format = Choice("loader/@format", *FORMATS)
    nvram = Text("nvram")
    nvram_template = Text("nvram/@template")
    nvram_template_format = Choice("nvram/@templateFormat", *FORMATS)
    nvram_format = Choice("nvram/@format", *FORMATS)
    nvram_type = Choice("nvram/@type", *SOURCE_TYPES)
    nvram_source: Child[DiskSource] = Child("nvram/source", "devices.disk_source:DiskSource")
    varstore = Text("varstore/@path")
    varstore_template = Text("varstore/@template")
    kernel = Text("kernel")
    initrd = Text("initrd")
    root = Text("root")
    cmdline = Text("cmdline")
    dtb = Text("dtb")
    shim = Text("shim")
    boot = Values("boot/@dev")
    boot_menu = YesNo("bootmenu/@enable")
    boot_menu_timeout = Integer("bootmenu/@timeout", least=0)
    smbios_mode = Choice("smbios/@mode", "emulate", "host", "sysinfo")
    serial_output = YesNo("bios/@useserial")
    reboot_timeout = Integer("bios/@rebootTimeout")
    acpi_tables = Children("acpi/table", AcpiTable)
    init = Text("init")
    init_arguments = Values("initarg")
    init_environment = Children("initenv", InitVariable)
    init_directory = Text("initdir")
    init_user = Text("inituser")
    init_group = Text("initgroup")
