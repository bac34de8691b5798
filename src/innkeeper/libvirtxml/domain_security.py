"""Labels, memory encryption and command lines of the hypervisor."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Children
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Choice, Integer, Text, Values, YesNo


class SecLabel(View):
    """The label that SELinux, AppArmor or file ownership gives the guest."""

    TAG = "seclabel"
    type = Choice("@type", "none", "static", "dynamic")
    model = Text("@model")
    relabel = YesNo("@relabel")
    label = Text("label")
    base_label = Text("baselabel")
    image_label = Text("imagelabel")


class LaunchSecurity(View):
    """Memory that the host cannot read."""

    TAG = "launchSecurity"
    type = Choice("@type", "sev", "sev-snp", "s390-pv", "tdx")
    kernel_hashes = YesNo("@kernelHashes")
    policy = Integer("policy", digits=4)
    c_bit_position = Integer("cbitpos", least=0)
    reduced_physical_bits = Integer("reducedPhysBits", least=0)
    dh_cert = Text("dhCert")
    session = Text("session")


class QemuVariable(View):
    """An environment variable of the QEMU process."""

    TAG = "{http://libvirt.org/schemas/domain/qemu/1.0}env"
    name = Text("@name")
    value = Text("@value")


class QemuCommandLine(View):
    """Arguments that libvirt hands to QEMU without looking at them."""

    TAG = "{http://libvirt.org/schemas/domain/qemu/1.0}commandline"
    arguments = Values("qemu:arg/@value")
    environment = Children("qemu:env", QemuVariable)


class SystemInfo(View):
    """What SMBIOS tells the guest about its machine."""

    TAG = "sysinfo"
    type = Choice("@type", "smbios", "fwcfg")
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
    board_manufacturer = Text("baseBoard/entry[@name='manufacturer']")
    board_product = Text("baseBoard/entry[@name='product']")
    board_serial = Text("baseBoard/entry[@name='serial']")
    chassis_manufacturer = Text("chassis/entry[@name='manufacturer']")
    chassis_serial = Text("chassis/entry[@name='serial']")
    chassis_asset = Text("chassis/entry[@name='asset']")
    oem_strings = Values("oemStrings/entry")
