"""qcow2 files that are laid out before their data is there: QEMU finds nothing wrong with them, and the same disk."""

from __future__ import annotations

import json
import random
import struct
import subprocess
from itertools import islice, pairwise
from pathlib import Path

import pytest

from innkeeper.tools.qcow2_layout import CLUSTER, Layout

TABLE = CLUSTER // 8 * CLUSTER
"""Bytes of the disk that one L2 table maps."""
EDGES = (512, CLUSTER - 512, CLUSTER, CLUSTER + 512, TABLE - 512, TABLE, TABLE + 512, 5 * TABLE + 3 * 512)


def stretches(capacity: int, dice: random.Random) -> list[tuple[int, int]]:
    """Of data, in sectors: some touch, some end with the disk."""
    found, at, count = [], 0, dice.choice([1, 3, 40, 200])
    for _ in range(count):
        gap = dice.choice([0, 512, CLUSTER, 700_000, dice.randrange(1 + capacity // count)])
        start = at + gap // 512 * 512
        end = min(start + dice.choice([512, CLUSTER, 3 * CLUSTER + 512, 200_000]) // 512 * 512, capacity)
        if start >= end:
            break
        found.append((start, end))
        at = end
    return found + ([(capacity - 512, capacity)] if at < capacity and dice.random() < 0.5 else [])


def write(path: Path, layout: Layout, disk: Path) -> None:
    with path.open("wb") as file, disk.open("rb") as source:
        reached = 0
        for offset, data in layout.tables():
            assert offset >= reached, "what is summed up has to come in its order"
            file.seek(offset)
            file.write(data)
            reached = offset + len(data)
        assert reached <= layout.data_at
        file.seek(layout.data_at)
        for start, end in layout.data():
            source.seek(start)
            file.write(source.read(end - start))
        assert layout.size - CLUSTER < file.tell() <= layout.size
        file.truncate(layout.size)


def is_right(image: Path, disk: Path) -> None:
    checked = subprocess.run(["qemu-img", "check", "-f", "qcow2", image], capture_output=True, text=True)
    assert checked.returncode == 0, checked
    argv = ["qemu-img", "compare", "-f", "raw", "-F", "qcow2", str(disk), str(image)]
    compared = subprocess.run(argv, capture_output=True, text=True)
    assert compared.returncode == 0, compared


@pytest.mark.parametrize("most", [1 << 20, 4])
@pytest.mark.parametrize("capacity", EDGES)
def test_any_disk(tmp_path: Path, capacity: int, most: int, dice: random.Random) -> None:
    """With many stretches of data, and where some gaps between them are taken for data."""
    disk, image, data = tmp_path / "disk", tmp_path / "image", stretches(capacity, dice)
    with disk.open("wb") as file:
        file.truncate(capacity)
        for start, end in data:
            file.seek(start)
            file.write(dice.randbytes(end - start))
    layout = Layout(capacity, data, most)
    told = list(layout.data())
    assert len(told) <= most
    assert all(before[1] < after[0] for before, after in pairwise(told))
    assert layout.data_size == sum(end - start for start, end in told) <= capacity
    write(image, layout, disk)
    is_right(image, disk)


def test_an_empty_disk(tmp_path: Path) -> None:
    disk, image = tmp_path / "disk", tmp_path / "image"
    with disk.open("wb") as file:
        file.truncate(3 * TABLE)
    layout = Layout(3 * TABLE, [])
    assert (layout.data_size, list(layout.data())) == (0, [])
    write(image, layout, disk)
    is_right(image, disk)
    assert image.stat().st_size == 4 * CLUSTER


def test_a_large_disk(tmp_path: Path) -> None:
    """An L1 table of more than one cluster, more than one refcount block; what is not written are zeros."""
    capacity, image = 64 << 40, tmp_path / "image"
    data = [(1 << 40, (1 << 40) + (2500 << 20)), (capacity - 512, capacity)]
    layout = Layout(capacity, data)
    with image.open("wb") as file:
        for offset, table in layout.tables():
            file.seek(offset)
            file.write(table)
        file.truncate(layout.size)
    checked = subprocess.run(["qemu-img", "check", "-f", "qcow2", image], capture_output=True, text=True)
    assert checked.returncode == 0, checked
    argv = ["qemu-img", "map", "--output=json", "-f", "qcow2", str(image)]
    mapped = json.loads(subprocess.run(argv, capture_output=True, check=True).stdout)
    found = [(one["start"], one["start"] + one["length"], one["offset"]) for one in mapped if one["present"]]
    last = capacity - capacity % CLUSTER - CLUSTER
    assert (found[0][0], found[0][2]) == (data[0][0], layout.data_at)
    assert found[-1] == (last, capacity, layout.size - CLUSTER)
    assert layout.size > 65536 * CLUSTER // 2


def test_more_refcount_blocks_than_one_cluster_names() -> None:
    """Beyond 16 TiB of data."""
    header, blocks, first = islice(Layout(20 << 40, [(0, 20 << 40)]).tables(), 3)
    table, clusters = struct.unpack_from(">QI", header[1], 48)
    assert (table, clusters, blocks[0], first[0]) == (CLUSTER, 2, CLUSTER, 3 * CLUSTER)
    assert len(blocks[1]) // 8 * (CLUSTER // 2) >= (20 << 40) // CLUSTER
    assert struct.unpack_from(">Q", blocks[1]) == (3 * CLUSTER,)
