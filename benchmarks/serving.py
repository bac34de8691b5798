"""The server: lists of a thousand and of ten thousand guests, how long until a change is told, what memory it takes."""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal
from uuid import NAMESPACE_DNS, uuid5

from benchmarks.listing import make, remove
from benchmarks.measure import Comparison, run, seconds
from benchmarks.served import Served, at_a_rate
from lxml import etree

__all__ = ["compare_events", "compare_lists", "compare_memory", "simulated_host"]

_THOUSAND, _MANY, _PAGE = 1000, 10_000, 100
_RATE = 300.0
"""Requests a second."""
_ASKED = 3000
"""Requests of a round: ten seconds of them."""
_OURS = "urn:innkeeper:guest:1"


def compare_lists(rounds: int) -> Iterator[Comparison]:
    """Guests of libvirt's test driver, which runs in the world's libvirtd, as a host's own would."""
    with tempfile.TemporaryDirectory(dir="/var/lib") as directory:
        place = Path(directory)
        with Served(simulated_host(place, _THOUSAND, 100), place / "state-thousand") as served:
            served.until_connected(_THOUSAND)
            same = ["/api/v1/guests?long=true"] * (rounds * 40)
            yield _one_by_one(served, same, "the whole list")
            anew = [f"/api/v1/guests?long=true&memory%3E={1 + number}" for number in range(rounds * 40)]
            yield _one_by_one(served, anew, "the whole list, never asked for so before")
        with Served(simulated_host(place, _MANY, _THOUSAND), place / "state-many") as served:
            served.until_connected(_MANY)
            slowest = []
            for number in range(rounds):
                took = sorted(at_a_rate(served, _questions(number), _RATE))
                slowest.append(took[int(len(took) * 0.99)])
            what = f"page of {_PAGE}, p99, {_RATE:.0f}/s"
            yield _absolute(f"list, {_MANY:,} guests", what, "above", 0.05, slowest)


def _one_by_one(served: Served, paths: Sequence[str], what: str) -> Comparison:
    connection = served.connection()
    took = []
    for path in paths:
        began = time.perf_counter()
        served.get(connection, path)
        took.append(time.perf_counter() - began)
    connection.close()
    return _absolute(f"list, {_THOUSAND:,} guests", what, "above", 0.03, took)


def _questions(seed: int) -> list[str]:
    """Pages anywhere, sorted and filtered as people do."""
    chosen = random.Random(seed)
    sorts = ("name", "-name", "memory", "-memory", "state", "cpus,name")
    filters = ("", "&state=running", "&name~=7", "&labels.team=t3")
    found = []
    for _ in range(_ASKED):
        filter = chosen.choice(filters)
        offset = chosen.randrange(0, _MANY if not filter else 1000, _PAGE)
        found.append(
            f"/api/v1/guests?long=true&limit={_PAGE}&offset={offset}&sort={chosen.choice(sorts)}{filter}"
        )
    return found


def compare_events(rounds: int) -> Iterator[Comparison]:
    """From before virsh is started until its change is heard, beside virsh itself."""
    make("told")
    uuid = run("virsh", "domuuid", "told").strip()
    heard: list[float] = []
    fresh = threading.Condition()

    def hear(event: dict[str, object], at: float) -> None:
        if event["id"] == uuid:
            with fresh:
                heard.append(at)
                fresh.notify()

    with (
        tempfile.TemporaryDirectory(dir="/var/lib") as directory,
        Served("qemu:///system", Path(directory)) as served,
    ):
        served.until_connected(1)
        served.listen(hear)
        told, virsh = [], []
        for number in range(rounds + 3):
            command = ("virsh", "resume" if number % 2 else "suspend", "told")
            time.sleep(2.2)  # longer than a guest is looked at again behind an event
            with fresh:
                heard.clear()
            began = time.perf_counter()
            virsh.append(seconds(*command))
            with fresh:
                assert fresh.wait_for(lambda: bool(heard), 30), "no event"
                told.append(heard[0] - began)
    remove(["told"])
    yield Comparison("event", "virsh's change until it is heard", "virsh", "above", 0.3, told[3:], virsh[3:])


def compare_memory(rounds: int) -> Iterator[Comparison]:
    """With a host of three guests; and of ten thousand that all run, lists asked for, charts begun: a chart takes its
    memory when it begins."""
    idle, many = [], []
    with tempfile.TemporaryDirectory(dir="/var/lib") as directory:
        place = Path(directory)
        for number in range(rounds):
            with Served(simulated_host(place, 3, 3), place / f"state-idle-{number}") as served:
                served.until_connected(3)
                time.sleep(35)
                idle.append(served.memory())
        with Served(simulated_host(place, _MANY, _MANY), place / "state-many") as served:
            served.until_connected(_MANY)
            for number in range(rounds):
                at_a_rate(served, _questions(number)[:600], 60)
                time.sleep(40)
                many.append(served.memory())
    yield _absolute("server memory", "idle", "memory", 150, idle)
    yield _absolute("server memory", f"{_MANY:,} guests that run", "memory", 400, many)


def _absolute(
    name: str, ours: str, kind: Literal["above", "memory"], most: float, values: Sequence[float]
) -> Comparison:
    """Beside nothing."""
    return Comparison(name, ours, "nothing", kind, most, list(values), [0.0] * len(values))


def simulated_host(place: Path, guests: int, running: int) -> str:
    """The URI of a simulated host as libvirtd runs it (libvirt, docs/drvtest)."""
    root = etree.Element("node")
    for number in range(guests):
        root.append(_guest(number, number % (guests // running) == 0))
    file = place / f"host-{guests}-{running}.xml"
    etree.ElementTree(root).write(file)
    return f"test+unix://{file}"


def _guest(number: int, runs: bool) -> etree._Element:
    guest = etree.Element("domain", type="test")
    etree.SubElement(guest, "name").text = f"guest-{number:05}"
    etree.SubElement(guest, "uuid").text = str(uuid5(NAMESPACE_DNS, str(number)))
    etree.SubElement(guest, "title").text = f"Guest {number}"
    ours = etree.SubElement(
        etree.SubElement(guest, "metadata"), f"{{{_OURS}}}guest", nsmap={"innkeeper": _OURS}
    )
    etree.SubElement(ours, f"{{{_OURS}}}label", name="team", value=f"t{number % 7}")
    etree.SubElement(guest, "memory", unit="MiB").text = str(256 * (1 + number % 16))
    etree.SubElement(guest, "vcpu").text = str(1 + number % 4)
    etree.SubElement(etree.SubElement(guest, "os"), "type").text = "hvm"
    devices = etree.SubElement(guest, "devices")
    disk = etree.SubElement(devices, "disk", type="file", device="disk")
    etree.SubElement(disk, "source", file=f"/disk-{number}")
    etree.SubElement(disk, "target", dev="vda")
    state = etree.SubElement(guest, "{http://libvirt.org/schemas/domain/test/1.0}runstate")
    state.text = "1" if runs else "5"  # VIR_DOMAIN_RUNNING, VIR_DOMAIN_SHUTOFF
    return guest
