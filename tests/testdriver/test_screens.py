"""Keys, text, logs and rates on libvirt's test driver, which takes keys and has counters, but no bulk ones."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from fcntl import ioctl
from pathlib import Path
from struct import pack
from typing import Any

import pytest
from lxml import etree

from innkeeper import guest
from innkeeper.errors import Conflict, Failed, Invalid, NotFound, Unsupported
from innkeeper.guest.watching.rates import Sampler
from innkeeper.host import Host
from innkeeper.libvirtxml.build import element
from innkeeper.schema.base import build
from innkeeper.schema.guest_screen import GuestPaste, GuestSendKeys
from innkeeper.verbs import verb
from innkeeper.virt import domains, screen

INN = str(Path(sys.executable).parent / "inn")


@pytest.fixture
def pressed(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """What was pressed, in order; the driver takes it and tells nobody."""
    found: list[list[int]] = []
    real = screen.send_key

    def send(domain: domains.Domain, codes: list[int], hold: int, codeset: str = "linux") -> None:
        real(domain, codes, hold, codeset)
        found.append(codes)

    monkeypatch.setattr(screen, "send_key", send)
    return found


def test_keys(host: Host, pressed: list[list[int]]) -> None:
    sent = guest.send_keys(host, name="web1", keys=("ctrl-alt-delete", "a"), hold=1)
    assert sent.keys == (("KEY_LEFTCTRL", "KEY_LEFTALT", "KEY_DELETE"), ("KEY_A",))
    assert pressed == [[29, 56, 111], [30]]
    with pytest.raises(Conflict, match="web2 is not running"):
        guest.send_keys(host, name="web2", keys=("a",))
    with pytest.raises(Invalid):
        guest.send_keys(host, name="web1", keys=())
    domains.lookup(host.virt, "web1").raw.suspend()
    with pytest.raises(Conflict, match="takes no keys"):
        guest.send_keys(host, name="web1", keys=("a",))


def test_text(host: Host, pressed: list[list[int]]) -> None:
    assert guest.paste(host, name="web1", text="Aß\n", layout="de", hold=1).characters == 3
    assert pressed == [[42, 30], [12], [28]]
    with pytest.raises(Invalid) as caught:
        guest.paste(host, name="web1", text="typable, but ß", hold=1)
    assert "de" in caught.value.remedy("en")
    assert len(pressed) == 3, "nothing of it was typed"


def test_text_is_broken_off(host: Host, pressed: list[list[int]], monkeypatch: pytest.MonkeyPatch) -> None:
    def sleep(_seconds: float) -> None:
        if len(pressed) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", sleep)
    with pytest.raises(Failed, match="2 of 6 characters"):
        guest.paste(host, name="web1", text="abcdef", hold=1)


def test_text_for_a_guest_that_ends(
    host: Host, pressed: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def sleep(_seconds: float) -> None:
        if len(pressed) == 2:
            domains.lookup(host.virt, "web1").destroy()

    monkeypatch.setattr(time, "sleep", sleep)
    with pytest.raises(Failed, match="2 of 3 characters"):
        guest.paste(host, name="web1", text="abc", hold=1)


def test_plans(host: Host) -> None:
    sent = verb("guest.send_keys").planned(host, build(GuestSendKeys, {"name": "web1", "keys": ["super-l"]}))
    assert sent.commands == [
        "virsh send-key web1 --codeset linux --holdtime 50 KEY_LEFTMETA KEY_L && sleep 0.2"
    ]
    fields = {"name": "web1", "text": "Geheim"}
    assert len(verb("guest.paste").planned(host, build(GuestPaste, fields)).commands) == 6
    hidden = verb("guest.paste").planned(host, build(GuestPaste, fields | {"secret": True}))
    assert hidden.commands == []
    assert hidden.summary == ["type 6 characters on web1 (keyboard us)"]


def test_logs_without_a_way_to_the_machine(host: Host) -> None:
    told = guest.logs(host, name="web1")
    assert (told.state, told.stop) == ("running", None)
    assert [log.problem for log in told.logs] == ["machine.needed", "guest.serial_not_logged"]
    with pytest.raises(NotFound, match="not logged"):
        guest.logs(host, name="web1", which="serial")
    with pytest.raises(Unsupported, match="run programs"):
        guest.logs(host, name="web1", which="qemu")


def test_logs_tell_why_a_guest_is_off(host: Host) -> None:
    domains.lookup(host.virt, "web1").destroy()
    told = guest.logs(host, name="web1")
    assert (told.state, told.reason) == ("stopped", "destroyed")
    assert told.stop is not None
    assert told.stop.reason == "destroyed"


def test_no_screen(host: Host) -> None:
    with pytest.raises(Unsupported, match="no screen"):
        guest.view(host, name="web1")
    with pytest.raises(Conflict):
        guest.view(host, name="web2")


def test_rates(host: Host) -> None:
    """The driver's guests take one CPU each: its clock is their CPU time."""
    told = guest.top(host, interval=0.3)
    (one,) = told.guests
    assert (one.name, one.cpus, one.memory, one.answers) == ("web1", 1, 64 << 20, True)
    assert one.cpu == pytest.approx(100, rel=0.2)
    assert guest.top(host, names=("web1",), interval=0.05).guests[0].name == "web1"
    with pytest.raises(Conflict):
        guest.top(host, names=("web2",))
    with pytest.raises(Invalid):
        guest.top(host, interval=0.001)


def test_a_guest_comes_and_goes(host: Host) -> None:
    sampler = Sampler(host)
    assert [one.name for one in sampler.sample()] == ["web1"]
    domains.lookup(host.virt, "web2").start()
    domains.lookup(host.virt, "web1").destroy()
    assert [(one.name, one.cpu) for one in sampler.sample()] == [("web2", None)]
    assert sampler.sample()[0].cpu is not None


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def uri(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Three guests that run, each with a disk and a card."""
    monkeypatch.setenv("INNKEEPER_STATE_DIR", str(tmp_path / "state"))
    root = element("node", {})
    for number in range(3):
        made = etree.SubElement(root, "domain", type="test")
        etree.SubElement(made, "name").text = f"web{number}"
        etree.SubElement(made, "memory", unit="MiB").text = "64"
        etree.SubElement(etree.SubElement(made, "os"), "type").text = "hvm"
        devices = etree.SubElement(made, "devices")
        disk = etree.SubElement(devices, "disk", type="file", device="disk")
        etree.SubElement(disk, "source", file=f"/disk{number}")
        etree.SubElement(disk, "target", dev="vda")
        card = etree.SubElement(devices, "interface", type="ethernet")
        etree.SubElement(card, "target", dev=f"tap{number}")
    etree.ElementTree(root).write(tmp_path / "node.xml")
    return f"test://{tmp_path / 'node.xml'}"


def inn(uri: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([INN, "-c", uri, *words], text=True, capture_output=True, check=False, timeout=60)


def test_once_and_count(uri: str) -> None:
    once = inn(uri, "top", "--once", "--interval", "0.1", "--sort", "name")
    assert [line.split()[0] for line in once.stdout.splitlines()] == ["NAME", "web0", "web1", "web2"]
    several = inn(uri, "top", "web1", "--count", "3", "--interval", "0.1", "--json")
    told: list[dict[str, Any]] = [json.loads(line) for line in several.stdout.splitlines()]
    assert [[one["name"] for one in line["guests"]] for line in told] == [["web1"]] * 3
    assert told[0]["guests"][0]["disk_read"] > 0
    assert told[0]["guests"][0]["net_rx"] > 0
    assert inn(uri, "top", "--once", "--count", "2").returncode == 2
    assert inn(uri, "top", "nobody").returncode == 2


class Terminal:
    """`inn top` on a terminal of its own."""

    def __init__(self, uri: str, *words: str) -> None:
        self._master, slave = pty.openpty()
        self.resize(24, 100, tell=False)
        self.before = termios.tcgetattr(slave)
        environment = {**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8"}
        command = [INN, "-c", uri, "top", "--interval", "0.1", *words]
        self.process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=environment)
        self._slave = slave
        self._seen = ""

    def resize(self, rows: int, columns: int, tell: bool = True) -> None:
        ioctl(self._master, termios.TIOCSWINSZ, pack("HHHH", rows, columns, 0, 0))
        if tell:
            os.kill(self.process.pid, signal.SIGWINCH)

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    def wait(self, pattern: str) -> str:
        """Until a whole screen shows that; the screen."""
        deadline = time.monotonic() + 20
        while True:
            for shown in reversed(self._seen.split("\x1b[H")[:-1]):
                if re.search(pattern, shown):
                    return shown
            self._seen = self._seen[self._seen.rfind("\x1b[H") :]
            alive = self.process.poll() is None and time.monotonic() < deadline
            assert alive, f"never seen: {pattern!r} in {self._seen!r}"
            if select.select([self._master], [], [], 1.0)[0]:
                self._seen += os.read(self._master, 65536).decode(errors="replace")

    def end(self) -> int:
        status = self.process.wait(timeout=30)
        assert termios.tcgetattr(self._slave) == self.before, "the terminal is as it was"
        os.close(self._slave)
        os.close(self._master)
        return status


@pytest.fixture
def terminal(uri: str) -> Iterator[Terminal]:
    made = Terminal(uri)
    yield made
    if made.process.poll() is None:
        made.process.kill()
        made.process.wait()


def test_live(terminal: Terminal) -> None:
    shown = terminal.wait(r"web1 +[0-9.]+ ")
    assert "3 running guests" in shown
    assert "by CPU" in shown
    terminal.type("a")
    shown = terminal.wait("by name")
    assert re.findall(r"web\d", shown) == ["web0", "web1", "web2"]
    terminal.type("r")
    assert re.findall(r"web\d", terminal.wait("(?s)web2.*web0")) == ["web2", "web1", "web0"]
    terminal.type("\x1b[D")
    terminal.wait("by network")
    terminal.resize(6, 40)
    shown = terminal.wait(r"\A[^\n]*(?:\n[^\n]*){5}\Z")
    assert len(re.findall(r"web\d", shown)) == 2, "two fit"
    terminal.type("\x1b[B")
    terminal.type("q")
    assert terminal.end() == 0


def test_interrupted(terminal: Terminal) -> None:
    terminal.wait("web1")
    terminal.process.send_signal(signal.SIGINT)
    assert terminal.end() == 0


def test_ended_by_a_signal(terminal: Terminal) -> None:
    terminal.wait("web1")
    terminal.process.send_signal(signal.SIGTERM)
    assert terminal.end() == 128 + signal.SIGTERM
