"""What a guest's agent is asked: `inn exec` beside virsh's two calls, `inn show` beside what it cannot do without."""

from __future__ import annotations

import json
from collections.abc import Iterator

from benchmarks.measure import Comparison, Way, in_turns, run, seconds, timed
from benchmarks.programs import IMAGES, INN, PYTHON
from lxml import etree

__all__ = ["compare_exec", "compare_show"]

_WITH, _WITHOUT = "with-agent", "without-agent"
_PATIENCE = 900
_LIBRARIES = "import click, libvirt, lxml.etree, msgspec"
"""What `inn` stands on (DESIGN.md §9)."""


def compare_exec(rounds: int) -> Iterator[Comparison]:
    """A command that does nothing, until its end is known."""
    _boot()
    ours, other = "inn exec NAME true", "virsh qemu-agent-command, the two calls"
    ways: dict[str, Way] = {ours: lambda: seconds(INN, "exec", _WITH, "true"), other: _by_virsh}
    times = in_turns(ways, rounds, warm=3)
    yield Comparison("agent", ours, other, "times", None, times[ours], times[other])
    _remove(_WITH)


def _by_virsh() -> float:
    """Asking is timed, and each look until it is over; reading the answers is not."""
    took, told = _agent("guest-exec", {"path": "true", "capture-output": True})
    while True:
        more, status = _agent("guest-exec-status", {"pid": told["pid"]})
        took += more
        if status["exited"]:
            return took


def _agent(command: str, arguments: dict[str, object]) -> tuple[float, dict[str, int]]:
    asked = json.dumps({"execute": command, "arguments": arguments})
    took, printed = timed("virsh", "qemu-agent-command", _WITH, asked)
    told: dict[str, int] = json.loads(printed)["return"]
    return took, told


def compare_show(rounds: int) -> Iterator[Comparison]:
    """A guest without a line to an agent, and one whose agent is asked."""
    _boot()
    _make_without()
    for name in (_WITHOUT, _WITH):
        ours = f"inn show {name}"
        least, bare = "virsh dominfo, python -c 'import …'", "virsh dominfo, python -c pass"
        ways: dict[str, Way] = {
            ours: lambda name=name: seconds(INN, "show", name),  # type: ignore[misc]  # the loop's own name
            least: lambda name=name: _dominfo(name, _LIBRARIES),  # type: ignore[misc]  # likewise
            bare: lambda name=name: _dominfo(name, "pass"),  # type: ignore[misc]  # likewise
        }
        times = in_turns(ways, rounds, warm=3)
        for other, most in ((least, 1.5), (bare, None)):
            yield Comparison(f"show, {name}", ours, other, "times", most, times[ours], times[other])
    for name in (_WITHOUT, _WITH):
        _remove(name)


def _dominfo(name: str, code: str) -> float:
    return seconds("virsh", "dominfo", name) + seconds(PYTHON, "-c", code)


def _boot() -> None:
    wait = ("--wait", "agent", "--timeout", str(_PATIENCE))
    run(INN, "create", _WITH, "--image", "debian-12", "--memory", "768M", *wait)


def _make_without() -> None:
    """The same kind of guest on an empty disk, without the channel."""
    disk = f"{IMAGES}/{_WITHOUT}.qcow2"
    run("qemu-img", "create", "-q", "-f", "qcow2", disk, "1G")
    run(INN, "create", _WITHOUT, "--disk", disk, "--memory", "64M", "--accel", "tcg", "--no-start")
    document = etree.fromstring(run("virsh", "dumpxml", "--inactive", _WITHOUT))
    devices = document.find("devices")
    assert devices is not None
    for channel in devices.findall("channel"):
        devices.remove(channel)
    run("virsh", "define", "/dev/stdin", input=etree.tostring(document, encoding="unicode"))
    run("virsh", "start", _WITHOUT)


def _remove(name: str) -> None:
    run("virsh", "destroy", name)
    run("virsh", "undefine", name)
