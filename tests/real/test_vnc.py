"""A guest's screen over the network: RFB (RFC 6143) through a WebSocket, by a descriptor that libvirt hands over."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import pytest
from websockets.sync.client import ClientConnection

from tests.server import Server
from tests.websocket import open_socket, ticket
from tests.world import Inside, World

SPICE = """<domain type='qemu'><name>spice</name><memory unit='MiB'>32</memory>
<os><type arch='x86_64'>hvm</type></os><devices><graphics type='spice'><listen type='none'/></graphics>
<video><model type='vga'/></video></devices></domain>"""
VERSION = b"RFB 003.008\n"


@pytest.fixture(scope="module")
def server(tiny_world: World) -> Iterator[Server]:
    tiny_world.inn("create", "web", "--image", "tiny", "--wait", "boot", check=True)
    with Server(tiny_world) as made:
        yield made


class Screen:
    """What comes of it, as one stream."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self._there = b""

    def read(self, size: int) -> bytes:
        while len(self._there) < size:
            frame = self.socket.recv(90)
            assert isinstance(frame, bytes)
            self._there += frame
        told, self._there = self._there[:size], self._there[size:]
        return told

    def numbers(self, layout: str) -> tuple[int, ...]:
        return struct.unpack(layout, self.read(struct.calcsize(layout)))

    def greet(self) -> list[int]:
        """The kinds of security that are offered."""
        assert self.read(12) == VERSION
        self.socket.send(VERSION)
        return list(self.read(self.read(1)[0]))

    def enter(self) -> tuple[int, int]:
        """Width and height."""
        assert 1 in self.greet(), "without a password of its own it asks for none"
        self.socket.send(b"\1")
        assert self.numbers(">I") == (0,)
        self.socket.send(b"\1")
        width, height = self.numbers(">HH")
        self.read(16)
        self.read(self.numbers(">I")[0])
        return width, height

    def draw(self, width: int, height: int) -> int:
        """Ask for all of it, raw; how many pixels came."""
        self.socket.send(struct.pack(">BBHi", 2, 0, 1, 0) + struct.pack(">BBHHHH", 3, 0, 0, 0, width, height))
        assert self.numbers(">Bx") == (0,)
        pixels = 0
        for _ in range(self.numbers(">H")[0]):
            _x, _y, wide, high, encoding = self.numbers(">HHHHi")
            assert encoding == 0
            self.read(wide * high * 4)
            pixels += wide * high
        return pixels


def ports(world: Inside) -> str:
    return world.run(["sh", "-c", "ss -Hltnp | grep qemu | awk '{print $4}' | sort"]).stdout


def test_a_frame_is_drawn_and_no_port_is_opened(server: Server) -> None:
    before = ports(server.world)
    path = ticket(server, "web", kind="vnc")["path"]
    with open_socket(server, path, subprotocols=["binary"]) as socket:
        assert socket.subprotocol == "binary"
        screen = Screen(socket)
        width, height = screen.enter()
        assert screen.draw(width, height) == width * height
        with open_socket(server, ticket(server, "web", kind="vnc")["path"]) as second:
            assert Screen(second).enter() == (width, height)
        assert ports(server.world) == before


def test_a_guest_without_a_vnc_screen_says_why(server: Server) -> None:
    asked = server.client.post("/api/v1/guests/nobody/console", json={"kind": "vnc"})
    assert asked.json()["code"] == "guest.unknown"
    server.world.run(["sh", "-c", "cat >/var/lib/spice.xml"], input=SPICE, check=True)
    server.world.virsh("define", "/var/lib/spice.xml")
    asked = server.client.post("/api/v1/guests/spice/console", json={"kind": "vnc"})
    assert (asked.status_code, asked.json()["code"]) == (409, "guest.not_running")
    if "spice" in server.world.virsh("domcapabilities"):
        server.world.virsh("start", "spice")
        asked = server.client.post("/api/v1/guests/spice/console", json={"kind": "vnc"})
        assert (asked.status_code, asked.json()["code"]) == (422, "guest.only_spice")
