"""Calls about storage pools and volumes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

import libvirt

from innkeeper.errors import Conflict, Failed, NotFound
from innkeeper.virt.border import border, code_of
from innkeeper.virt.connection import Connection
from innkeeper.virt.stored import Stored

__all__ = ["Pool", "Volume", "define_pool", "find_pool", "find_volume_by_path", "lookup_pool", "pools"]

_CHUNK = 1024 * 1024
_PATIENCE = 2.0
"""Seconds."""
_VAGUE = (libvirt.VIR_ERR_INTERNAL_ERROR, libvirt.VIR_ERR_OPERATION_FAILED)


class Volume:
    """A volume of a pool."""

    def __init__(self, connection: Connection, raw: Any) -> None:
        self._connection = connection
        self.raw = raw
        self.name = str(raw.name())
        self.path = str(raw.path())

    def xml(self) -> str:
        with border(name=self.name):
            return str(self.raw.XMLDesc(0))

    def delete(self) -> None:
        self._once_free(lambda: self.raw.delete(0))

    def _once_free(self, call: Callable[[], object]) -> None:
        """libvirt refuses to change a volume that somebody reads (src/storage/storage_driver.c, in_use): for a moment
        that is waited for."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                with border(name=self.name):
                    call()
            except Conflict as error:
                if code_of(error) != libvirt.VIR_ERR_OPERATION_INVALID or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return

    def capacity(self) -> int:
        """Bytes the guest sees."""
        with border(name=self.name):
            return int(self.raw.info()[1])

    def file_size(self) -> int:
        """Bytes of its file."""
        with border(name=self.name):
            return int(self.raw.infoFlags(libvirt.VIR_STORAGE_VOL_GET_PHYSICAL)[2])

    def resize(self, capacity: int) -> None:
        """To that many bytes, as the guest sees it."""
        with border(name=self.name):
            self.raw.resize(capacity, 0)

    def upload(self, source: IO[bytes], on_bytes: Callable[[int], None]) -> None:
        """Fill it from a file; `on_bytes` gets the number of bytes of each piece sent."""

        def piece(_stream: Any, size: int, _opaque: Any) -> bytes:
            data = source.read(min(size, _CHUNK))
            on_bytes(len(data))
            return data

        streams: list[Any] = []

        def begin() -> None:
            streams.append(self._connection.raw.newStream())
            self.raw.upload(streams[-1], 0, 0)

        self._once_free(begin)
        with border(name=self.name):
            stream = streams[-1]
            stream.sendAll(piece, None)
            stream.finish()

    def download(self, write: Callable[[bytes], object]) -> None:
        """Send its whole content to `write`."""
        with border(name=self.name):
            stream = self._connection.raw.newStream()
            self.raw.download(stream, 0, 0)
            stream.recvAll(lambda _stream, data, _opaque: write(data), None)
            stream.finish()


class Pool(Stored):
    """A storage pool."""

    INACTIVE = libvirt.VIR_STORAGE_XML_INACTIVE

    def __init__(self, connection: Connection, raw: Any) -> None:
        super().__init__(raw)
        self._connection = connection

    def space(self) -> tuple[int, int]:
        """Bytes in all, and bytes free."""
        with border(name=self.name):
            info = self.raw.info()
        return int(info[1]), int(info[3])

    def count(self) -> int:
        """How many volumes it has."""
        with border(name=self.name):
            return int(self.raw.numOfVolumes())

    def sizes(self) -> list[tuple[int, int]]:
        """Of each volume: bytes the guest sees, and bytes it takes."""
        found: list[tuple[int, int]] = []
        with border(name=self.name):
            listed = self.raw.listAllVolumes()
        for raw in listed:
            with suppress(NotFound), border(name=self.name):  # it went meanwhile
                _kind, capacity, allocation = raw.info()
                found.append((int(capacity), int(allocation)))
        return found

    def build(self) -> None:
        """Make its directory. Existing is fine."""
        with border(name=self.name):
            self.raw.build(0)

    def delete(self) -> None:
        """Remove its directory, which must be empty; the pool must be stopped."""
        with border(name=self.name):
            self.raw.delete(0)

    def refresh(self) -> None:
        """Look again at what is there.

        libvirt refuses while it makes a volume in the pool (src/storage/storage_driver.c, asyncjobs), which may take
        minutes: after a moment what it knows is taken as it is.
        """
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                with border(name=self.name):
                    self.raw.refresh(0)
            except Failed as error:
                if code_of(error) != libvirt.VIR_ERR_INTERNAL_ERROR:
                    raise
                if time.monotonic() > deadline:
                    return
                time.sleep(0.05)
            else:
                return

    def create(self, document: str, name: str) -> Volume:
        """Raises `Conflict("volume.exists")`."""
        with self._making(name):
            return Volume(self._connection, self.raw.createXML(document, 0))

    def create_from(self, document: str, name: str, source: Volume) -> Volume:
        """A new volume with the content of another, of whatever pool. Raises `Conflict("volume.exists")`."""
        with self._making(name):
            return Volume(self._connection, self.raw.createXMLFrom(document, source.raw, 0))

    @contextmanager
    def _making(self, name: str) -> Iterator[None]:
        """virStorageVolCreateXMLFrom and the test driver have no code of their own for a name that is taken."""
        try:
            with border(name=name, pool=self.name):
                yield
        except Failed as error:
            if code_of(error) in _VAGUE and self.find(name):
                raise Conflict("volume.exists", name=name, pool=self.name) from error
            raise

    def lookup(self, name: str) -> Volume:
        """Raises `NotFound("volume.unknown")`."""
        with border(name=name, pool=self.name):
            return Volume(self._connection, self.raw.storageVolLookupByName(name))

    def find(self, name: str) -> Volume | None:
        try:
            return self.lookup(name)
        except NotFound:
            return None

    def volumes(self) -> list[Volume]:
        """Those that are there, without those that go meanwhile: each is asked for its path."""
        found: list[Volume] = []
        with border(name=self.name):
            listed = self.raw.listAllVolumes()
        for raw in listed:
            with suppress(NotFound), border(name=self.name):
                found.append(Volume(self._connection, raw))
        return found


def define_pool(connection: Connection, document: str, name: str) -> Pool:
    """Define, or define anew, a pool."""
    with border(name=name):
        return Pool(connection, connection.raw.storagePoolDefineXML(document, 0))


def lookup_pool(connection: Connection, name: str) -> Pool:
    """Raises `NotFound("pool.unknown")`."""
    with border(name=name):
        return Pool(connection, connection.raw.storagePoolLookupByName(name))


def find_pool(connection: Connection, name: str) -> Pool | None:
    try:
        return lookup_pool(connection, name)
    except NotFound:
        return None


def pools(connection: Connection) -> list[Pool]:
    """All pools, by name."""
    with border():
        return sorted(
            (Pool(connection, raw) for raw in connection.raw.listAllStoragePools()), key=lambda p: p.name
        )


def find_volume_by_path(connection: Connection, path: str) -> tuple[str, Volume] | None:
    """The pool's name and the volume whose file that is, or None when no active pool holds it."""
    try:
        with border(name=path):
            raw = connection.raw.storageVolLookupByPath(path)
            return str(raw.storagePoolLookupByVolume().name()), Volume(connection, raw)
    except NotFound:
        return None
