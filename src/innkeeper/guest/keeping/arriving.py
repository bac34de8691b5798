"""Making a guest of what was kept: define first, then its files, then its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from innkeeper.guest.keeping.rebuild import Newcomer
    from innkeeper.host import Host
    from innkeeper.operation import Operation
    from innkeeper.virt.domains import Domain

__all__ = ["STEPS", "Piece", "bring"]

STEPS = ("define", "files", "publish")


class Piece(NamedTuple):
    """Bytes of a file of a kept guest. Pieces come file by file, offsets upwards; between them are holes."""

    file: str
    offset: int
    data: bytes
    """at most a few MiB"""


def bring(host: Host, operation: Operation, newcomer: Newcomer, pieces: Iterator[Piece]) -> Domain:
    """Define it as `NAME~creating`, write its files, give it its name; off. Undone as a whole when anything raises, also in
    `pieces`, which may therefore verify as it goes: the name comes after the last piece.

    Raises `Invalid("guest_keep.…")` for images that point at what is not theirs.
    """
    raise NotImplementedError
