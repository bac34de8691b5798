"""All guests of a host, started and stopped in order, on libvirt's test driver."""

from __future__ import annotations

import pytest

from innkeeper import guest
from innkeeper.errors import Failed
from innkeeper.host import Host
from innkeeper.verbs import verb
from innkeeper.virt import domains


def test_guests_start_and_stop_in_order(host: Host) -> None:
    guest.stop(host, name="web1", force=True)
    for name, order in (("web1", 20), ("a~b", 10)):
        guest.set(host, name=name, start_order=order, autostart=True)
    done = verb("host.start_guests")(host)
    assert [(one.name, one.outcome) for one in done.guests] == [
        *(("a~b", "started"), ("web1", "started"), ("web2", "started")),
    ]
    assert [one.outcome for one in verb("host.start_guests")(host).guests] == ["running"] * 3
    guest.suspend(host, name="a~b")
    done = verb("host.stop_guests")(host, timeout=5)
    assert [(one.name, one.outcome) for one in done.guests] == [
        *(("web2", "stopped"), ("web1", "stopped"), ("a~b", "saved")),
    ]
    assert [one.outcome for one in verb("host.start_guests")(host).guests] == ["woken", "started", "started"]
    guest.suspend(host, name="a~b")
    done = verb("host.stop_guests")(host, timeout=5, then="force")
    assert done.guests[-1].outcome == "forced"


def test_an_order_alone_starts_nothing(host: Host) -> None:
    guest.set(host, name="a~b", start_order=1)
    assert "a~b" not in [one.name for one in verb("host.start_guests")(host).guests]


def test_one_that_does_not_start_keeps_no_other_from_it(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    guest.set(host, name="a~b", start_order=1, autostart=True)
    start = domains.Domain.start

    def stumble(domain: domains.Domain) -> None:
        if domain.name == "a~b":
            raise Failed("libvirt.failed", name="a~b", detail="on purpose", code=0)
        start(domain)

    monkeypatch.setattr(domains.Domain, "start", stumble)
    done = verb("host.start_guests")(host)
    assert [(one.name, one.outcome) for one in done.guests] == [("a~b", "failed"), ("web2", "started")]
    assert "on purpose" in done.guests[0].reason
