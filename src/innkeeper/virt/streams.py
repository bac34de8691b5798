"""Bytes of volumes through libvirt's streams, holes as holes, so that a remote host needs nothing but libvirt."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Self

import libvirt

from innkeeper.errors import Unsupported
from innkeeper.virt.border import border

if TYPE_CHECKING:
    from innkeeper.virt.storage import Volume

__all__ = ["SparseUpload", "download", "head", "sparse_download"]

_PIECE = 1 << 20
_AT_HOLE = -3
"""What virStreamRecvFlags returns where a hole begins (src/libvirt-stream.c)."""


def head(volume: Volume, size: int) -> bytes:
    """The first `size` bytes of the volume's file, or as many as there are."""
    pieces: list[bytes] = []
    with border(name=volume.name):
        stream = _stream(volume)
        volume.raw.download(stream, 0, size, 0)
        stream.recvAll(lambda _stream, data, _opaque: pieces.append(data), None)
        stream.finish()
    return b"".join(pieces)


def sparse_download(volume: Volume) -> Iterator[tuple[int, bytes]]:
    """The volume's file as it is: offsets, upwards, and the bytes there; what is between them are holes.

    Closing the generator ends the stream.
    """
    with border(name=volume.name):
        stream = _stream(volume)
        volume.raw.download(stream, 0, 0, libvirt.VIR_STORAGE_VOL_DOWNLOAD_SPARSE_STREAM)
        done = False
        try:
            at = 0
            while True:
                got = stream.recvFlags(_PIECE, libvirt.VIR_STREAM_RECV_STOP_AT_HOLE)
                if got == _AT_HOLE:
                    at += stream.recvHole()
                elif not got:
                    break
                else:
                    yield at, got
                    at += len(got)
            done = True
            stream.finish()
        finally:
            if not done:
                _abort(stream)


def download(volume: Volume, offset: int, length: int) -> Iterator[bytes]:
    """That part of the volume's file, piece by piece; holes as zeros. Closing the generator ends the stream."""
    with border(name=volume.name):
        stream = _stream(volume)
        volume.raw.download(stream, offset, length, 0)
        done = False
        try:
            while got := stream.recv(_PIECE):
                yield got
            done = True
            stream.finish()
        finally:
            if not done:
                _abort(stream)


class SparseUpload:
    """Writes a volume's file from its beginning to its end. Use it in a `with`: what is not finished is cut off."""

    def __init__(self, volume: Volume) -> None:
        self._name = volume.name
        self._at = 0
        self._done = False
        with border(name=volume.name):
            self._stream = _stream(volume)
            try:
                volume.raw.upload(self._stream, 0, 0, libvirt.VIR_STORAGE_VOL_UPLOAD_SPARSE_STREAM)
            except libvirt.libvirtError as error:
                if error.get_error_code() != libvirt.VIR_ERR_NO_SUPPORT:
                    raise
                raise Unsupported("libvirt.unsupported", name=volume.name, detail=str(error)) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if not self._done:
            _abort(self._stream)

    def write(self, offset: int, data: bytes | memoryview) -> None:
        """Behind what was written before; what lies between becomes a hole."""
        assert offset >= self._at, "a stream goes forward"
        with border(name=self._name):
            if offset > self._at:
                self._stream.sendHole(offset - self._at)
            rest = memoryview(data)
            while rest:
                rest = rest[self._stream.send(bytes(rest[:_PIECE])) :]
        self._at = offset + len(data)

    def finish(self, size: int) -> None:
        """It has `size` bytes in all."""
        with border(name=self._name):
            if size > self._at:
                self._stream.sendHole(size - self._at)
            self._done = True
            self._stream.finish()


def _stream(volume: Volume) -> Any:
    return volume.raw.connect().newStream()


def _abort(stream: Any) -> None:
    # It may have ended by itself meanwhile: either way it is over
    with contextlib.suppress(libvirt.libvirtError):
        stream.abort()
