"""The server's operations: asked for, performed, followed, cancelled, tried again."""

from __future__ import annotations

from typing import Any

import pytest

from innkeeper import messages
from innkeeper.durable.ending import FULFILLED
from innkeeper.errors import Conflict, Invalid, NotFound
from innkeeper.host import Host
from innkeeper.schema.operation import OperationView
from innkeeper.verbs import verb
from tests.unit.durable import deeds
from tests.unit.durable.conftest import Server, until
from tests.unit.durable.deeds import DONE, Ask


def ask(server: Server, wait: float = 30, **fields: Any) -> OperationView:
    view = server.durable.submit("test.deed", Ask(**{"name": "web", **fields}), "ada")
    return server.durable.wait(view.id, wait)


def test_done(server: Server) -> None:
    view = ask(server)
    assert (view.state, view.verb, view.target, view.who) == ("done", "test.deed", "web", "ada")
    assert view.result == {"name": "web", "said": "the password is None"}
    assert (view.requested or 0) <= (view.began or 0) <= (view.ended or 0)
    assert view.requested
    assert (view.attempts, view.step, view.problem) == (1, "two", None)
    assert DONE == ["web 0", "web 1"]
    assert ("operation", view.id, "changed") in server.published
    assert server.durable.list() == [view]
    assert [line.text for line in server.durable.log(view.id)] == ["guest.progress.disk"]
    assert server.durable.get(view.id[:6]) == view


@pytest.mark.parametrize(
    ("fields", "state", "code"),
    [
        ({"refuse": True}, "refused", "guest.exists"),
        ({"fail": "failed"}, "failed", "libvirt.failed"),
        ({"fail": "unknown"}, "unknown", "libvirt.failed"),
        ({"fail": "timeout"}, "timeout", "libvirt.failed"),
        ({"fail": "else"}, "failed", "server.bug"),
    ],
)
def test_how_it_may_end(server: Server, fields: dict[str, Any], state: str, code: str) -> None:
    view = ask(server, **fields)
    assert view.problem
    assert (view.state, view.problem.code) == (state, code)
    if state in ("failed", "unknown"):
        assert DONE[2:] == ["undo web 1", "undo web 0"]
    if code == "libvirt.failed" and state != "timeout":
        assert view.undone == ("test.note web 1", "test.note web 0")


def test_a_few_at_once_the_others_wait(server: Server) -> None:
    """Two at once, says the setting; the third waits, and can be cancelled while it does."""
    views = [server.durable.submit("test.deed", Ask(name=f"g{n}", hold=True), "ada") for n in range(4)]
    until(lambda: len(deeds.RUNNING) == 2)
    states = [server.durable.get(view.id).state for view in views]
    assert sorted(states) == ["queued", "queued", "running", "running"]
    last = views[3]
    assert server.durable.cancel(last.id, "eve").state == "cancelled"
    deeds.GATE.set()
    ends = [server.durable.wait(view.id, 30) for view in views]
    assert [view.state for view in ends] == ["done", "done", "done", "cancelled"]
    assert (ends[3].cancelled_by, ends[3].attempts) == ("eve", 0)
    assert [line for line in DONE if "g3" in line] == []


def test_cancelled_while_it_runs(server: Server) -> None:
    view = ask(server, wait=0, hold=True)
    until(lambda: deeds.RUNNING)
    server.durable.cancel(view.id, "eve")
    view = server.durable.wait(view.id, 30)
    assert (view.state, view.cancelled_by) == ("cancelled", "eve")
    assert view.undone == ("test.note web 1", "test.note web 0")
    with pytest.raises(Conflict, match="over"):
        server.durable.cancel(view.id, "eve")


def test_cancelled_while_it_only_waits(server: Server) -> None:
    """What it made stays, and is not taken for undone."""
    view = ask(server, wait=0, linger=True)
    until(lambda: deeds.RUNNING)
    server.durable.cancel(view.id, "eve")
    view = server.durable.wait(view.id, 30)
    assert (view.state, view.cancelled_by, view.undone, view.recovered) == ("done", "eve", (), None)
    assert DONE == ["web 0", "web 1"]


def test_tried_again(server: Server) -> None:
    failed = ask(server, fail="failed")
    again = server.durable.wait(server.durable.retry(failed.id, "eve").id, 30)
    assert (again.state, again.retry_of, again.who, again.id != failed.id) == (
        "failed",
        failed.id,
        "eve",
        True,
    )
    with pytest.raises(Conflict):
        server.durable.retry(ask(server).id, "eve")
    with pytest.raises(Invalid, match="password"):
        server.durable.retry(ask(server, fail="failed", password="geheim").id, "eve")


def test_asked_once_by_key(server: Server) -> None:
    first = server.durable.submit("test.deed", Ask(name="web"), "ada", key="k1")
    assert server.durable.submit("test.deed", Ask(name="web"), "ada", key="k1").id == first.id
    assert server.durable.submit("test.deed", Ask(name="web"), "eve", key="k1").id != first.id
    with pytest.raises(Conflict) as caught:
        server.durable.submit("test.deed", Ask(name="www"), "ada", key="k1")
    assert caught.value.code == "request.key_reused"


def test_a_precondition_is_looked_at_when_it_begins(server: Server) -> None:
    def stale(_host: Host) -> None:
        raise Conflict("guest.exists", name="web")

    view = server.durable.submit("test.deed", Ask(name="web"), "ada", precondition=stale)
    assert server.durable.wait(view.id, 30).state == "refused"
    assert DONE == []


def test_one_that_says_much_is_not_written_at_each_word(server: Server) -> None:
    view = ask(server, chatter=5000)
    lines = server.durable.log(view.id)
    assert len(lines) == 1000
    assert lines[1].facts == {"name": "web 0"}
    more = server.durable.log(view.id, lines[-1].number)
    assert 900 < len(more) <= 1000
    told = [event for event in server.published if event[1] == view.id]
    assert len(told) < 200, "a burst, and then a few in each second"


def test_lists(server: Server) -> None:
    views = [ask(server, name=name) for name in ("a", "b", "a")]
    ids = [view.id for view in reversed(views)]
    assert [view.id for view in server.durable.list()] == ids
    assert [view.id for view in server.durable.list(before=ids[0], limit=1)] == ids[1:2]
    assert [view.id for view in server.durable.list(target="a")] == [ids[0], ids[2]]
    assert server.durable.list(states=("queued",)) == []
    with pytest.raises(NotFound):
        server.durable.get("nosuch")
    with pytest.raises(NotFound):
        server.durable.get("")


def test_a_server_that_is_stopped_does_the_rest_later(server: Server) -> None:
    """What it was at is undone, and done when it is back; what waited waits on."""
    views = [server.durable.submit("test.deed", Ask(name=f"g{n}", hold=True), "ada") for n in range(3)]
    until(lambda: len(deeds.RUNNING) == 2)
    server.stop(grace=0)
    assert sum(line.startswith("undo") for line in DONE) == 4
    deeds.GATE.set()
    server.start()
    ends = [server.durable.wait(view.id, 30) for view in views]
    assert [view.state for view in ends] == ["done"] * 3


def test_a_server_that_is_stopped_while_one_only_waits(server: Server) -> None:
    """It is not done again."""
    view = ask(server, wait=0, linger=True)
    until(lambda: deeds.RUNNING)
    server.stop(grace=0)
    server.start()
    assert server.durable.get(view.id).state == "done"
    assert DONE == ["web 0", "web 1"]


def test_a_stopped_server_does_not_know_a_secret_any_more(server: Server) -> None:
    view = server.durable.submit("test.deed", Ask(name="web", hold=True, password="geheim"), "ada")
    until(lambda: deeds.RUNNING)
    server.stop(grace=0)
    server.start()
    view = server.durable.get(view.id)
    assert view.problem
    assert (view.state, view.problem.code) == ("interrupted", "operation.interrupted")
    assert view.undone == ("test.note web 1", "test.note web 0")


def test_refusals_that_mean_done_are_refusals() -> None:
    for name, code in FULFILLED.items():
        assert len(verb(name).steps) == 1, "one deed of libvirt's"
        assert messages.has(code)
