"""Connections to screens that are opened while whoever got a ticket is on the way: when they come, QEMU has greeted."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future

from innkeeper.errors import InnkeeperError

__all__ = ["MOST", "ComingScreens"]

MOST = 16
"""Connections that nobody took yet: who comes beyond them waits for their own. QEMU takes 32 (ui/vnc.c)."""
_KEPT = 5.0
"""Seconds until one that nobody took is closed."""


class _Coming:
    def __init__(self) -> None:
        self.opened: Future[socket.socket] = Future()
        self.taken = threading.Event()


class ComingScreens:
    """`open_screen` opens one for a UUID. The methods may be called from any thread."""

    def __init__(self, open_screen: Callable[[str], socket.socket], kept: float = _KEPT) -> None:
        self._open_screen = open_screen
        self._kept = kept
        self._coming: dict[str, list[_Coming]] = {}
        self._lock = threading.Lock()

    def begin(self, uuid: str) -> None:
        """Open one beside the caller."""
        coming = _Coming()
        with self._lock:
            if sum(map(len, self._coming.values())) >= MOST:
                return
            self._coming.setdefault(uuid, []).append(coming)
        threading.Thread(target=self._keep, args=(uuid, coming), name=f"screen {uuid}", daemon=True).start()

    def take(self, uuid: str) -> socket.socket | None:
        """The one that was begun first. None: there is none, or it ended meanwhile, or could not be opened."""
        while coming := self._first(uuid):
            coming.taken.set()
            try:
                end = coming.opened.result()
            except InnkeeperError:  # who opens it now is told why
                continue
            if _lives(end):
                return end
            end.close()
        return None

    def _first(self, uuid: str) -> _Coming | None:
        with self._lock:
            waiting = self._coming.get(uuid)
            if not waiting:
                return None
            first = waiting.pop(0)
            if not waiting:
                del self._coming[uuid]
        return first

    def _keep(self, uuid: str, coming: _Coming) -> None:
        try:
            coming.opened.set_result(self._open_screen(uuid))
        except BaseException as error:
            coming.opened.set_exception(error)
        if coming.taken.wait(self._kept):
            return
        with self._lock:
            waiting = self._coming.get(uuid, [])
            if coming not in waiting:
                return  # it was just taken
            waiting.remove(coming)
            if not waiting:
                del self._coming[uuid]
        if not coming.opened.exception():
            coming.opened.result().close()


def _lives(end: socket.socket) -> bool:
    try:
        return end.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False
