"""A disk that a server on this computer offers over NBD, read: which of it is zeros, and the rest.

The words are those of the NBD protocol (github.com/NetworkBlockDevice/nbd, doc/proto.md): the fixed newstyle
handshake, structured replies, and the metadata context `base:allocation`. Whatever a server does that is not of it ends
in one error, and none is waited for without an end.
"""

from __future__ import annotations

import socket
import struct
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

from innkeeper.errors import Failed
from innkeeper.machine.extents import ROOM, Rooms

__all__ = ["LONGEST_PATH", "Nbd"]

LONGEST_PATH = 107
"""Bytes of a socket's path (unix(7): sun_path holds 108 with the NUL)."""
_PATIENCE = 60.0
"""Seconds without a single byte."""
_LOOK = 1.0
"""Seconds after which whoever waits looks whether it still wants to."""
_AHEAD = 3
"""Reads that are under way; of the rooms (machine/extents.py) some are left for what is worked on."""
_ONE_LOOK = 1 << 31
"""Bytes of the disk that are asked about at once."""
_MOST_TOLD = 8 << 20
"""Bytes of an answer that holds no data."""

_MAGIC, _OPTIONS, _OPTION_REPLY = 0x4E42444D41474943, 0x49484156454F5054, 0x3E889045565A9
_FIXED, _NO_ZEROES = 1, 2
_GO, _STRUCTURED, _SET_CONTEXT = 7, 8, 10
_ACK, _INFO, _CONTEXT, _REFUSED = 1, 3, 4, 1 << 31
_INFO_EXPORT = 0
_ALLOCATION = b"base:allocation"

_REQUEST, _SIMPLE, _REPLY = 0x25609513, 0x67446698, 0x668E33EF
_READ, _END, _STATUS = 0, 2, 7
_IN_ONE_PIECE = 1 << 2
_CAN_IN_ONE_PIECE = 1 << 7
_LAST = 1
_NONE, _DATA, _HOLE, _TOLD_STATUS, _ERROR = 0, 1, 2, 5, 1 << 15
_ZERO = 2


@dataclass
class _Read:
    """What was asked for, and how much of it came."""

    at: int
    room: memoryview
    come: int = 0
    done: bool = False


class Nbd:
    """One disk of the server at a UNIX socket. Use it in a `with`.

    Every method raises `Failed("machine.nbd")` when the server refuses, breaks off, keeps silent for a minute or
    answers what it should not. `on_wait` is called about each second in which nothing comes; it may raise.
    """

    def __init__(
        self, connected: socket.socket, name: str, on_wait: Callable[[], object], patience: float = _PATIENCE
    ) -> None:
        """`connected` to the server of the export `name`."""
        self._name, self._on_wait, self._patience = name, on_wait, patience
        self._socket = connected
        self._under_way: dict[int, _Read] = {}
        self._number = 0
        self._socket.settimeout(None)
        every = struct.pack("ll", int(_LOOK), int(_LOOK % 1 * 1_000_000))
        for direction in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            self._socket.setsockopt(socket.SOL_SOCKET, direction, every)
        self.size, self._flags, self._context = self._shake_hands()

    @classmethod
    def at(cls, path: str, name: str, on_wait: Callable[[], object]) -> Self:
        """The export `name` of the server at the socket `path`."""
        connected = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        try:
            connected.settimeout(_PATIENCE)
            connected.connect(path)
            return cls(connected, name, on_wait)
        except OSError as error:
            connected.close()
            raise Failed("machine.nbd", disk=name, detail=error.strerror or str(error)) from error
        except BaseException:
            connected.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        try:
            if error[0] is None:
                self._ask(_END, 0, 0)
        except Failed:  # all that was wanted has come
            pass
        finally:
            self._socket.close()

    def data(self) -> Iterator[tuple[int, int]]:
        """Where the disk holds more than zeros: beginning and end, upwards; what touches may come as two."""
        at = 0
        while at < self.size:
            wanted = min(_ONE_LOOK, self.size - at)
            for length, flags in self._status(at, wanted):
                end = min(at + length, self.size)
                if not flags & _ZERO and at < end:
                    yield at, end
                at = end

    def pieces(self, wanted: Iterable[tuple[int, int]], rooms: Rooms) -> Iterator[tuple[int, memoryview]]:
        """What is there, from beginning to end of each; offsets upwards, up to 4 MiB at once. Whoever goes on using a
        piece when it asks for the next one says so by `rooms.hold`."""
        asked: deque[_Read] = deque()
        for start, end in wanted:
            for at in range(start, end, ROOM):
                room = rooms.next()[: min(ROOM, end - at)]
                asked.append(self._begin_read(at, room))
                if len(asked) >= _AHEAD:
                    yield self._first(asked)
        while asked:
            yield self._first(asked)

    # --- reading and asking ---------------------------------------------------------------------------------------

    def _begin_read(self, at: int, room: memoryview) -> _Read:
        whole = _IN_ONE_PIECE if self._flags & _CAN_IN_ONE_PIECE else 0
        read = _Read(at, room)
        self._under_way[self._ask(_READ, at, len(room), whole)] = read
        return read

    def _first(self, asked: deque[_Read]) -> tuple[int, memoryview]:
        read = asked.popleft()
        while not read.done:
            self._take()
        return read.at, read.room

    def _take(self) -> None:
        """One chunk of an answer to a read."""
        last, kind, number, length = self._head()
        read = self._under_way.get(number)
        if read is None:
            raise self._wrong(f"an answer to nothing that was asked ({number})")
        if kind == _DATA and length > 8:
            (at,) = struct.unpack(">Q", self._get(8))
            self._into(self._part(read, at, length - 8))
        elif kind == _HOLE and length == 12:
            at, count = struct.unpack(">QI", self._get(12))
            self._part(read, at, count)[:] = bytes(count)
        elif kind != _NONE or length or not last:
            raise self._wrong(f"a chunk of kind {kind} and {length} bytes")
        if last:
            if read.come != len(read.room):
                raise self._wrong(f"{read.come} bytes where {len(read.room)} were asked for")
            del self._under_way[number]
            read.done = True

    def _part(self, read: _Read, at: int, count: int) -> memoryview:
        """The next part of its room. Without the flag that all comes at once QEMU sends the parts in their order, and
        one that came twice would leave another out."""
        if at != read.at + read.come or not 0 < count <= len(read.room) - read.come:
            raise self._wrong(f"{count} bytes for {at}, where {read.at + read.come} is next")
        read.come += count
        return read.room[read.come - count : read.come]

    def _status(self, at: int, wanted: int) -> list[tuple[int, int]]:
        """Lengths and flags from there on, of some of what was wanted."""
        number, found = self._ask(_STATUS, at, wanted), list[tuple[int, int]]()
        last = False
        while not last:
            last, kind, answered, length = self._head()
            if answered != number or length > _MOST_TOLD:
                raise self._wrong(f"an answer to {answered} of {length} bytes")
            told = self._get(length)
            if kind == _TOLD_STATUS and length >= 12 and length % 8 == 4 and not found:
                words = struct.unpack(f">{length // 4}I", told)
                if words[0] != self._context:
                    raise self._wrong(f"a metadata context {words[0]}")
                found = list(zip(words[1::2], words[2::2], strict=True))
            elif kind != _NONE or length:
                raise self._wrong(f"a chunk of kind {kind} and {length} bytes")
        if not found or not all(length for length, _flags in found):
            raise self._wrong("nothing about what is in the disk")
        return found

    def _ask(self, kind: int, at: int, length: int, flags: int = 0) -> int:
        self._number += 1
        self._put(struct.pack(">IHHQQI", _REQUEST, flags, kind, self._number, at, length))
        return self._number

    def _head(self) -> tuple[bool, int, int, int]:
        """Of a chunk: whether it is the last of its answer, its kind, the number of the question, bytes that follow."""
        (magic,) = struct.unpack(">I", self._get(4))
        if magic == _SIMPLE:  # an error, of a server that has no more to say
            code, _number = struct.unpack(">IQ", self._get(12))
            raise self._wrong(f"error {code}")
        if magic != _REPLY:
            raise self._wrong(f"no reply: {magic:#x}")
        flags, kind, number, length = struct.unpack(">HHQI", self._get(16))
        if kind & _ERROR:
            if not 6 <= length <= _MOST_TOLD:
                raise self._wrong(f"an error of {length} bytes")
            told = self._get(length)
            code, size = struct.unpack_from(">IH", told)
            raise self._wrong(told[6 : 6 + size].decode(errors="replace") or f"error {code}")
        return bool(flags & _LAST), kind, number, length

    # --- the handshake --------------------------------------------------------------------------------------------

    def _shake_hands(self) -> tuple[int, int, int]:
        """Bytes of the disk, the flags of its offer, the number of the metadata context."""
        magic, options, flags = struct.unpack(">QQH", self._get(18))
        if (magic, options) != (_MAGIC, _OPTIONS) or not flags & _FIXED:
            raise self._wrong("it does not speak the protocol")
        self._put(struct.pack(">I", flags & (_FIXED | _NO_ZEROES)))
        name = self._name.encode()
        self._option(_STRUCTURED, b"")
        asked = struct.pack(f">I{len(name)}sII", len(name), name, 1, len(_ALLOCATION)) + _ALLOCATION
        contexts = [data for kind, data in self._option(_SET_CONTEXT, asked) if kind == _CONTEXT]
        if len(contexts) != 1 or contexts[0][4:] != _ALLOCATION:
            raise self._wrong("it does not tell what is in the disk")
        told = self._option(_GO, struct.pack(f">I{len(name)}sH", len(name), name, 0))
        offers = [
            data for kind, data in told if kind == _INFO and data[:2] == struct.pack(">H", _INFO_EXPORT)
        ]
        if len(offers) != 1 or len(offers[0]) != 12:
            raise self._wrong("it does not tell the size of the disk")
        size, offered = struct.unpack(">QH", offers[0][2:])
        return size, offered, struct.unpack(">I", contexts[0][:4])[0]

    def _option(self, option: int, data: bytes) -> list[tuple[int, bytes]]:
        """Ask for it; what is answered before it is acknowledged."""
        self._put(struct.pack(">QII", _OPTIONS, option, len(data)) + data)
        told: list[tuple[int, bytes]] = []
        while len(told) < 100:
            magic, answered, kind, length = struct.unpack(">QIII", self._get(20))
            if magic != _OPTION_REPLY or answered != option or length > _MOST_TOLD:
                raise self._wrong(
                    f"an answer of {length} bytes to option {answered}, where {option} was asked"
                )
            more = self._get(length)
            if kind & _REFUSED:
                raise self._wrong(
                    more.decode(errors="replace") or f"option {option} refused: {kind & ~_REFUSED}"
                )
            if kind == _ACK:
                return told
            told.append((kind, more))
        raise self._wrong(f"no end of answers to option {option}")

    # --- bytes ----------------------------------------------------------------------------------------------------

    def _get(self, count: int) -> bytes:
        held = bytearray(count)
        self._into(memoryview(held))
        return bytes(held)

    def _into(self, room: memoryview) -> None:
        """Fill it. The kernel waits for all of it: each call of ours takes the interpreter from the others."""
        waited = 0.0
        while room:
            with self._told():
                try:
                    count = self._socket.recv_into(room, 0, socket.MSG_WAITALL)
                except BlockingIOError:
                    waited = self._wait(waited)
                    continue
            if count == 0:
                raise self._wrong("it broke off")
            waited, room = 0.0, room[count:]

    def _put(self, data: bytes) -> None:
        waited = 0.0
        while data:
            with self._told():
                try:
                    count = self._socket.send(data, socket.MSG_NOSIGNAL)
                except BlockingIOError:
                    waited = self._wait(waited)
                    continue
            waited, data = 0.0, data[count:]

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._wrong(error.strerror or error) from error

    def _wait(self, waited: float) -> float:
        if waited >= self._patience:
            raise self._wrong(f"no answer in {self._patience:.0f} seconds")
        self._on_wait()
        return waited + _LOOK

    def _wrong(self, detail: Any) -> Failed:
        return Failed("machine.nbd", disk=self._name, detail=str(detail))
