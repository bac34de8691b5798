"""What the web side may ask about the bytes of volumes, on the keeper's side."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

import msgspec

from innkeeper.errors import InnkeeperError
from innkeeper.host import Host
from innkeeper.libvirtxml import Volume
from innkeeper.server.confinement.volumes import refuse_link
from innkeeper.server.hosts import Hosts
from innkeeper.storage import volumes
from innkeeper.virt import storage
from innkeeper.virt.streams import download

__all__ = ["Content", "Contents"]

_STREAMS = 16
"""Volumes that are read at once: each has a connection to libvirt and a thread."""


class Content(msgspec.Struct, frozen=True):
    """A volume's file as it is now."""

    name: str
    size: int
    """bytes of the file, which is not what the guest sees unless it is raw"""
    tag: str
    """another one when it was written since"""


class Contents:
    """Its methods may be called from any thread."""

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts
        self._room = threading.BoundedSemaphore(_STREAMS)

    def look(self, pool: str, name: str) -> Content:
        """Raises `NotFound("pool.unknown")`, `NotFound("volume.unknown")`, `Denied("request.host_path")` for a link."""
        with self._hosts.borrow() as host:
            found = self._volume(host, pool, name)
            document = Volume.from_xml(found.xml())
            size = found.file_size()
            return Content(found.name, size, f"{size:x}-{document.modified or '0'}")

    def read(self, pool: str, name: str, offset: int, length: int) -> socket.socket:
        """A socket from which those bytes come, and then its end. Closing it early ends the reading."""
        host = Host(self._hosts.uri)
        self._room.acquire()
        try:
            found = self._volume(host, pool, name)
            ours, theirs = socket.socketpair()
        except BaseException:
            self._room.release()
            with suppress(InnkeeperError):
                host.close()
            raise
        arguments = (host, found, offset, length, ours)
        threading.Thread(target=self._send, args=arguments, name=f"volume {name}", daemon=True).start()
        return theirs

    def _send(self, host: Host, volume: storage.Volume, offset: int, length: int, end: socket.socket) -> None:
        try:
            # A reader that left, or a host: the other side counts what it gets
            with end, suppress(OSError, InnkeeperError):
                for data in download(volume, offset, length):
                    end.sendall(data)
        finally:
            self._room.release()
            with suppress(InnkeeperError):
                host.close()

    def _volume(self, host: Host, pool: str, name: str) -> storage.Volume:
        found = volumes.lookup(host, pool, name)
        refuse_link(host, pool, found.path)
        return found
