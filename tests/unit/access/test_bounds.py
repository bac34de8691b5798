"""Names that the server answers to, roles, and how often somebody may ask."""

from __future__ import annotations

import pytest

from innkeeper.server.access import roles
from innkeeper.server.access.hosts import Names
from innkeeper.server.access.limits import Buckets
from innkeeper.verbs import REGISTRY, verb


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8006", "localhost", "LOCALHOST:1", "[::1]:8006", "127.9.9.9"]
)
def test_loopback_answers_to_its_addresses(host: str) -> None:
    assert Names("127.0.0.1").knows(host)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8006", "192.0.2.1", "", "localhost.evil.example", "127.0.0.1.nip.example",
     "localhost@evil.example", "[::1", "a b", "0.0.0.0", "localhost:8006:1", "localhost\n", "127.1"],
)  # fmt: skip
def test_loopback_answers_to_no_foreign_name(host: str) -> None:
    assert not Names("127.0.0.1").knows(host)


def test_names_of_the_settings_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INNKEEPER_SERVER_NAMES", "inn.example, vm.example")
    for address in ("127.0.0.1", "0.0.0.0"):
        assert Names(address).knows("inn.example")
        assert Names(address).knows("VM.example.:8006")
        assert not Names(address).knows("other.example")


def test_on_all_addresses_any_address_counts_and_no_foreign_name() -> None:
    names = Names("0.0.0.0")
    assert names.knows("192.0.2.7:8006")
    assert names.knows("[2001:db8::1]")
    assert not names.knows("evil.example")


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        ("http://127.0.0.1:8006", "127.0.0.1:8006", True),
        ("https://inn.example", "inn.example", True),
        ("https://inn.example", "inn.example:443", True),
        ("http://127.0.0.1:8007", "127.0.0.1:8006", False),
        ("http://localhost:8006", "127.0.0.1:8006", False),
        ("null", "127.0.0.1:8006", False),
        ("file://127.0.0.1:8006", "127.0.0.1:8006", False),
        ("http://127.0.0.1:8006.evil.example", "127.0.0.1:8006", False),
        ("", "127.0.0.1:8006", False),
    ],
)
def test_origin(origin: str, host: str, same: bool) -> None:
    assert Names("127.0.0.1").same(origin, host) is same


def test_every_listed_verb_is_one_and_what_only_looks_changes_nothing() -> None:
    listed = roles.VIEWER | roles.OPERATOR
    of_nouns = {
        name for name in listed if name.partition(".")[0] in {one.partition(".")[0] for one in REGISTRY}
    }
    later = {"operation.follow", "schedule.list", "schedule.show", "volume.list"}
    assert of_nouns - later <= set(REGISTRY)
    assert not [name for name in roles.VIEWER & set(REGISTRY) if verb(name).steps]


def test_what_is_in_no_list_is_for_admins() -> None:
    for name in ("guest.create", "guest.edit", "guest.exec", "token.create", "host.setup", "", "anything"):
        assert roles.needed(name) == "admin"
    assert roles.needed("guest.list") == "viewer"
    assert roles.needed("guest.start") == "operator"
    assert roles.may("admin", "viewer")
    assert not roles.may("viewer", "operator")


def test_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("innkeeper.server.access.limits.time.monotonic", lambda: now[0])
    buckets = Buckets(rate=2, burst=3)
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 0]
    assert buckets.take("a") == pytest.approx(0.5)
    assert buckets.take("b") == 0
    now[0] = 0.5
    assert buckets.wait("a") == 0
    assert buckets.take("a") == 0
    assert buckets.take("a") > 0
