"""Pictures of a screen."""

from __future__ import annotations

import struct
import zlib

import pytest

from innkeeper.guest.screen.screens import png_of_ppm


def chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    """Kind and content of each, with their checksums proven (RFC 2083 §3)."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    found, rest = [], png[8:]
    while rest:
        (size,) = struct.unpack(">I", rest[:4])
        kind, content, check = rest[4:8], rest[8 : 8 + size], rest[8 + size : 12 + size]
        assert struct.unpack(">I", check) == (zlib.crc32(kind + content),)
        found.append((kind, content))
        rest = rest[12 + size :]
    return found


@pytest.mark.parametrize(
    ("width", "height", "pixels"),
    [
        (2, 3, bytes(range(18))),
        (1, 1, b"\n  "),  # pixels that look like blanks of the header
        (3, 1, b" 255 \n\t #"),
        (640, 2, b"\x00\x0a\xff" * 1280),
    ],
)
def test_png_holds_the_pixels_of_the_pixmap(width: int, height: int, pixels: bytes) -> None:
    found = chunks(png_of_ppm(b"P6\n%d %d\n255\n" % (width, height) + pixels))
    assert [kind for kind, _ in found] == [b"IHDR", b"IDAT", b"IEND"]
    assert struct.unpack(">IIBBBBB", found[0][1]) == (width, height, 8, 2, 0, 0, 0)
    rows = zlib.decompress(found[1][1])
    assert len(rows) == height * (1 + 3 * width)
    lines = [rows[row * (1 + 3 * width) :][: 1 + 3 * width] for row in range(height)]
    assert all(line[0] == 0 for line in lines)
    assert b"".join(line[1:] for line in lines) == pixels
