"""What serial ports, parallel ports, consoles, channels, redirections and smartcards share: a stream of
characters.
"""

from __future__ import annotations

from innkeeper.libvirtxml.devices.device import Device
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Choice, Integer, OnOff, Text, YesNo

CHARACTER_TYPES = (
    "dev", "file", "pipe", "unix", "tcp", "udp", "null", "stdio", "vc", "pty", "spicevmc", "spiceport",
    "nmdm", "qemu-vdagent", "dbus",
)  # fmt: skip


class CharSource(View):
    """The host's end of a stream. For `udp` libvirt writes two, told apart by `mode`; this is the first."""

    TAG = "source"
    path = Text("@path")
    mode = Choice("@mode", "bind", "connect")
    host = Text("@host")
    service = Text("@service")
    channel = Text("@channel")
    master = Text("@master")
    slave = Text("@slave")
    append = OnOff("@append")
    tls = YesNo("@tls")
    reconnect_enabled = YesNo("reconnect/@enabled")
    reconnect_timeout = Integer("reconnect/@timeout", least=0)
    clipboard_copypaste = YesNo("clipboard/@copypaste")
    mouse_mode = Choice("mouse/@mode", "client", "server")


class CharDevice(Device):
    """A device that is a stream of characters; `log_file` is what the host keeps of it."""

    type = Choice("@type", *CHARACTER_TYPES)
    tty = Text("@tty")
    protocol = Choice("protocol/@type", "raw", "telnet", "telnets", "tls")
    log_file = Text("log/@file")
    log_append = OnOff("log/@append")
