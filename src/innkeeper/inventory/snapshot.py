"""The guests of a host at one moment, made for pages: what is sorted or chosen once is kept until something changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from functools import cached_property
from threading import Lock
from typing import Any, TypeVar, cast

from innkeeper.schema.guest import GuestRow

__all__ = ["Snapshot"]

T = TypeVar("T")
_KEPT = 64
"""Answers that one snapshot keeps: orders, choices, pages."""


class Snapshot:
    """Immutable. `rows` are all guests by name, those in the bin and unfinished ones too; `version` is another number
    whenever any row is another, within one run of the server."""

    def __init__(self, rows: Iterable[GuestRow], version: int) -> None:
        self.rows = tuple(sorted(rows, key=lambda row: (row.name, row.deleted or "")))
        self.version = version
        self._kept: dict[Hashable, Any] = {}
        self._lock = Lock()

    def keep(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once for this snapshot and that key. When there are many, what was not asked for the
        longest goes."""
        with self._lock:
            if key in self._kept:
                self._kept[key] = kept = self._kept.pop(key)
                return cast(T, kept)
        made = make()
        with self._lock:
            while len(self._kept) >= _KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = made
        return made

    def listed(self, deleted: bool = False, everything: bool = False) -> tuple[GuestRow, ...]:
        """As the verb `guest.list` chooses: without those in the bin, only those (`deleted`), or both."""
        if everything:
            return self.rows
        return self._in_bin if deleted else self._here

    @cached_property
    def _here(self) -> tuple[GuestRow, ...]:
        return tuple(row for row in self.rows if row.deleted is None)

    @cached_property
    def _in_bin(self) -> tuple[GuestRow, ...]:
        return tuple(row for row in self.rows if row.deleted is not None)

    @cached_property
    def _by_key(self) -> dict[str, GuestRow]:
        """A name is a guest's that is here before it is one's in the bin; UUIDs are nobody else's."""
        named = {row.name: row for row in (*self._in_bin, *self._here)}
        return named | {row.uuid: row for row in self.rows}

    def find(self, name: str) -> GuestRow | None:
        """The guest of that name or UUID."""
        return self._by_key.get(name)
