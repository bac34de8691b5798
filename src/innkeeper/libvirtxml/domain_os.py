"""`<os>`: what a guest boots from."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Children
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Choice, Integer, Text, Values, YesNo


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


class OperatingSystem(View):
    """Firmware, boot order, or a kernel booted directly; for containers the first process."""

    TAG = "os"
    type = Choice("type", "hvm", "xen", "xenpvh", "linux", "exe", "uml")
    arch = Text("type/@arch")
    machine = Text("type/@machine")
    firmware = Choice("@firmware", "bios", "efi")
    firmware_features = Children("firmware/feature", FirmwareFeature)
    loader = Text("loader")
    loader_readonly = YesNo("loader/@readonly")
    loader_type = Choice("loader/@type", "rom", "pflash")
    loader_secure = YesNo("loader/@secure")
    loader_stateless = YesNo("loader/@stateless")
    loader_format = Text("loader/@format")
    nvram = Text("nvram")
    nvram_template = Text("nvram/@template")
    nvram_template_format = Text("nvram/@templateFormat")
    nvram_format = Text("nvram/@format")
    nvram_type = Choice("nvram/@type", "file", "block", "network", "volume")
    nvram_source_file = Text("nvram/source/@file")
    kernel = Text("kernel")
    initrd = Text("initrd")
    cmdline = Text("cmdline")
    dtb = Text("dtb")
    shim = Text("shim")
    boot = Values("boot/@dev")
    boot_menu = YesNo("bootmenu/@enable")
    boot_menu_timeout = Integer("bootmenu/@timeout", least=0)
    smbios_mode = Choice("smbios/@mode", "emulate", "host", "sysinfo")
    serial_output = YesNo("bios/@useserial")
    reboot_timeout = Integer("bios/@rebootTimeout")
    acpi_table = Text("acpi/table[@type='slic']")
    init = Text("init")
    init_arguments = Values("initarg")
    init_environment = Children("initenv", InitVariable)
    init_directory = Text("initdir")
    init_user = Text("inituser")
    init_group = Text("initgroup")
