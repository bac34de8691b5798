"""Serial consoles, on the keeper's side: one stream of libvirt's for each guest, and as many readers as want it.

A reader is one end of a socket that keeps the bounds of what is sent (SOCK_SEQPACKET), so that it can be handed to
another process. From here to the reader each packet begins with a byte: `d` bytes of the console, `n` a notice (JSON),
`e` the end, with the code of its reason. From the reader it is what was typed.

What the console said last is in a ring, and each reader has its place there: who reads slower than the ring is long
misses bytes, is told how many, and holds up nobody.
"""

from __future__ import annotations

import math
import os
import select
import socket
import threading
import time
from collections import deque
from concurrent.futures import Future
from contextlib import suppress

import msgspec

from innkeeper.errors import Busy, InnkeeperError, OutcomeUnknown
from innkeeper.guest.naming import find
from innkeeper.host import Host
from innkeeper.schema.guest import GuestConsole
from innkeeper.verbs import verb
from innkeeper.virt.console import Console

__all__ = ["DATA", "END", "NOTICE", "RING", "ConsoleHub", "Line"]

DATA, NOTICE, END = b"d", b"n", b"e"
RING = 256 * 1024
"""Bytes of scroll-back, and how far behind a reader may be."""
LINES = 64
"""Consoles open at once: each has a connection to libvirt and two threads."""
READERS = 16
"""of one console"""
_PIECE = 16 * 1024
_LAST_WORDS = 1.0
"""Seconds that the end waits for a slow reader."""
_LETTING_GO = 5.0
"""Seconds for libvirt to end a stream."""
_WHY = 3.0
"""Seconds until a guest that ended is seen to have ended."""


class _Reader:
    """Its own end of a socket, and its place in the ring."""

    def __init__(self, end: socket.socket, at: int, who: str, writes: bool) -> None:
        end.setblocking(False)
        self.end = end
        self.at = at
        self.who = who
        self.writes = writes
        self.notices: deque[bytes] = deque(maxlen=32)
        self.lost = 0
        self.behind = False

    def notice(self, event: str, **facts: object) -> None:
        self.notices.append(_notice(event, **facts))


def _notice(event: str, **facts: object) -> bytes:
    return NOTICE + msgspec.json.encode({"event": event, **facts})


class Line:
    """A guest's console while somebody wants it."""

    def __init__(self, host: Host, stream: Console, uuid: str) -> None:
        self._host, self._stream, self._uuid = host, stream, uuid
        self._ring, self._from = bytearray(), 0
        self._lock = threading.Lock()
        self._readers: list[_Reader] = []
        self._reserved: list[float] = []
        self._typed: _Reader | None = None
        self._wake = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._dismissed = False
        self._given_up = math.inf
        self._ended = threading.Event()
        self._typing = threading.Thread(target=self._carry_typed, name=f"console-in {uuid}", daemon=True)
        self._telling = threading.Thread(target=self._carry_said, name=f"console-out {uuid}", daemon=True)

    def _start(self) -> None:
        """When the first one comes: else it would end at once, since nobody wants it. The lock is held."""
        if not self._telling.ident:
            self._typing.start()
            self._telling.start()

    @property
    def over(self) -> bool:
        """Also when libvirt does not let go of it: 9.0 was seen to answer nothing any more on a stream that somebody
        took by force, not even to its abort."""
        return self._ended.is_set() or time.monotonic() > self._given_up

    def reserve(self, until: float) -> bool:
        """Keep it open until then (monotonic seconds) for a reader to come. False: it is over."""
        with self._lock:
            if self.over or self._dismissed:
                return False
            self._reserved.append(until)
            self._start()
            self._nudge()
        return True

    def attend(self, who: str, writes: bool) -> socket.socket | None:
        """A new reader's end. None: it is over. Raises `Busy("console.readers")`."""
        with self._lock:
            if self.over or self._dismissed:
                return None
            if len(self._readers) >= READERS:
                raise Busy("console.readers", most=READERS)
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            reader = _Reader(ours, self._from, who, writes)
            self._readers.append(reader)
            if self._reserved:
                self._reserved.remove(min(self._reserved))
            self._feed(reader)
            self._start()
            self._nudge()
        return theirs

    def dismiss(self) -> None:
        """End it."""
        self._dismissed, self._given_up = True, time.monotonic() + _LETTING_GO
        self._stream.close()
        with self._lock:
            self._nudge()

    def join(self, seconds: float) -> None:
        self._telling.join(seconds)

    def _nudge(self) -> None:
        """Have the other thread look again at whom it waits for. The lock is held."""
        if self._wake >= 0:  # else it ended meanwhile
            os.eventfd_write(self._wake, 1)

    # --- from the guest to the readers

    def _carry_said(self) -> None:
        reason = ""
        try:
            while data := self._stream.receive(_PIECE):
                with self._lock:
                    self._ring += data
                    if (surplus := len(self._ring) - RING) > 0:
                        del self._ring[:surplus]
                        self._from += surplus
                    for reader in self._readers:
                        self._feed(reader)
            reason = "" if self._dismissed else self._why()
        except OutcomeUnknown:
            reason = "libvirt.lost"
        except InnkeeperError as error:
            reason = error.code
        finally:
            self._finish(reason)

    def _feed(self, reader: _Reader) -> None:
        """All that the reader takes now. The lock is held."""
        behind = False
        while packet := self._next(reader):
            try:
                reader.end.send(packet)
            except BlockingIOError:
                behind = True
                break
            except OSError:  # it left: the other thread sees it too
                break
            if packet[:1] == DATA:
                reader.at += len(packet) - 1
            elif reader.lost:
                reader.lost = 0
            else:
                reader.notices.popleft()
        if behind and not reader.behind:
            self._nudge()
        reader.behind = behind

    def _next(self, reader: _Reader) -> bytes | None:
        if (lost := self._from - reader.at) > 0:
            reader.lost += lost
            reader.at = self._from
        if reader.lost:
            return _notice("lost", bytes=reader.lost)
        if reader.notices:
            return reader.notices[0]
        at = reader.at - self._from
        data = bytes(memoryview(self._ring)[at : at + _PIECE])
        return DATA + data if data else None

    def _why(self) -> str:
        """Why a console ended that nobody here closed."""
        deadline = time.monotonic() + _WHY
        while time.monotonic() < deadline:
            if not self._host.virt.alive():
                return "libvirt.lost"
            try:
                if not find(self._host, self._uuid).active:
                    return "guest.not_running"
            except OutcomeUnknown:
                return "libvirt.lost"
            except InnkeeperError:  # a guest that is nowhere defined ends with its run
                return "guest.not_running"
            time.sleep(0.05)
        return "guest.console_taken"

    def _finish(self, reason: str) -> None:
        self._stream.close()  # before it is said to be over: the next one opens it then
        with self._lock:
            self._dismissed = True
            for reader in self._readers:
                with suppress(OSError):  # who left, or takes nothing, misses the end
                    reader.end.settimeout(_LAST_WORDS)
                    self._feed(reader)
                    reader.end.send(END + reason.encode())
                reader.end.close()
            self._readers.clear()
            self._ended.set()
            self._nudge()
        self._typing.join()
        with self._lock:
            os.close(self._wake)
            self._wake = -1
        with suppress(InnkeeperError):  # it may be gone already
            self._host.close()

    # --- from the readers to the guest

    def _carry_typed(self) -> None:
        while not self.over:
            watched, patience = self._watched()
            for number, _events in watched.poll(patience):
                if number == self._wake:
                    os.eventfd_read(self._wake)
            with self._lock:
                readers = list(self._readers)
            for reader in readers:
                self._hear(reader)
            if self._unwanted():
                self.dismiss()
                return

    def _watched(self) -> tuple[select.poll, float | None]:
        """What to wait for, and for how many milliseconds."""
        watched = select.poll()
        watched.register(self._wake, select.POLLIN)
        with self._lock:
            for reader in self._readers:
                watched.register(reader.end, select.POLLIN | (select.POLLOUT if reader.behind else 0))
            last = max(self._reserved, default=None) if not self._readers else None
        return watched, None if last is None else max(0, last - time.monotonic()) * 1000 + 1

    def _hear(self, reader: _Reader) -> None:
        try:
            typed = reader.end.recv(65536)
        except (BlockingIOError, ConnectionResetError):
            # it left with something unread, which is said before what it typed last: that comes with the next look
            typed = None
        except OSError:
            typed = b""
        with self._lock:
            if reader.behind:
                self._feed(reader)
            if typed == b"" and reader in self._readers:
                self._readers.remove(reader)
                reader.end.close()
            elif typed and not reader.writes:
                reader.notice("read_only")
                self._feed(reader)
            elif typed and reader is not self._typed:
                self._typed = reader
                for other in self._readers:
                    if other is not reader:
                        other.notice("typing", who=reader.who)
                        self._feed(other)
        if typed and reader.writes:
            try:
                self._stream.send(typed)
            except InnkeeperError:
                self._stream.close()  # the other thread sees its end, and tells

    def _unwanted(self) -> bool:
        """Nobody is there, and nobody is coming. From then on nobody is let in."""
        with self._lock:
            now = time.monotonic()
            self._reserved = [until for until in self._reserved if until > now]
            if not self._readers and not self._reserved:
                self._dismissed = True
        return self._dismissed


class ConsoleHub:
    """The one who opens consoles. Its methods may be called from any thread."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._lines: dict[str, Future[Line]] = {}
        self._lock = threading.Lock()
        self._closed = False

    def reserve(self, uuid: str, force: bool, seconds: float) -> None:
        """Open that guest's console, if it is not, for a reader that comes within that time.

        Raises what the verb `guest.console` does, and `Busy("console.too_many")`.
        """
        until = time.monotonic() + seconds
        while not self._line(uuid, force).reserve(until):
            time.sleep(0.01)  # it is just ending

    def attend(self, uuid: str, force: bool, who: str, writes: bool) -> socket.socket:
        """A reader's end, which begins with the scroll-back. Closing it is leaving.

        Raises what `reserve` does, and `Busy("console.readers")`.
        """
        while True:
            end = self._line(uuid, force).attend(who, writes)
            if end is not None:
                return end
            time.sleep(0.01)

    def close(self) -> None:
        """All consoles end."""
        with self._lock:
            self._closed = True
            lines = [one.result() for one in self._lines.values() if one.done() and not one.exception()]
        for line in lines:
            line.dismiss()
        for line in lines:
            line.join(5)

    @property
    def open(self) -> int:
        """How many consoles are open."""
        with self._lock:
            return sum(
                one.done() and not one.exception() and not one.result().over for one in self._lines.values()
            )

    def _line(self, uuid: str, force: bool) -> Line:
        """The console that is open; whoever comes first opens it, and others wait for that."""
        with self._lock:
            mine = uuid not in self._lines or self._is_over(uuid)
            if mine:
                for one in [key for key in self._lines if self._is_over(key)]:
                    del self._lines[one]
                if len(self._lines) >= LINES or self._closed:
                    raise Busy("console.too_many", most=LINES)
                self._lines[uuid] = Future()
            future = self._lines[uuid]
        if mine:
            try:
                future.set_result(self._open(uuid, force))
            except BaseException as error:
                future.set_exception(error)
                with self._lock:
                    del self._lines[uuid]
        return future.result()

    def _is_over(self, uuid: str) -> bool:
        future = self._lines[uuid]
        return future.done() and not future.exception() and future.result().over

    def _open(self, uuid: str, force: bool) -> Line:
        host = Host(self._uri)
        try:
            stream = verb("guest.console").perform(host, GuestConsole(name=uuid, force=force))
        except BaseException:
            with suppress(InnkeeperError):
                host.close()
            raise
        return Line(host, stream, uuid)
