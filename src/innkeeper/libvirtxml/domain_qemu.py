"""What libvirt hands to QEMU without looking at it, in QEMU's own namespace."""

from __future__ import annotations

from innkeeper.libvirtxml.build import NAMESPACES
from innkeeper.libvirtxml.children import Children
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Choice, Text, Values

QEMU = f"{{{NAMESPACES['qemu']}}}"


class QemuVariable(View):
    """An environment variable of the QEMU process."""

    TAG = f"{QEMU}env"
    name = Text("@name")
    value = Text("@value")


class QemuCommandLine(View):
    """Arguments and variables of the QEMU process."""

    TAG = f"{QEMU}commandline"
    arguments = Values("qemu:arg/@value")
    environment = Children("qemu:env", QemuVariable)


class QemuCapabilities(View):
    """Abilities that libvirt is to believe QEMU has, or has not."""

    TAG = f"{QEMU}capabilities"
    added = Values("qemu:add/@capability")
    deleted = Values("qemu:del/@capability")


class QemuProperty(View):
    """A property of a device as QEMU names it; `remove` takes away what libvirt would set."""

    TAG = f"{QEMU}property"
    name = Text("@name")
    type = Choice("@type", "string", "signed", "unsigned", "bool", "remove")
    value = Text("@value")


class QemuDeviceOverride(View):
    """Properties of the device with this `alias`."""

    TAG = f"{QEMU}device"
    alias = Text("@alias")
    properties_of_frontend = Children("qemu:frontend/qemu:property", QemuProperty)
