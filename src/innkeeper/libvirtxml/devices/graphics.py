"""`<graphics>`: the screen of a guest, for a viewer."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Children
from innkeeper.libvirtxml.devices.device import Device
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Choice, Integer, OnOff, Text, YesNo


class Listen(View):
    """Where the server of a screen listens."""

    TAG = "listen"
    type = Choice("@type", "address", "network", "socket", "none")
    address = Text("@address")
    network = Text("@network")
    socket = Text("@socket")


class SpiceChannel(View):
    """Whether one channel of SPICE is encrypted."""

    TAG = "channel"
    name = Choice(
        "@name", "main", "display", "inputs", "cursor", "playback", "record", "smartcard", "usbredir"
    )
    mode = Choice("@mode", "any", "secure", "insecure")


class Graphics(Device):
    """A screen over VNC, SPICE, RDP, D-Bus or in a window. Ports are TCP; -1 with `autoport` lets libvirt
    choose.
    """

    TAG = "graphics"
    type = Choice("@type", "sdl", "vnc", "spice", "rdp", "desktop", "egl-headless", "dbus")
    port = Integer("@port")
    tls_port = Integer("@tlsPort")
    websocket = Integer("@websocket")
    autoport = YesNo("@autoport")
    listen = Text("@listen")
    socket = Text("@socket")
    password = Text("@passwd")
    password_valid_to = Text("@passwdValidTo")
    connected = Choice("@connected", "fail", "disconnect", "keep")
    share_policy = Choice("@sharePolicy", "allow-exclusive", "force-shared", "ignore")
    power_control = YesNo("@powerControl")
    keymap = Text("@keymap")
    default_mode = Choice("@defaultMode", "any", "secure", "insecure")
    display = Text("@display")
    xauth = Text("@xauth")
    fullscreen = YesNo("@fullscreen")
    multi_user = YesNo("@multiUser")
    replace_user = YesNo("@replaceUser")
    username = Text("@username")
    wait = YesNo("@wait")
    p2p = YesNo("@p2p")
    address_dbus = Text("@address")
    listens = Children("listen", Listen)
    channels = Children("channel", SpiceChannel)
    image_compression = Choice("image/@compression", "auto_glz", "auto_lz", "quic", "glz", "lz", "off")
    jpeg_compression = Choice("jpeg/@compression", "auto", "never", "always")
    zlib_compression = Choice("zlib/@compression", "auto", "never", "always")
    playback_compression = OnOff("playback/@compression")
    streaming = Choice("streaming/@mode", "filter", "all", "off")
    clipboard = YesNo("clipboard/@copypaste")
    mouse = Choice("mouse/@mode", "client", "server")
    file_transfer = YesNo("filetransfer/@enable")
    gl = YesNo("gl/@enable")
    render_node = Text("gl/@rendernode")
    audio = Integer("audio/@id", least=1)
