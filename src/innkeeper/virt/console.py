"""A guest's serial console as a stream."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import libvirt

from innkeeper.virt.border import border

__all__ = ["Console"]


class Console:
    """Both directions of a console. `receive` blocks, so one thread reads and another writes; `close` ends both."""

    def __init__(self, stream: Any, name: str, connected: Callable[[], bool]) -> None:
        self._stream = stream
        self._name = name
        self._connected = connected
        self._closed = False

    def receive(self, size: int = 4096) -> bytes:
        """Up to that many bytes as soon as there are some; none when the console ended: closed here, taken by somebody
        else, or gone with the guest."""
        with border(name=self._name):
            try:
                data = self._stream.recv(size)
            except libvirt.libvirtError:
                if self._closed or self._connected():
                    return b""
                raise
        return data if isinstance(data, bytes) else b""

    def send(self, data: bytes) -> None:
        """All of it."""
        with border(name=self._name):
            while data:
                data = data[self._stream.send(data) :]

    def close(self) -> None:
        """Let go of the console. Twice is fine; a reader that waits gets nothing more."""
        if not self._closed:
            self._closed = True
            # libvirt also complains when the other side ended first: either way it is closed
            with contextlib.suppress(libvirt.libvirtError):
                self._stream.abort()
