"""Where a screen is, for each way in which libvirt serves one."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from lxml import etree

from innkeeper.guest.screen import display
from innkeeper.host import Host
from innkeeper.libvirtxml.build import element
from innkeeper.libvirtxml.devices.graphics import Graphics
from innkeeper.machine import SshMachine
from innkeeper.schema.guest_screen import Screen


def graphics(kind: str, inside: dict[str, str] | None = None, **attributes: str) -> Graphics:
    node = element("graphics", {"type": kind} | attributes)
    if inside is not None:
        etree.SubElement(node, "listen", inside)
    return Graphics(node)


CASES: list[tuple[Graphics, str | None, str | None]] = [
    (graphics("vnc", port="5901", listen="127.0.0.1"), "vnc://127.0.0.1:5901", "127.0.0.1:5901"),
    (
        graphics("vnc", {"type": "address", "address": "0.0.0.0"}, port="5900"),
        "vnc://127.0.0.1:5900",
        "127.0.0.1:5900",
    ),
    (
        graphics("vnc", {"type": "address", "address": "fd00::1"}, port="5900"),
        "vnc://[fd00::1]:5900",
        "[fd00::1]:5900",
    ),
    (
        graphics("vnc", {"type": "socket", "socket": "/run/a b.sock"}),
        "vnc+unix:///run/a b.sock",
        "/run/a b.sock",
    ),
    (graphics("vnc", {"type": "none"}), None, None),
    (graphics("vnc", port="-1"), None, None),
    (
        graphics("spice", port="5900", tlsPort="5901"),
        "spice://127.0.0.1?port=5900&tls-port=5901",
        "127.0.0.1:5900",
    ),
    (graphics("spice", tlsPort="5901"), "spice://127.0.0.1?tls-port=5901", "127.0.0.1:5901"),
]


@pytest.mark.parametrize(("served", "uri", "far"), CASES)
def test_places(served: Graphics, uri: str | None, far: str | None) -> None:
    place = display._place(served)
    assert display._uri(served, *place) == uri
    if far is not None:
        assert display.there(screen(address=place[0], port=place[1], socket=place[2])) == far


def test_the_tunnel_is_the_uris_own_ssh() -> None:
    host = Host("qemu+ssh://root@far.example:2222/system")
    words = display._tunnel(host, screen(uri="vnc://127.0.0.1:5901", address="127.0.0.1", port=5901))
    assert words[:2] == ("ssh", "-N")
    assert words[-5:] == ("-p", "2222", "-L", "5901:127.0.0.1:5901", "root@far.example")
    assert isinstance(host.machine, SshMachine)
    assert display._tunnel(host, screen(uri=None)) == ()


def test_the_connection_file_holds_no_line_of_others() -> None:
    told = display._connection_file(screen(name="a\nhost=evil", address="127.0.0.1", port=5900))
    assert told == "[virt-viewer]\ntype=vnc\nhost=127.0.0.1\nport=5900\ntitle=ahost=evil\n"
    assert display._connection_file(screen(socket="/x")) is None


def screen(**fields: Any) -> Screen:
    empty = dict.fromkeys(("address", "port", "tls_port", "socket", "uri", "connection_file"))
    made = Screen(name="web", uuid="u", kind="vnc", host="h", tunnel=(), password=False, **empty)
    return msgspec.structs.replace(made, **fields)
