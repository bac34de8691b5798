"""A qcow2 file whose place for everything is known before the first byte of data: header, tables, then the data in the
order of the disk.

QEMU writes tables when the data is there, so that a file's first clusters are its last; a file that is laid out like
this can be summed up and sent while it is written. Version 3, clusters of 64 KiB, counters of 16 bits (QEMU's
docs/interop/qcow2).
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterable, Iterator

__all__ = ["CLUSTER", "Layout"]

CLUSTER = 1 << 16
_BITS = 16
_IN_TABLE = CLUSTER // 8
"""Entries of an L2 table, and of a cluster of the L1 and refcount tables."""
_IN_COUNTERS = CLUSTER // 2
"""Clusters that a refcount block counts."""
_COPIED = 1 << 63
"""In an entry: the cluster has one user and may be written in place."""
_MOST = 1 << 20
"""Stretches of data that are held, 16 bytes each. Where there are more, small gaps between them are taken for data:
what is read there is zeros."""


class Layout:
    """Of a disk of `capacity` bytes that holds data in these stretches (beginning and end in bytes, upwards)."""

    def __init__(self, capacity: int, data: Iterable[tuple[int, int]], most: int = _MOST) -> None:
        self.capacity = capacity
        self._clusters = -(-capacity // CLUSTER)
        self._grain = 1
        self._edges = array("Q")
        """beginning and end in clusters, by turns"""
        for start, end in data:
            self._add(start // CLUSTER, -(-end // CLUSTER))
            while len(self._edges) > 2 * most:
                self._coarsen()
        self._place()

    def _add(self, start: int, end: int) -> None:
        start -= start % self._grain
        end = min(end + -end % self._grain, self._clusters)
        if self._edges and start <= self._edges[-1]:
            self._edges[-1] = max(end, self._edges[-1])
        else:
            self._edges.extend((start, end))

    def _coarsen(self) -> None:
        self._grain *= 2
        edges, self._edges = self._edges, array("Q")
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            self._add(start, end)

    def _place(self) -> None:
        """Where everything begins, in clusters."""
        self._tables = self._numbers_of_tables()
        self._l1_entries = -(-self._clusters // _IN_TABLE)
        self._l1_size = -(-self._l1_entries // _IN_TABLE)
        self._used = sum(end - start for start, end in self._stretches())
        self._blocks = self._block_table = 1
        while True:
            self._l1_at = 1 + self._block_table + self._blocks
            self._l2_at = self._l1_at + self._l1_size
            self._data_at = self._l2_at + len(self._tables)
            self._all = self._data_at + self._used
            blocks = -(-self._all // _IN_COUNTERS)
            block_table = -(-blocks // _IN_TABLE)
            if (blocks, block_table) == (self._blocks, self._block_table):
                return
            self._blocks, self._block_table = blocks, block_table

    def _stretches(self) -> Iterator[tuple[int, int]]:
        return zip(self._edges[::2], self._edges[1::2], strict=True)

    def _numbers_of_tables(self) -> array[int]:
        """Of the L2 tables that have an entry, upwards."""
        found = array("Q")
        for start, end in self._stretches():
            first, last = start // _IN_TABLE, (end - 1) // _IN_TABLE
            found.extend(range(max(first, found[-1] + 1) if found else first, last + 1))
        return found

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self._all * CLUSTER

    @property
    def data_at(self) -> int:
        """Where in the file the data begins, all of it in a row; only of the disk's last cluster may be less than a
        whole one, and zeros follow."""
        return self._data_at * CLUSTER

    @property
    def data_size(self) -> int:
        """Bytes of data."""
        return sum(end - start for start, end in self.data())

    def data(self) -> Iterator[tuple[int, int]]:
        """What is to be read of the disk: beginning and end in bytes, upwards."""
        for start, end in self._stretches():
            yield start * CLUSTER, min(end * CLUSTER, self.capacity)

    def tables(self) -> Iterator[tuple[int, bytes]]:
        """Everything before the data: place in the file and bytes there; between them are zeros."""
        yield 0, self._header()
        blocks = range(1 + self._block_table, self._l1_at)
        yield CLUSTER, _words(number * CLUSTER for number in blocks)
        for number, block in enumerate(blocks):
            yield block * CLUSTER, b"\0\1" * min(self._all - number * _IN_COUNTERS, _IN_COUNTERS)
        l1 = array("Q", bytes(8 * self._l1_entries))
        for number, table in enumerate(self._tables):
            l1[table] = (self._l2_at + number) * CLUSTER | _COPIED
        yield self._l1_at * CLUSTER, _words(l1)
        for number, entries in enumerate(self._l2_tables()):
            yield (self._l2_at + number) * CLUSTER, entries

    def _header(self) -> bytes:
        fields = struct.pack(
            ">4sIQIIQIIQQIIQQQQII",
            b"QFI\xfb",
            3,
            0,  # no file below
            0,
            _BITS,
            self.capacity,
            0,  # not encrypted
            self._l1_entries,
            self._l1_at * CLUSTER,
            CLUSTER,
            self._block_table,
            0,  # no snapshots
            0,
            0,  # nothing that a reader has to know, or may
            0,
            0,
            4,  # counters of 2⁴ bits
            104,
        )
        return fields + bytes(8)  # no extensions

    def _l2_tables(self) -> Iterator[bytes]:
        """Of each of the numbers of tables."""
        table, number, place = array("Q", bytes(CLUSTER)), -1, self._data_at
        for start, end in self._stretches():
            at = start
            while at < end:
                if at // _IN_TABLE != number:
                    if number >= 0:
                        yield _words(table)
                    table, number = array("Q", bytes(CLUSTER)), at // _IN_TABLE
                count = min(end, (number + 1) * _IN_TABLE) - at
                first = place * CLUSTER | _COPIED
                entries = array("Q", range(first, first + count * CLUSTER, CLUSTER))
                table[at % _IN_TABLE : at % _IN_TABLE + count] = entries
                at, place = at + count, place + count
        if number >= 0:
            yield _words(table)


def _words(numbers: Iterable[int]) -> bytes:
    """Of 64 bits each, the highest byte first."""
    held = array("Q", numbers)
    if sys.byteorder == "little":
        held.byteswap()
    return held.tobytes()
