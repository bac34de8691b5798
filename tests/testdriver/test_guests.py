"""The verbs on guests that are there: what they do, what they refuse."""

from __future__ import annotations

import time
from typing import Any

import pytest

from innkeeper import guest
from innkeeper.errors import Refused
from innkeeper.guest import metadata
from innkeeper.host import Host
from innkeeper.operation import journal
from innkeeper.schema.base import build
from innkeeper.schema.guest import GuestDelete
from innkeeper.verbs import Plan, verb
from innkeeper.virt import domains, networks
from tests.testdriver.conftest import FACTS, MAC, world


def names(host: Host, **fields: Any) -> list[str]:
    return [row.name for row in guest.list(host, **fields)]


def test_list_and_show(host: Host) -> None:
    rows = {row.name: row for row in guest.list(host)}
    assert list(rows) == ["a~b", "web1", "web2"]
    assert (rows["web1"].state, rows["web1"].cpus, rows["web1"].memory) == ("running", 1, 64 << 20)
    assert (rows["web2"].state, rows["web2"].deleted) == ("stopped", None)
    view = guest.show(host, name="web2")
    assert (view.name, view.state, view.cpus, view.memory) == ("web2", "stopped", 2, 128 << 20)
    assert (view.image, view.user, view.created, view.autostart) == ("tiny", "inn", 1795342500.0, True)
    assert guest.show(host, name=view.uuid) == view


def test_start_and_stop(host: Host) -> None:
    assert guest.start(host, name="web2", wait="running").state == "running"
    assert guest.stop(host, name="web2").state == "stopped"
    assert guest.stop(host, name="web1", force=True).state == "stopped"
    assert guest.start(host, name="web1").state == "running"
    assert guest.reboot(host, name="web1").name == "web1"
    assert journal.read_all() == []


def test_rename(host: Host) -> None:
    uuid = guest.show(host, name="web2").uuid
    assert guest.rename(host, name="web2", new_name="db").name == "db"
    assert names(host) == ["a~b", "db", "web1"]
    assert guest.rename(host, name=uuid, new_name="web2").uuid == uuid
    assert metadata.of_domain(domains.lookup(host.virt, "web2")) == FACTS


def test_to_the_bin_and_back_is_as_if_nothing_was(host: Host) -> None:
    before = world(host)
    view = guest.delete(host, name="web2")
    assert (view.name, view.state, view.autostart) == ("web2", "deleted", False)
    assert view.deleted
    assert names(host) == ["a~b", "web1"]
    (row,) = guest.list(host, deleted=True)
    assert (row.name, row.state, row.deleted) == ("web2", "deleted", view.deleted)
    assert names(host, all=True) == ["a~b", "web1", "web2"]
    assert guest.undelete(host, name="web2").autostart
    assert world(host) == before


def test_a_guest_without_anything_of_ours_comes_back_so(host: Host) -> None:
    before = world(host)
    guest.delete(host, name="web1", force=True)
    guest.undelete(host, name="web1")
    guest.start(host, name="web1")
    assert world(host) == before


def test_two_of_one_name_in_the_bin(host: Host) -> None:
    first = guest.delete(host, name="web2")
    guest.rename(host, name="a~b", new_name="web2")
    second = guest.delete(host, name="web2")
    assert first.uuid != second.uuid
    assert [row.uuid for row in guest.list(host, deleted=True)] == [first.uuid, second.uuid]
    assert guest.undelete(host, name="web2").uuid == second.uuid
    with pytest.raises(Refused) as caught:
        guest.undelete(host, name=first.uuid)
    assert caught.value.code == "guest.exists"
    assert guest.undelete(host, name=first.uuid, new_name="web3").name == "web3"


def test_the_plan_names_the_guest_in_the_bin_as_it_will_be(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when a second passes between the plan and the deed."""
    seconds = iter(range(60))
    monkeypatch.setattr(time, "strftime", lambda *_: f"20261122T1015{next(seconds):02}Z")
    plans: list[Plan] = []
    verb("guest.delete").perform(host, build(GuestDelete, {"name": "web2"}), on_plan=plans.append)
    (marked,) = (row.name for row in domains.rows(host.virt) if "~deleted~" in row.name)
    assert plans[0].commands[-1] == f"virsh domrename web2 '{marked}'"


def test_a_name_with_a_tilde_goes_to_the_bin_and_back(host: Host) -> None:
    before = world(host)
    assert guest.delete(host, name="a~b").name == "a~b"
    assert names(host) == ["web1", "web2"]
    guest.undelete(host, name="a~b")
    assert world(host) == before


def reserved(host: Host) -> bool:
    return MAC in networks.lookup(host.virt, "default").xml()


def test_purge_takes_what_was_made_for_it_and_no_more(host: Host) -> None:
    assert reserved(host)
    guest.delete(host, name="web2")
    guest.purge(host, name="web2")
    assert names(host, all=True) == ["a~b", "web1"]
    assert world(host)["pool default"] == "other.qcow2"
    assert not reserved(host)


def test_purge_keeps_disks_when_asked(host: Host) -> None:
    before = world(host)["pool default"]
    guest.delete(host, name="web2")
    guest.purge(host, name="web2", keep_disks=True)
    assert names(host, all=True) == ["a~b", "web1"]
    assert world(host)["pool default"] == before


REFUSALS: list[tuple[str, dict[str, Any], str]] = [
    ("show", {"name": "nobody"}, "guest.unknown"),
    ("start", {"name": "nobody"}, "guest.unknown"),
    ("start", {"name": "web1"}, "guest.running_already"),
    ("start", {"name": "web2", "wait": "boot"}, "guest.no_boot_pattern"),
    ("start", {"name": "web2", "wait": "agent"}, "guest.no_agent"),
    ("start", {"name": "web2", "wait": "ip"}, "guest.no_network"),
    ("stop", {"name": "web2"}, "guest.not_running"),
    ("reboot", {"name": "web2"}, "guest.not_running"),
    ("rename", {"name": "web1", "new_name": "x"}, "guest.running"),
    ("rename", {"name": "web2", "new_name": "web1"}, "guest.exists"),
    ("rename", {"name": "web2", "new_name": "web2"}, "guest.same_name"),
    ("rename", {"name": "web2", "new_name": "../x"}, "request.name"),
    ("delete", {"name": "web1"}, "guest.delete_running"),
    ("undelete", {"name": "web1"}, "guest.not_in_bin"),
    ("undelete", {"name": "nobody"}, "guest.unknown"),
    ("purge", {"name": "web2"}, "guest.not_in_bin"),
    ("console", {"name": "web2"}, "guest.not_running"),
    ("console", {"name": "web1"}, "guest.no_serial"),
    ("screenshot", {"name": "web1"}, "guest.no_screen"),
    ("ssh", {"name": "web1"}, "guest.no_network"),
]


@pytest.mark.parametrize(("deed", "fields", "code"), REFUSALS)
def test_a_refusal_changes_nothing(host: Host, deed: str, fields: dict[str, Any], code: str) -> None:
    before = world(host)
    with pytest.raises(Refused) as caught:
        verb(f"guest.{deed}")(host, **fields)
    assert (caught.value.code, caught.value.exit_code) == (code, 2)
    assert caught.value.remedy("en") != f"{code}.remedy"
    assert world(host) == before


@pytest.mark.parametrize("deed", ["show", "start", "stop", "delete"])
def test_what_is_in_the_bin_is_said_to_be(host: Host, deed: str) -> None:
    guest.delete(host, name="web2")
    with pytest.raises(Refused) as caught:
        verb(f"guest.{deed}")(host, name="web2")
    assert caught.value.code == "guest.in_bin"


def test_a_suspended_guest_hears_nothing(host: Host) -> None:
    domains.lookup(host.virt, "web1").raw.suspend()
    assert guest.show(host, name="web1").state == "suspended"
    for deed in (guest.stop, guest.reboot):
        with pytest.raises(Refused) as caught:
            deed(host, name="web1")
        assert caught.value.code == "guest.suspended"
    assert guest.stop(host, name="web1", force=True).state == "stopped"


def test_an_unfinished_guest_is_shown_as_such_and_holds_its_name(host: Host) -> None:
    domains.lookup(host.virt, "a~b").rename("new~creating")
    (row,) = [row for row in guest.list(host, all=True) if row.state == "creating"]
    assert row.name == "new"
    with pytest.raises(Refused) as caught:
        guest.rename(host, name="web2", new_name="new")
    assert caught.value.code == "guest.unfinished"
