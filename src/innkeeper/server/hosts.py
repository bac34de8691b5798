"""Connections to the host, lent to threads one at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from innkeeper.errors import InnkeeperError, OutcomeUnknown
from innkeeper.host import Host

__all__ = ["Hosts"]

_KEPT = 8
"""Connections that wait for the next borrower, at most; libvirtd takes 120 clients (libvirtd.conf, max_clients)."""
_AGE = 60.0
"""Seconds after which one is opened anew: what a Host learnt of its host's abilities grows old."""


class Hosts:
    """Hosts of one URI. A Host is used by one thread at a time: on libvirt 9.0 a second call on a connection can hang
    while the first waits."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self._idle: list[tuple[float, Host]] = []
        self._lock = threading.Lock()
        self._closed = False

    @contextmanager
    def borrow(self) -> Iterator[Host]:
        """A Host for the body alone. libvirt is called when the body first needs it."""
        born, host = self._take()
        try:
            yield host
        except OutcomeUnknown:
            self._drop(host)  # its connection is gone, or waits for an answer
            raise
        except BaseException:
            self._give(born, host)
            raise
        self._give(born, host)

    def close(self) -> None:
        with self._lock:
            idle, self._idle, self._closed = self._idle, [], True
        for _born, host in idle:
            self._drop(host)

    def _take(self) -> tuple[float, Host]:
        now = time.monotonic()
        while True:
            with self._lock:
                if not self._idle:
                    return now, Host(self.uri)
                born, host = self._idle.pop()
            if now - born < _AGE and host.virt.alive():
                return born, host
            self._drop(host)

    def _give(self, born: float, host: Host) -> None:
        with self._lock:
            if host.is_open and not self._closed and len(self._idle) < _KEPT:
                self._idle.append((born, host))
                return
        self._drop(host)

    def _drop(self, host: Host) -> None:
        with suppress(InnkeeperError):  # it may be gone already
            host.close()
