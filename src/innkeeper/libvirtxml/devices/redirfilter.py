"""`<redirfilter>`: which USB devices may be redirected."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Children
from innkeeper.libvirtxml.devices.device import Device
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Integer, Text, YesNo


class UsbRule(View):
    """One rule; -1 or nothing matches all. `usb_class` as a number."""

    TAG = "usbdev"
    usb_class = Integer("@class", digits=2)
    vendor = Integer("@vendor", digits=4)
    product = Integer("@product", digits=4)
    version = Text("@version")
    allow = YesNo("@allow")


class Redirfilter(Device):
    """The rules, first match wins."""

    TAG = "redirfilter"
    rules = Children("usbdev", UsbRule)
