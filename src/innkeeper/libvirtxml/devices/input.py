"""`<input>`: keyboards, mice and tablets."""

from __future__ import annotations

from innkeeper.libvirtxml.devices.device import VIRTIO_MODELS, VirtioDevice
from innkeeper.libvirtxml.values import Choice, OnOff, Text


class Input(VirtioDevice):
    """A device to point or type with; `tablet` has absolute positions, which a viewer needs to follow the
    pointer.
    """

    TAG = "input"
    type = Choice("@type", "tablet", "mouse", "keyboard", "passthrough", "evdev")
    bus = Choice("@bus", "ps2", "usb", "xen", "virtio", "parallels", "none")
    model = Choice("@model", *VIRTIO_MODELS)
    source_evdev = Text("source/@evdev")
    source_dev = Text("source/@dev")
    grab = Choice("source/@grab", "all")
    grab_toggle = Choice(
        "source/@grabToggle", "ctrl-ctrl", "alt-alt", "shift-shift", "meta-meta", "scrolllock",
        "ctrl-scrolllock",
    )  # fmt: skip
    repeat = OnOff("source/@repeat")
