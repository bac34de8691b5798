"""A guest's screen over the network: RFB (RFC 6143) through a WebSocket, by a descriptor that libvirt hands over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.rfb import Screen
from tests.server import Server
from tests.websocket import open_socket, ticket
from tests.world import Inside, World

SPICE = """<domain type='qemu'><name>spice</name><memory unit='MiB'>32</memory>
<os><type arch='x86_64'>hvm</type></os><devices><graphics type='spice'><listen type='none'/></graphics>
<video><model type='vga'/></video></devices></domain>"""


@pytest.fixture(scope="module")
def server(tiny_world: World) -> Iterator[Server]:
    tiny_world.inn("create", "web", "--image", "tiny", "--wait", "boot", check=True)
    with Server(tiny_world) as made:
        yield made


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
