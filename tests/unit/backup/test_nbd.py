"""Disks read over NBD: from qemu-nbd, and from servers that break off, lie, or keep silent."""

from __future__ import annotations

import hashlib
import random
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import pytest

from innkeeper.backup import pulling
from innkeeper.errors import Failed
from innkeeper.machine.extents import Rooms
from innkeeper.machine.nbd import Nbd

MIB = 1 << 20
SIZE = 9 * MIB
NOISE = random.Random(1).randbytes(SIZE)
READ, END, STATUS = 0, 2, 7
NONE, DATA, HOLE, TOLD, ERROR = 0, 1, 2, 5, 32769
LAST, CONTEXT = 1, 5
Say = bytes | Callable[[int, int, int], bytes]
BREAK_OFF = b"break off"


class Server:
    """Speaks as QEMU does, but for the words that are replaced."""

    def __init__(self, **words: Say) -> None:
        self._words = words
        self.ours, self._theirs = socket.socketpair()
        self._theirs.settimeout(20)
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.ours.close()
        self._thread.join(20)
        assert not self._thread.is_alive()

    def _serve(self) -> None:
        with self._theirs:
            try:
                self._shake_hands()
                while self._answer(*struct.unpack(">IHHQQI", self._get(28))):
                    pass
            except OSError:
                return

    def _get(self, count: int) -> bytes:
        held = b""
        while len(held) < count:
            fresh = self._theirs.recv(count - len(held))
            if not fresh:
                raise ConnectionError
            held += fresh
        return held

    def _say(self, word: str, plain: bytes, *question: int) -> None:
        said = self._words.get(word, plain)
        said = said if isinstance(said, bytes) else said(*question)
        if said == BREAK_OFF:
            raise ConnectionError
        self._theirs.sendall(said)

    def _shake_hands(self) -> None:
        self._say("hello", b"NBDMAGICIHAVEOPT" + struct.pack(">H", 3))
        self._get(4)
        offer = struct.pack(">HQH", 0, SIZE, 0x81)
        for word, plain in (
            ("structured", option(8, 1)),
            ("context", option(10, 4, struct.pack(">I", CONTEXT) + b"base:allocation") + option(10, 1)),
            (
                "go",
                option(7, 3, struct.pack(">HIII", 3, 1, 4096, 1 << 25)) + option(7, 3, offer) + option(7, 1),
            ),
        ):
            self._get(struct.unpack(">I", self._get(16)[12:])[0])
            self._say(word, plain)

    def _answer(self, magic: int, flags: int, kind: int, number: int, at: int, length: int) -> bool:
        assert magic == 0x25609513
        if kind == READ:
            assert flags == 4, "it may come in parts"
            self._say("read", data(number, at, length), number, at, length)
        elif kind == STATUS:
            self._say("status", status(number, (4 * MIB, 0), (MIB, 3), (4 * MIB, 0)), number, at, length)
        return kind != END


def option(number: int, kind: int, data: bytes = b"") -> bytes:
    return struct.pack(">QIII", 0x3E889045565A9, number, kind, len(data)) + data


def chunk(number: int, kind: int, data: bytes = b"", flags: int = LAST) -> bytes:
    return struct.pack(">IHHQI", 0x668E33EF, flags, kind, number, len(data)) + data


def data(number: int, at: int, length: int, flags: int = LAST) -> bytes:
    return chunk(number, DATA, struct.pack(">Q", at) + NOISE[at : at + length], flags)


def status(number: int, *extents: tuple[int, int]) -> bytes:
    return chunk(
        number, TOLD, struct.pack(">I", CONTEXT) + b"".join(struct.pack(">II", *one) for one in extents)
    )


def error(number: int, text: bytes) -> bytes:
    return chunk(number, ERROR, struct.pack(">IH", 5, len(text)) + text)


def read(server: Server, patience: float = 15) -> bytes:
    """What it offers, with zeros where it is said to hold none."""
    held = bytearray(SIZE)
    with Nbd(server.ours, "vda", lambda: None, patience) as offer:
        for at, piece in offer.pieces(list(offer.data()), Rooms()):
            held[at : at + len(piece)] = piece
    return bytes(held)


HALF = NOISE[: 4 * MIB] + bytes(MIB) + NOISE[5 * MIB :]


def test_as_qemu_speaks() -> None:
    with Server() as server:
        assert read(server) == HALF


def test_answers_in_another_order_and_in_parts() -> None:
    """The second question first; the first in three parts, zeros between them."""
    asked: list[tuple[int, int, int]] = []

    def answer(*question: int) -> bytes:
        asked.append(question)  # type: ignore[arg-type]  # three numbers
        if len(asked) < 2:
            return b""
        number, at, length = asked[0]
        parts = data(number, at, 10, 0) + chunk(number, HOLE, struct.pack(">QI", at + 10, 20), 0)
        return data(*asked[1]) + parts + data(number, at + 30, length - 30, 0) + chunk(number, NONE)

    with Server(read=answer) as server:
        assert read(server) == NOISE[:10] + bytes(20) + HALF[30:]


def test_what_is_told_of_the_disk_in_pieces() -> None:
    """One stretch at a time, the last longer than the disk; a hole that may hold anything is data."""

    def some(number: int, at: int, length: int) -> bytes:
        assert at + length == SIZE
        return status(number, (MIB, 1)) if at < 2 * MIB else status(number, (SIZE, 2))

    with Server(status=some) as server, Nbd(server.ours, "vda", lambda: None) as offer:
        assert list(offer.data()) == [(0, MIB), (MIB, 2 * MIB)]


WRONG: dict[str, tuple[dict[str, Say], str]] = {
    "no NBD": ({"hello": b"SSH-2.0-OpenSSH_9.2p1"}, "protocol"),
    "old NBD": ({"hello": b"NBDMAGICIHAVEOPT\0\0"}, "protocol"),
    "silent end": ({"hello": BREAK_OFF}, "broke off"),
    "refuses": ({"go": option(7, (1 << 31) + 6, b"no such disk")}, "no such disk"),
    "refuses without a word": ({"structured": option(8, (1 << 31) + 1)}, "refused"),
    "no context": ({"context": option(10, 1)}, "what is in the disk"),
    "another context": ({"context": option(10, 4, b"\0\0\0\1qemu:x") + option(10, 1)}, "what is in the disk"),
    "no size": ({"go": option(7, 1)}, "size"),
    "another option": ({"go": option(8, 1)}, "option 8"),
    "a long option": ({"go": struct.pack(">QIII", 0x3E889045565A9, 7, 3, 1 << 31)}, "bytes"),
    "an endless option": ({"go": option(7, 3, b"\0\3") * 101}, "no end"),
    "status of nothing": ({"status": lambda number, *_: status(number)}, "kind 5"),
    "status of no length": ({"status": lambda number, *_: status(number, (0, 0))}, "nothing about"),
    "status refused": ({"status": lambda number, *_: error(number, b"I will not")}, "I will not"),
    "status of another context": (
        {"status": lambda number, *_: chunk(number, TOLD, struct.pack(">III", 9, MIB, 0))},
        "context 9",
    ),
    "status twice": (
        {"status": lambda number, *_: status(number, (MIB, 0)).replace(b"\0\1\0\5", b"\0\0\0\5") * 2},
        "kind 5",
    ),
    "a simple error": ({"read": struct.pack(">IIQ", 0x67446698, 5, 1)}, "error 5"),
    "no reply": ({"read": b"\0" * 20}, "no reply"),
    "an error": ({"read": lambda number, *_: error(number, b"Input/output error")}, "Input/output error"),
    "an error of no length": ({"read": lambda number, *_: chunk(number, ERROR, b"\0\0")}, "an error of 2"),
    "another question": ({"read": lambda _number, at, size: data(99, at, size)}, "nothing that was asked"),
    "another place": ({"read": lambda number, at, size: data(number, at + 512, size)}, "is next"),
    "too much": ({"read": lambda number, at, size: data(number, at, size + 1)}, "is next"),
    "too little": ({"read": lambda number, at, size: data(number, at, size - 1)}, "were asked for"),
    "nothing": ({"read": lambda number, *_: chunk(number, NONE)}, "0 bytes"),
    "too many zeros": (
        {"read": lambda number, at, _size: chunk(number, HOLE, struct.pack(">QI", at, 1 << 31))},
        "is next",
    ),
    "an unknown kind": ({"read": lambda number, *_: chunk(number, 77)}, "kind 77"),
    "the end within": (
        {"read": lambda number, at, size: data(number, at, size)[:1000]},
        "no answer in 1 sec",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_server_that_does_wrong(name: str) -> None:
    """One error, and no waiting for ever."""
    words, told = WRONG[name]
    began = time.monotonic()
    with Server(**words) as server, pytest.raises(Failed) as caught:
        read(server, patience=1)
    assert caught.value.code == "machine.nbd"
    assert told in str(caught.value)
    assert time.monotonic() - began < 15


def test_whoever_waits_may_give_up() -> None:
    def enough() -> None:
        raise KeyboardInterrupt

    with Server(hello=b"NBD") as server, pytest.raises(KeyboardInterrupt):
        Nbd(server.ours, "vda", enough)


def test_nobody_there(tmp_path: Path) -> None:
    with pytest.raises(Failed) as caught:
        Nbd.at(f"{tmp_path}/nothing", "vda", lambda: None)
    assert "No such file" in str(caught.value)


# --- a whole disk -----------------------------------------------------------------------------------------------------


def offered(disk: Path, socket: Path) -> subprocess.Popen[bytes]:
    argv = ["qemu-nbd", "-r", "-f", "qcow2", "-x", "vda", "-k", str(socket), str(disk)]
    server = subprocess.Popen(argv)
    deadline = time.monotonic() + 20
    while not socket.exists():
        assert time.monotonic() < deadline
        assert server.poll() is None
        time.sleep(0.01)
    return server


def test_a_disk_of_qemu(tmp_path: Path) -> None:
    disk, socket, copy = tmp_path / "disk", tmp_path / "socket", tmp_path / "copy"
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", str(disk), "700M"], check=True)
    writes = ("write -P 1 64k 9M", "write -P 2 600M 100k", "write -z 20M 1M", "write -P 3 734003000 200")
    commands = [word for write in writes for word in ("-c", write)]
    subprocess.run(["qemu-io", "-f", "qcow2", *commands, str(disk)], check=True, capture_output=True)
    seen: list[float] = []
    server = offered(disk, socket)
    try:
        found = pulling.copy(str(socket), {"vda": str(copy)}, seen.append, lambda: None)
    finally:
        server.terminate()
        server.wait(20)
    held = copy.read_bytes()
    assert found["vda"] == (len(held), hashlib.sha256(held).hexdigest())
    assert (copy.stat().st_mode & 0o777, sorted(seen), seen[-1] <= 1.0) == (0o600, seen, True)
    for argv in (
        ["check", "-f", "qcow2", str(copy)],
        ["compare", "-f", "qcow2", "-F", "qcow2", str(disk), str(copy)],
    ):
        done = subprocess.run(["qemu-img", *argv], capture_output=True, text=True)
        assert done.returncode == 0, done
