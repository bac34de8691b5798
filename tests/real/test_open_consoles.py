"""What an open console goes through: nonsense in its frames, ends of rights, restarts of libvirtd and of its guest."""

from __future__ import annotations

import os
import random
import struct
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from tests.rfb import Screen
from tests.server import Server
from tests.websocket import Terminal, open_socket, ticket
from tests.world import World

SEED = int(os.environ.get("INNKEEPER_TEST_SEED") or 1221)
PATIENCE = 60.0
SOON = 15.0
"""Seconds on a busy machine for what takes four."""
PASSWORD = "geheim42"
_MASK = b"\1\2\3\4"
_BINARY, _TEXT, _CONTINUED, _CLOSE, _PING = 2, 1, 0, 8, 9


@pytest.fixture(scope="module")
def server(tiny_world: World) -> Iterator[Server]:
    tiny_world.inn("create", "web", "--image", "tiny", "--wait", "boot", check=True)
    with Server(tiny_world) as made:
        yield made


def frame(opcode: int, payload: bytes = b"", *, first: int = 0x80, size: int | None = None) -> bytes:
    """Masked, as a client's is. `first`: the bits beside the opcode. `size`: what is told instead of the truth."""
    told = len(payload) if size is None else size
    head = bytes([first | opcode])
    if told < 126:
        head += bytes([0x80 | told])
    elif told < 1 << 16:
        head += struct.pack(">BH", 0xFE, told)
    else:
        head += struct.pack(">BQ", 0xFF, told)
    return head + _MASK + bytes(byte ^ _MASK[at % 4] for at, byte in enumerate(payload))


BROKEN = {
    "an opcode that is none": (frame(3, b"x"), 1002),
    "a control opcode that is none": (frame(11), 1002),
    "reserved bits": (frame(_BINARY, b"x", first=0xF0), 1002),
    "no mask": (b"\x82\x01x", 1002),
    "a long ping": (frame(_PING, b"p" * 126), 1002),
    "a ping in pieces": (frame(_PING, b"p", first=0), 1002),
    "goes on with nothing": (frame(_CONTINUED, b"x"), 1002),
    "begins anew within": (frame(_BINARY, b"", first=0) + frame(_BINARY, b"x"), 1002),
    "no UTF-8": (frame(_TEXT, b"\xff\xfe"), 1007),
    "half a character": (frame(_TEXT, b"\xe4", first=0) + frame(_CONTINUED, b"x"), 1007),
    "larger than allowed": (frame(_BINARY, b"", size=(1 << 20) + 1), 1009),
    "larger than there is": (frame(_BINARY, b"", size=(1 << 63) - 1), 1009),
    "larger than allowed, in pieces": (
        frame(_BINARY, b"\0" * 0, first=0) + frame(_CONTINUED, b"", first=0, size=(1 << 20) + 1),
        1009,
    ),
    "a length with the highest bit": (frame(_BINARY, b"", size=1 << 63), 1009),
    "a close of one byte": (frame(_CLOSE, b"x"), 1002),
    "a close with no code": (frame(_CLOSE, struct.pack(">H", 5)), 1002),
    "a close that is no UTF-8": (frame(_CLOSE, struct.pack(">H", 1000) + b"\xff"), 1007),
}
"""what → its bytes, and the code of the close that answers them (RFC 6455 §7.4.1)"""


def end_of(socket: ClientConnection, timeout: float = PATIENCE) -> int | None:
    """The code that the other side closes with; None when it goes without one."""
    deadline = time.monotonic() + timeout
    try:
        while time.monotonic() < deadline:
            socket.recv(timeout)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None
    raise AssertionError("it goes on")


def answers(witness: Terminal) -> None:
    """The guest does what another reader types."""
    number = random.randrange(10**6, 10**7)
    witness.type(f"\recho $(({number}+1))x\r")
    witness.wait_for(b"%dx" % (number + 1))


@pytest.mark.parametrize("what", BROKEN)
def test_a_frame_that_is_none_ends_that_reader_alone(server: Server, what: str) -> None:
    sent, code = BROKEN[what]
    with Terminal(server, "web") as witness:
        fuzzing = open_socket(server, ticket(server, "web")["path"])
        fuzzing.socket.sendall(sent)
        assert end_of(fuzzing) == code
        answers(witness)


def test_random_bytes_end_that_reader_alone(server: Server) -> None:
    """Read-only: some of it may be frames, and what they hold would be typed."""
    chance = random.Random(SEED)
    with Terminal(server, "web") as witness:
        for _ in range(30):
            fuzzing = open_socket(server, ticket(server, "web", read_only=True)["path"])
            fuzzing.socket.sendall(chance.randbytes(chance.randint(1, 3000)))
            fuzzing.socket.close()
        answers(witness)
        for _ in range(5):
            screen = open_socket(server, ticket(server, "web", kind="vnc")["path"])
            screen.send(chance.randbytes(500))
            end_of(screen)
        with open_socket(server, ticket(server, "web", kind="vnc")["path"]) as seen:
            screen_of = Screen(seen)
            assert screen_of.draw(*screen_of.enter())
        answers(witness)


def test_frames_in_pieces_are_typed_as_one(server: Server) -> None:
    with Terminal(server, "web") as terminal:
        typed = "\recho $((6*7))é42\r".encode()
        for at, byte in enumerate(typed):
            last = 0x80 if at == len(typed) - 1 else 0
            terminal.socket.socket.sendall(frame(_CONTINUED if at else _TEXT, bytes([byte]), first=last))
            terminal.socket.socket.sendall(frame(_PING, b"in between"))
        terminal.wait_for("42é42".encode())


def test_who_is_let_in_no_more_loses_an_open_console(server: Server) -> None:
    """A token that is revoked, and one whose role is taken away; other readers stay."""
    with Terminal(server, "web") as witness:
        for remove in (revoke, demote):
            name = f"leaving-{time.time_ns()}"
            made = server.client.post("/api/v1/tokens", json={"name": name, "role": "operator"}).json()
            word = made["token"]
            with (
                Terminal(server, "web", word) as serial,
                open_socket(server, ticket(server, "web", word, kind="vnc")["path"], word) as screen,
            ):
                answers(serial)
                Screen(screen).enter()
                code = remove(server, name)
                assert serial.wait_for_end(SOON) == (4004, code)
                assert end_of(screen, SOON) == 4004
        answers(witness)


def revoke(server: Server, name: str) -> str:
    assert server.client.delete(f"/api/v1/tokens/{name}").is_success
    return "caller.unknown"


def demote(server: Server, name: str) -> str:
    script = """import sqlite3, sys
with sqlite3.connect("/var/lib/innkeeper/server.db") as database:
    assert database.execute("update tokens set role='viewer' where name=?", sys.argv[1:]).rowcount == 1"""
    server.world.run(["python3", "-c", script, name], check=True)
    return "caller.role"


def test_a_session_that_ended_loses_an_open_console(server: Server) -> None:
    link = server.fresh_link().partition("#link=")[2]
    with server.browser() as browser:
        csrf = browser.post("/api/v1/session", json={"link": link}).json()["csrf"]
        headers = {"X-CSRF-Token": csrf}
        made = browser.post("/api/v1/guests/web/console", json={}, headers=headers)
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        serial = open_socket(server, made.json()["path"], cookie=cookie)
        assert browser.delete("/api/v1/session", headers=headers).status_code == 204
        assert end_of(serial, SOON) == 4004


def test_libvirtd_restarts_under_open_consoles(server: Server, tiny_world: World) -> None:
    """libvirt has the serial port; the screen is QEMU's own, and goes on."""
    with open_socket(server, ticket(server, "web", kind="vnc")["path"]) as seen:
        screen = Screen(seen)
        size = screen.enter()
        with Terminal(server, "web") as serial:
            answers(serial)
            tiny_world.restart_libvirtd()
            assert serial.wait_for_end() == (4003, "libvirt.lost")
        assert screen.draw(*size) == size[0] * size[1]
        with Terminal(server, "web") as again:
            answers(again)


def test_the_guest_restarts_under_open_consoles(server: Server) -> None:
    """A reset is the same run: both stay. Off is the end of both, and the next run has others."""
    world = server.world
    seen = open_socket(server, ticket(server, "web", kind="vnc")["path"])
    screen = Screen(seen)
    size = screen.enter()
    with Terminal(server, "web") as serial:
        world.inn("reset", "web", check=True)
        with suppress(AssertionError):  # nothing is said: it is open all the same
            serial.take(time.monotonic() + 1)
        serial.type("\r")
        assert screen.draw(*size)
        world.inn("stop", "web", "--force", check=True)
        assert serial.wait_for_end() == (4001, "guest.not_running")
        assert end_of(seen) == 4000
        asked = server.client.post("/api/v1/guests/web/console")
        assert (asked.status_code, asked.json()["code"]) == (409, "guest.not_running")
        world.inn("start", "web", check=True)
    with (
        Terminal(server, "web") as again,
        open_socket(server, ticket(server, "web", kind="vnc")["path"]) as anew,
    ):
        again.type("\r")
        assert Screen(anew).enter()


def test_a_screen_with_a_password_asks_for_it(server: Server) -> None:
    password = f"./devices/graphics/@passwd={PASSWORD}"
    name = f"locked-{random.randrange(10**6)}"  # when it is tried again, it is another one
    server.world.inn("create", name, "--image", "tiny", "--xml", password, check=True)
    for wrong in ("falsch", PASSWORD[:-1]):
        with open_socket(server, ticket(server, name, kind="vnc")["path"]) as socket:
            assert "failed" in Screen(socket).prove(wrong).lower()
            assert end_of(socket) == 4000  # QEMU closed it
    with open_socket(server, ticket(server, name, kind="vnc")["path"]) as socket:
        screen = Screen(socket)
        size = screen.enter(PASSWORD)
        assert screen.draw(*size) == size[0] * size[1]
