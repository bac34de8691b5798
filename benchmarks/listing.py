"""`inn list` beside `virsh list --all` and `kcli list vm`, with a few guests and with a thousand."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence

import libvirt
from benchmarks.measure import Comparison, Way, in_turns, run, seconds
from benchmarks.programs import IMAGES, INN, KCLI
from lxml import etree

from innkeeper.schema.names import DELETED, mark

__all__ = ["compare_few", "compare_many", "make", "remove"]

_FEW, _MANY, _IN_BIN = 3, 1000, 50

_OURS, _VIRSH, _KCLI = "inn list", "virsh list --all", "kcli list vm"
_WAYS: dict[str, Way] = {
    _OURS: lambda: seconds(INN, "list"),
    _VIRSH: lambda: seconds("virsh", "list", "--all"),
    _KCLI: lambda: seconds(KCLI, "list", "vm"),
}


def compare_few(rounds: int) -> Iterator[Comparison]:
    """Three guests that run."""
    names = [f"few-{number}" for number in range(_FEW)]
    for name in names:
        make(name)
    times = in_turns(_WAYS, rounds, warm=3)
    for other, most in ((_VIRSH, 4.0), (_KCLI, 0.45)):
        yield Comparison(f"list, {_FEW} guests", _OURS, other, "times", most, times[_OURS], times[other])
    remove(names)


def compare_many(rounds: int) -> Iterator[Comparison]:
    """A thousand defined guests that carry our metadata, fifty of them in the bin and so hidden."""
    make("template", "--no-start")
    document = etree.fromstring(run("virsh", "dumpxml", "--inactive", "template"))
    run("virsh", "undefine", "template")
    connection = libvirt.open()
    names = [f"many-{number:04}" for number in range(_MANY)]
    names[:_IN_BIN] = [mark(name, DELETED, "20261122T101500Z") for name in names[:_IN_BIN]]
    domains = [connection.defineXML(_renamed(document, name)) for name in names]
    times = in_turns(_WAYS, rounds, warm=2)
    for other, most in ((_VIRSH, 0.8), (_KCLI, None)):
        yield Comparison(f"list, {_MANY:,} guests", _OURS, other, "times", most, times[_OURS], times[other])
    for domain in domains:
        domain.undefine()
    connection.close()


def make(name: str, *options: str) -> None:
    """A guest with an empty disk: what is in it makes no difference to a list."""
    disk = f"{IMAGES}/{name}.qcow2"
    run("qemu-img", "create", "-q", "-f", "qcow2", disk, "1G")
    run(INN, "create", name, "--disk", disk, "--memory", "64M", "--network", "none", *options)


def remove(names: Sequence[str]) -> None:
    """Take guests that run away; their disks stay."""
    for name in names:
        run("virsh", "destroy", name)
        run("virsh", "undefine", name)


def _renamed(document: etree._Element, name: str) -> str:
    for tag, text in (("name", name), ("uuid", str(uuid.uuid4()))):
        node = document.find(tag)
        assert node is not None
        node.text = text
    return etree.tostring(document, encoding="unicode")
