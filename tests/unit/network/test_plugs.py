"""What cards are plugged into, by documents; ways out of a host, by what its kernel tells."""

from __future__ import annotations

from typing import Any

import pytest

from innkeeper.errors import NotFound
from innkeeper.network.outside import Ways
from innkeeper.network.plugs import plugs
from innkeeper.schema.network import Forward

CARD = "<interface type='{kind}'><mac address='{mac}'/>{more}</interface>"
FACTS = "<i:guest xmlns:i='urn:innkeeper:guest:1' version='1'><i:ssh-port>2201</i:ssh-port></i:guest>"
SSH = f"<metadata>{FACTS}</metadata>"


def document(*cards: str, more: str = "") -> str:
    return f"<domain type='kvm'><name>a</name>{more}<devices>{''.join(cards)}</devices></domain>"


def card(kind: str, more: str = "", mac: str = "52:54:00:00:00:01") -> str:
    return CARD.format(kind=kind, mac=mac, more=more)


@pytest.mark.parametrize(
    ("said", "end"),
    [
        (card("network", "<source network='default'/>"), ("network", "default")),
        (card("bridge", "<source bridge='br0'/>"), ("bridge", "br0")),
        (card("direct", "<source dev='eth0' mode='bridge'/>"), ("interface", "eth0")),
        (card("user"), ("user", "user")),
        (card("ethernet"), ("other", "ethernet")),
    ],
)
def test_ends(said: str, end: tuple[str, str]) -> None:
    (plug,) = plugs(document(said), "")
    assert (plug.kind, plug.name, plug.now) == (*end, False)


def test_a_running_guest_has_the_cards_of_its_run_and_later_those_it_got_since() -> None:
    tap, pulled = "<target dev='vnet3'/>", "<link state='down'/>"
    first = card("network", f"<source network='default'/>{tap}{pulled}")
    second = card("bridge", "<source bridge='br0'/>", "52:54:00:00:00:02")
    found = plugs(document(first, second), document(first))
    assert [(one.name, one.device, one.link, one.now) for one in found] == [
        ("default", "vnet3", False, True),
        ("br0", None, True, False),
    ]


def test_forwards() -> None:
    ranges = "<range start='8000' end='8002' to='80'/><range start='8001' exclude='yes'/>"
    forward = f"<backend type='passt'/><portForward proto='tcp' address='127.0.0.1'>{ranges}</portForward>"
    said = document(card("user", forward), more=SSH)
    (plug,) = plugs(said, said)
    assert plug.forwards == (
        Forward(protocol="tcp", address="127.0.0.1", ports="8000-8002", to="80-82"),
        Forward(protocol="tcp", address="127.0.0.1", ports="2201", to="22"),
    )
    (off,) = plugs(said, "")
    assert len(off.forwards) == 1, "the forward of ssh is QEMU's, and goes with it"


def test_what_is_no_document_has_no_cards() -> None:
    assert plugs("", "") == ()
    assert plugs("<domain", "<domain>") == ()


class Files:
    def __init__(self, files: dict[str, str], folders: dict[str, list[str]]) -> None:
        self._files, self._folders = files, folders

    def read(self, path: str, offset: int = 0, limit: int | None = None) -> bytes:
        if path not in self._files:
            raise NotFound("machine.file_missing", path=path)
        return self._files[path].encode()

    def list(self, path: str) -> list[str]:
        return self._folders.get(path, [])

    def exists(self, path: str) -> bool:
        return path in self._files


class Machine:
    def __init__(self, files: dict[str, str], folders: dict[str, list[str]]) -> None:
        self.files = Files(files, folders)


ROUTES = """Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT
eth0 00000000 0101A8C0 0003 0 0 100 00000000 0 0 0
eth0 0001A8C0 00000000 0001 0 0 100 00FFFFFF 0 0 0
wlan0 00000000 0101A8C0 0003 0 0 600 00000000 0 0 0
tun0 00000000 0101A8C0 0002 0 0 600 00000000 0 0 0
tun0 00000000 00000000 0003 0 0 0 00000080 0 0 0
"""


def ways(files: dict[str, str], folders: dict[str, list[str]] | None = None) -> Ways:
    machine: Any = Machine(files, folders or {})
    return Ways(machine)


def test_default_routes() -> None:
    assert ways({"/proc/net/route": ROUTES}).default() == ("eth0", "wlan0")
    assert ways({}).default() == ()
    assert ways({"/proc/net/route": "\nnonsense\n" + "0 " * 8}).default() == ()
    assert Ways(None).default() == ()


def test_ports_of_a_bridge_without_those_of_guests() -> None:
    net = "/sys/class/net"
    files = {f"{net}/vnet0/tun_flags": "0x1002"}
    found = ways(files, {f"{net}/br0/brif": ["br0-nic", "eth0", "vnet0"]})
    assert found.ports("br0") == ("eth0",)
    assert found.ports("../br0") == ()
    assert found.ports("br1") == ()
