"""Pictures of a guest's screen."""

from __future__ import annotations

import struct
import zlib

__all__ = ["png_of_ppm"]


def png_of_ppm(data: bytes) -> bytes:
    """The portable pixmap that QEMU draws (P6, 8 bits a colour), as PNG (RFC 2083), which every viewer knows."""
    magic, width_text, height_text, depth, pixels = _header(data)
    assert (magic, depth) == (b"P6", b"255"), "QEMU draws no other kind (ui/console.c)"
    width, height = int(width_text), int(height_text)
    rows = b"".join(b"\0" + pixels[row * width * 3 : (row + 1) * width * 3] for row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in chunks)


def _header(data: bytes) -> tuple[bytes, bytes, bytes, bytes, bytes]:
    magic, width, height, rest = data.split(maxsplit=3)
    depth, pixels = rest[:3], rest[4:]
    return magic, width, height, depth, pixels


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
