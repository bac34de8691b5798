"""`inn top --once` beside `virsh domstats`: two looks, a Python and a table, beside one look."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.listing import make, remove
from benchmarks.measure import Comparison, in_turns, seconds
from benchmarks.programs import INN
from lxml import etree

__all__ = ["compare"]

_FEW, _MANY = 3, 50
_INTERVAL = 0.05
"""Seconds between the two looks, the least that may be asked for; not counted."""


def compare(rounds: int) -> Iterator[Comparison]:
    """Three guests that run, and fifty of libvirt's test driver, which tells everything guest by guest."""
    names = [f"rated-{number}" for number in range(_FEW)]
    for name in names:
        make(name)
    yield _compared(f"top, {_FEW} guests", [], 4.0, rounds)
    remove(names)
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "node.xml")
        etree.ElementTree(_simulated()).write(path)
        yield _compared(f"top, {_MANY} simulated", ["-c", f"test://{path}"], None, rounds)


def _compared(figure: str, connect: list[str], most: float | None, rounds: int) -> Comparison:
    ours, other = "inn top --once, without its interval", "virsh domstats"
    argv = [INN, *connect, "top", "--once", "--interval", str(_INTERVAL)]
    times = in_turns(
        {
            ours: lambda: seconds(*argv) - _INTERVAL,
            other: lambda: seconds("virsh", *connect, "domstats", "--list-active"),
        },
        rounds,
        warm=2,
    )
    return Comparison(figure, ours, other, "times", most, times[ours], times[other])


def _simulated() -> etree._Element:
    """The driver's world as its file describes it (libvirt, docs/drvtest)."""
    root = etree.Element("node")
    for number in range(_MANY):
        guest = etree.SubElement(root, "domain", type="test")
        etree.SubElement(guest, "name").text = f"web-{number:02}"
        etree.SubElement(guest, "memory", unit="MiB").text = "64"
        etree.SubElement(etree.SubElement(guest, "os"), "type").text = "hvm"
        devices = etree.SubElement(guest, "devices")
        disk = etree.SubElement(devices, "disk", type="file", device="disk")
        etree.SubElement(disk, "source", file=f"/disk-{number}")
        etree.SubElement(disk, "target", dev="vda")
    return root
