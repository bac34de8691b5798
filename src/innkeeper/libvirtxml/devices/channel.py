"""`<channel>`: a private line between host and guest, such as the one of the guest agent."""

from __future__ import annotations

from innkeeper.libvirtxml.devices.chardev import CharDevice
from innkeeper.libvirtxml.values import Choice, Integer, Text

AGENT = "org.qemu.guest_agent.0"
"""The name of the line that qemu-guest-agent listens on."""


class Channel(CharDevice):
    """A line of its own into the guest, known there by `target_name`."""

    TAG = "channel"
    target_type = Choice("target/@type", "virtio", "guestfwd", "xen")
    target_name = Text("target/@name")
    target_address = Text("target/@address")
    target_port = Integer("target/@port")
    state = Choice("target/@state", "connected", "disconnected")
