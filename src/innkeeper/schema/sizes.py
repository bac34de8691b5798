"""Sizes as people write them: `512M`, `2G`, `1T`, powers of 1024; inside, always bytes."""

from __future__ import annotations

import re

from innkeeper.errors import Invalid

__all__ = ["GIB", "KIB", "MIB", "format_size", "parse_size"]

KIB, MIB, GIB = 1024, 1024**2, 1024**3
_UNITS = {"": 1, "K": KIB, "M": MIB, "G": GIB, "T": 1024**4, "P": 1024**5}
_LONGEST = 32
_SIZE = re.compile(
    r"(?P<whole>[0-9]+)(?:\.(?P<part>[0-9]+))?(?:(?P<unit>[KMGTP])I?)?B?", re.ASCII | re.IGNORECASE
)
_TOO_MUCH = 1 << 63
"""Bytes: libvirt and QEMU count them in signed 64 bits."""


def parse_size(text: str, what: str = "size") -> int:
    """Bytes of `512M`, `1.5G`, `2GiB` or `1048576`.

    Raises `Invalid("request.size")` for anything else, zero, negative numbers and 8 EiB among them.
    """
    found = _SIZE.fullmatch(text.strip()) if len(text) <= _LONGEST else None
    if found is None:
        raise Invalid("request.size", what=what, value=text[:_LONGEST])
    whole, part, unit = found["whole"], found["part"] or "0", _UNITS[(found["unit"] or "").upper()]
    size: int = int(whole) * unit + int(part) * unit // 10 ** len(part)
    if not 0 < size < _TOO_MUCH:
        raise Invalid("request.size", what=what, value=text[:_LONGEST])
    return size


def format_size(size: int | None) -> str:
    """`2G`, `1.5G`, `300M`: at most one digit after the point; `-` for None."""
    if size is None:
        return "-"
    for unit, factor in reversed(_UNITS.items()):
        if size >= factor:
            value = size / factor
            return f"{value:.0f}{unit}" if value == int(value) or value >= 100 else f"{value:.1f}{unit}"
    return str(size)
