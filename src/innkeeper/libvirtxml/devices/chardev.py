"""What serial ports, parallel ports, consoles, channels, redirections and smartcards share: a stream of
characters.
"""

from __future__ import annotations

from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.devices.device import Device
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.seclabel import SourceLabel
from innkeeper.libvirtxml.values import Choice, Integer, OnOff, Text, YesNo

CHARACTER_TYPES = (
    "dev", "file", "pipe", "unix", "tcp", "udp", "null", "stdio", "vc", "pty", "spicevmc", "spiceport",
    "nmdm", "qemu-vdagent", "dbus",
)  # fmt: skip


class CharSource(View):
    """The host's end of a stream. For `udp` there may be two, told apart by `mode`. `reconnect_delay` and
    `reconnect_timeout` are in seconds.
    """

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
    reconnect_delay = Integer("reconnect/@delay", least=0)
    seclabels = Children("seclabel", SourceLabel)
    clipboard_copypaste = YesNo("clipboard/@copypaste")
    mouse_mode = Choice("mouse/@mode", "client", "server")


class CharDevice(Device):
    """A device that is a stream of characters; `log_file` is what the host keeps of it, `source` the first
    (nearly always the only) of `sources`.
    """

    source = Child("source", CharSource)
    sources = Children("source", CharSource)
    type = Choice("@type", *CHARACTER_TYPES)
    tty = Text("@tty")
    protocol = Choice("protocol/@type", "raw", "telnet", "telnets", "tls")
    log_file = Text("log/@file")
    log_append = OnOff("log/@append")


class PortDevice(CharDevice):
    """A serial or parallel port, or a console. What the guest sees of it is `target_type` (a bus) and
    `target_model`; which go together is libvirt's to say.
    """

    target_type = Choice(
        "target/@type", "isa-serial", "usb-serial", "pci-serial", "spapr-vio-serial", "system-serial",
        "sclp-serial", "isa-debug", "serial", "virtio", "xen", "uml", "lxc", "openvz", "sclp", "sclplm",
    )  # fmt: skip
    target_port = Integer("target/@port", least=0)
    target_model = Choice(
        "target/model/@name", "isa-serial", "usb-serial", "pci-serial", "spapr-vty", "pl011", "16550a",
        "sclpconsole", "sclplmconsole", "isa-debugcon",
    )  # fmt: skip
