"""The link of a host, who looks at what, and answers that a snapshot keeps."""

from __future__ import annotations

import time
from functools import partial

from innkeeper.inventory.link import Watched
from innkeeper.inventory.snapshot import Snapshot
from innkeeper.inventory.viewing import MOST, Viewing
from innkeeper.schema.guest import GuestRow


def row(name: str, deleted: str | None = None) -> GuestRow:
    return GuestRow(
        name=name, uuid=f"uuid-{name}-{deleted}", state="stopped", cpus=1, memory=1, deleted=deleted
    )


def test_a_call_that_waits_too_long_hangs_until_it_comes_back() -> None:
    changes: list[str] = []
    link = Watched(lambda: changes.append(link.view().state), hung=0.05)
    link.up()
    with link.call():
        assert link.view().state == "connected"
        time.sleep(0.1)
        assert link.view().state == "hung"
        link.heard()
    link.lost("it broke")
    assert link.view().state == "hung", "that was to be expected"
    link.down("refused")
    assert link.view().state == "away"
    link.down("still refused")
    assert link.view().detail == "still refused"
    link.up()
    assert changes == ["connected", "hung", "away", "connected"]


def test_a_connection_that_breaks_is_away() -> None:
    link = Watched(lambda: None)
    link.up()
    link.lost("end of file")
    assert (link.view().state, link.view().detail) == ("away", "end of file")
    link.up()
    assert link.view().detail == ""


def test_what_is_viewed_is_forgotten_after_a_while() -> None:
    begun: list[int] = []
    viewing = Viewing(lambda: begun.append(1), seconds=0.05)
    assert not viewing.anything()
    viewing.see("guest", "a")
    viewing.see("guest", "a")
    viewing.see("pool", "b")
    assert (viewing.of("guest"), viewing.of("pool"), viewing.anything()) == (["a"], ["b"], True)
    assert len(begun) == 2
    time.sleep(0.1)
    assert not viewing.anything()
    viewing.see("guest", "a")
    assert len(begun) == 3


def test_there_is_an_end_to_what_is_viewed() -> None:
    viewing = Viewing(lambda: None)
    for number in range(2 * MOST):
        viewing.see("guest", str(number))
    assert len(viewing.of("guest")) == MOST


def test_a_snapshot_finds_by_name_and_by_uuid() -> None:
    here, bin, other = row("a"), row("a", "20261122T101500Z"), row("b", "20261122T101500Z")
    snapshot = Snapshot([other, bin, here], 1)
    assert snapshot.rows == (here, bin, other)
    assert snapshot.find("a") is here
    assert snapshot.find("b") is other
    assert snapshot.find(bin.uuid) is bin
    assert snapshot.find("c") is None
    assert snapshot.listed() == (here,)
    assert snapshot.listed(deleted=True) == (bin, other)
    assert snapshot.listed(everything=True) == snapshot.rows


def test_a_snapshot_keeps_the_answers_that_are_asked_for() -> None:
    snapshot = Snapshot([], 1)
    for number in range(200):
        assert snapshot.keep(str(number), partial(int, number)) == number
        assert snapshot.keep("often", lambda: 7) == 7
        assert snapshot.keep("often", lambda: -1) == 7
    assert snapshot.keep("199", lambda: -1) == 199
    assert snapshot.keep("0", lambda: -1) == -1
