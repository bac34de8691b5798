"""The way of ssh to a guest: a forward that keeps its number, options, greetings that take their time."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from innkeeper.errors import Unsupported, WaitTimeout
from innkeeper.guest import addresses, metadata
from innkeeper.guest.within import reaching
from innkeeper.libvirtxml import Domain

USER = "<domain type='kvm'><devices><interface type='user'/></devices></domain>"
NETWORK = "<domain type='kvm'><devices><interface type='network'/></devices></domain>"


class Monitored:
    """A domain whose QEMU has forwards; `busy` are ports that others have."""

    name = "web1"

    def __init__(self, busy: Any = ()) -> None:
        self.busy = busy
        self.forwards: list[int] = []
        self.facts = metadata.Facts()

    def monitor(self, command: str) -> str:
        if command == "info usernet":
            lines = [f"  TCP[HOST_FORWARD]  12 127.0.0.1 {port} 10.0.2.15 22 0 0" for port in self.forwards]
            return "\n".join(["Hub -1 (hostnet0):", "  Protocol[State]    FD", *lines])
        port = int(command.split(":")[2].rstrip("-"))
        if port in self.busy:
            return f"could not set up host forwarding rule 'tcp:127.0.0.1:{port}-:22'\n"
        self.forwards.append(port)
        return ""


@pytest.fixture
def guest(monkeypatch: pytest.MonkeyPatch) -> Any:
    made = Monitored()
    monkeypatch.setattr(metadata, "of_domain", lambda domain: domain.facts)
    monkeypatch.setattr(metadata, "write", lambda domain, facts: setattr(domain, "facts", facts))
    return made


def test_a_forward_is_made_once_and_comes_back_with_its_number(guest: Any) -> None:
    port = reaching.forward(guest, 22)
    assert 20000 <= port < 32000
    assert reaching.forward(guest, 22) == port
    assert guest.forwards == [port]
    guest.forwards.clear()  # it was off
    reaching.restore_forward(guest, guest.facts)
    assert guest.forwards == [port]


def test_nothing_is_forwarded_that_was_never_asked_for(guest: Any) -> None:
    reaching.restore_forward(guest, guest.facts)
    assert guest.forwards == []


def test_a_number_that_somebody_else_took_is_given_up(guest: Any) -> None:
    port = reaching.forward(guest, 22)
    guest.forwards.clear()
    guest.busy = {port}
    other = reaching.forward(guest, 22)
    assert other != port
    assert guest.facts.ssh_port == str(other)


def test_no_number_at_all(guest: Any) -> None:
    guest.busy = range(65536)
    with pytest.raises(Unsupported) as caught:
        reaching.forward(guest, 22)
    assert caught.value.code == "guest.no_forward"
    reaching.restore_forward(guest, metadata.Facts(ssh_port="20000"))  # it runs all the same


@pytest.mark.parametrize("kept", ["x", "-1", "22; rm", ""])
def test_a_number_that_others_wrote(guest: Any, kept: str) -> None:
    guest.facts = metadata.Facts(ssh_port=kept)
    assert 20000 <= reaching.forward(guest, 22) < 32000


class Nowhere:
    machine = None


@pytest.fixture
def slow_sshd() -> Iterator[int]:
    """It greets only on its third connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            kept = []
            for number in range(3):
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                kept.append(client)
                if number == 2:
                    client.sendall(b"SSH-2.0-test\r\n")
            time.sleep(0.2)
            for one in kept:
                one.close()

        threading.Thread(target=serve, daemon=True).start()
        yield int(server.getsockname()[1])


def test_ssh_s_command_line_once_it_greets(
    guest: Any, slow_sshd: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reaching, "_GREETING", 0.2)
    monkeypatch.setattr(reaching, "identities", lambda: ["/home/me/.ssh/key"])
    guest.forwards = [slow_sshd]
    host: Any = Nowhere()
    found = reaching.target(host, guest, Domain.from_xml(USER), "inn", wait=20)
    assert (found.address, found.port, found.argv[-1]) == ("127.0.0.1", slow_sshd, "inn@127.0.0.1")
    words = " ".join(found.argv)
    for part in (f"-p {slow_sshd}", "-i /home/me/.ssh/key", "ConnectTimeout=30", "StrictHostKeyChecking=no"):
        assert part in words


def test_waits_end(guest: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    host: Any = Nowhere()
    with socket.create_server(("127.0.0.1", 0)) as mute:
        guest.forwards = [mute.getsockname()[1]]
        began = time.monotonic()
        with pytest.raises(WaitTimeout) as caught:
            reaching.target(host, guest, Domain.from_xml(USER), "inn", wait=1)
        assert caught.value.code == "guest.ssh_silent"
        assert time.monotonic() - began < 8
    monkeypatch.setattr(addresses, "of", lambda *_: [])
    for wait in (None, 0.1):
        with pytest.raises(WaitTimeout) as caught:
            reaching.target(host, guest, Domain.from_xml(NETWORK), "inn", wait=wait)
        assert caught.value.code == "guest.no_address"


def test_addresses_that_the_agent_tells_are_asked_for_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Agent:
        def __init__(self, _domain: Any) -> None: ...

        def call(self, command: str, _arguments: Any, timeout: int) -> Any:
            asked.append((command, timeout))
            return [
                {
                    "name": "eth0",
                    "hardware-address": "52:54:00:00:00:01",
                    "ip-addresses": [
                        {"ip-address": address, "prefix": 24}
                        for address in ("fe80::1", "2001:db8::1", "192.0.2.1", "1.2.3.4\nProxyCommand x")
                    ],
                }
            ]

    class Leaseless:
        def addresses(self, _source: int) -> list[tuple[str, str]]:
            return []

    monkeypatch.setattr("innkeeper.virt.agent.Agent", Agent)
    domain: Any = Leaseless()
    host: Any = Nowhere()
    assert addresses.of(host, domain) == ["192.0.2.1", "2001:db8::1"]
    assert asked == [("guest-network-get-interfaces", 1)]
