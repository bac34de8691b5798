"""What an agent says of its guest: cleaned, bounded, and asked for no longer than a second."""

from __future__ import annotations

import time
from typing import Any

import pytest

from innkeeper.errors import Failed, Unsupported
from innkeeper.guest.within.inside import PATIENCE, Question, cards, text

ANSWERS: dict[str, Any] = {
    "guest-info": {"version": "7.2.9", "supported_commands": []},
    "guest-get-osinfo": {
        "pretty-name": "Debian GNU/Linux 12 (bookworm)",
        "kernel-release": "6.1.0",
        "machine": "x86_64",
        "id": "debian",
    },
    "guest-get-host-name": {"host-name": "web1"},
    "guest-get-timezone": {"offset": -12600, "zone": "NST"},
    "guest-network-get-interfaces": [
        {"name": "lo", "ip-addresses": [{"ip-address": "127.0.0.1", "prefix": 8, "ip-address-type": "ipv4"}]},
        {"name": "eth0", "hardware-address": "52:54:00:00:00:01", "statistics": {}},
    ],
    "guest-get-users": [{"user": "inn", "login-time": 1795342500.5}],
    "guest-get-fsinfo": [
        {"name": "vda1", "mountpoint": "/", "type": "ext4", "used-bytes": 5, "total-bytes": 10, "disk": []},
        {"name": "vda2", "mountpoint": "/boot", "type": "vfat", "disk": []},
    ],
}


def asked(answers: dict[str, Any], delay: float = 0.0) -> Any:
    def call(command: str, _arguments: Any, timeout: int) -> Any:
        assert timeout == 1
        time.sleep(delay)
        answer = answers[command]
        if isinstance(answer, Exception):
            raise answer
        return answer

    return Question(call).answer()


def test_all_of_it() -> None:
    told = asked(ANSWERS)
    assert (told.agent, told.version, told.missing) == ("answers", "7.2.9", ())
    assert (told.os, told.kernel) == ("Debian GNU/Linux 12 (bookworm)", "6.1.0 x86_64")
    assert (told.host_name, told.time_zone) == ("web1", "NST -03:30")
    assert [(card.name, card.addresses) for card in told.cards] == [("lo", ("127.0.0.1",)), ("eth0", ())]
    assert [(user.name, user.since) for user in told.users] == [("inn", 1795342500.5)]
    assert [(fs.mount, fs.used, fs.size) for fs in told.file_systems] == [("/", 5, 10), ("/boot", None, None)]


def test_nobody_listens() -> None:
    assert Question(None).answer().agent == "off"


@pytest.mark.parametrize("delay", [0.3, 30.0])
def test_no_longer_than_a_second(delay: float) -> None:
    began = time.monotonic()
    told = asked(ANSWERS, delay)
    assert time.monotonic() - began < PATIENCE + 0.3
    assert told.agent == ("slow" if delay < 1 else "silent")
    assert len(told.missing) >= 4
    assert (told.os is None) == (delay > 1)


def test_an_agent_that_says_nothing() -> None:
    silent = Unsupported("guest.agent_silent", name="web1")
    told = asked(dict.fromkeys(ANSWERS, silent))
    assert told.agent == "silent"
    assert len(told.missing) == len(ANSWERS)


def test_an_agent_that_refuses() -> None:
    refused = Failed("guest.agent_failed", name="web1", command="x", detail="disabled")
    told = asked(ANSWERS | {"guest-get-users": refused, "guest-get-fsinfo": refused})
    assert (told.agent, told.missing) == ("answers", ("guest-get-fsinfo", "guest-get-users"))
    assert told.host_name == "web1"


HOSTILE: list[Any] = [
    None,
    True,
    -1,
    1e308,
    "text",
    [],
    {},
    [[]],
    [{}] * 10_000,
    {"host-name": None},
    {"host-name": {"a": 1}},
    {"offset": 1 << 62, "zone": "X"},
    {"offset": "1"},
    {"version": 7},
    {"pretty-name": "\x1b]0;evil\x07\x1b[2J" * 10_000, "name": "\u202e"},
    [{"user": "\x1b[2J" * 1000, "login-time": 1e300}] * 10_000,
    [{"name": "x", "mountpoint": "/\n/", "type": "", "used-bytes": -5, "total-bytes": 1 << 63}],
    [{"name": "eth0", "ip-addresses": [{"ip-address": "1.2.3.4\nProxyCommand evil", "prefix": 1}] * 9}],
    [{"name": "eth0", "ip-addresses": {"ip-address": 3}}],
    [{"name": "a" * 100_000, "hardware-address": "\r\n" * 1000}] * 5000,
]


@pytest.mark.parametrize("answer", HOSTILE, ids=range(len(HOSTILE)))
def test_lies(answer: Any) -> None:
    """Any answer to any question leaves a view whose texts are short and printable."""
    told = asked(dict.fromkeys(ANSWERS, answer))
    texts: list[Any] = [told.version, told.os, told.kernel, told.host_name, told.time_zone]
    texts += [part for card in told.cards for part in (card.name, card.mac, *card.addresses)]
    texts += [user.name for user in told.users]
    texts += [part for system in told.file_systems for part in (system.mount, system.device, system.kind)]
    for one in filter(None, texts):
        assert one.isprintable(), repr(one[:50])
        assert len(one) <= 130
    assert len(texts) < 500
    assert all(0 <= (system.size or 0) < 1 << 63 for system in told.file_systems)
    assert not any("evil" in address for card in told.cards for address in card.addresses)


def test_addresses_are_such() -> None:
    told = [
        {
            "name": "eth0",
            "ip-addresses": [
                {"ip-address": address, "prefix": 1}
                for address in (
                    "192.0.2.1",
                    "2001:DB8::1",
                    "fe80::1%eth0",
                    "-oProxyCommand=x",
                    "",
                    "1.2.3.4 5",
                )
            ],
        }
    ]
    assert cards(told)[0].addresses == ("192.0.2.1", "2001:db8::1", "fe80::1")
    assert cards({"no": "list"}) == ()


def test_text() -> None:
    assert text(" a\tb\x00 ") == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"
    assert text("中文 é") == "中文 é"
    assert text("") is text(None) is text("  ") is None
