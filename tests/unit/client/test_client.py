"""A server as a transport of verbs: what is asked of it, and what becomes of what it says."""

from __future__ import annotations

import json
from typing import Any

import pytest

import innkeeper
from innkeeper import Client, errors
from innkeeper.messages import lookup
from innkeeper.verbs import verb
from tests.unit.client.stub import DROP, Asked, Stub, problem, raised

ROW = {"name": "web1", "uuid": "u", "state": "running", "cpus": 1, "memory": 2**27}


def test_a_verb_takes_a_client_as_it_takes_a_host() -> None:
    with Stub(lambda _asked: (200, [ROW])) as stub, Client(stub.url, token="inn_secret") as client:
        rows = innkeeper.guest.list(client, all=True)
        assert [row.name for row in rows] == ["web1"]
        assert rows[0].memory == 2**27
    (asked,) = stub.asked
    assert (asked.method, asked.path) == ("GET", "/api/v1/guests?all=true")
    assert asked.headers["Authorization"] == "Bearer inn_secret"


def test_what_stands_in_the_path_is_not_said_again() -> None:
    with Stub(lambda _asked: problem(404, "guest.unknown", facts={"name": "g 1"})) as stub:
        raised(
            stub,
            lambda client: innkeeper.guest.set(client, name="g 1", labels={"env": "prod"}, autostart=False),
        )
    (asked,) = stub.asked
    assert (asked.method, asked.path) == ("PATCH", "/api/v1/guests/g%201")
    assert json.loads(asked.body) == {"labels": {"env": "prod"}, "autostart": False}
    assert len(asked.headers["Idempotency-Key"]) == 36, "so that it can be asked twice"


def test_several_values_stand_one_after_the_other() -> None:
    view = {"at": 1.0, "interval": 2.5, "guests": []}
    with Stub(lambda _asked: (200, view)) as stub, Client(stub.url) as client:
        assert innkeeper.guest.top(client, names=["a", "b&c"], interval=2.5).interval == 2.5
    assert stub.asked[0].path == "/api/v1/hosts/local/rates?names=a&names=b%26c&interval=2.5"


def test_one_connection_serves_many_requests() -> None:
    ports = set[Any]()

    def says(asked: Asked) -> Any:
        ports.add(asked.headers.get("Host"))
        return 200, []

    with Stub(says) as stub, Client(stub.url) as client:
        for _ in range(3):
            innkeeper.guest.list(client)
        assert len(client.line._idle) == 1


def test_a_plan_is_asked_for() -> None:
    plan = {"summary": ["delete it"], "documents": {}, "commands": ["virsh …"], "differences": {}}
    with Stub(lambda _asked: (200, plan)) as stub, Client(stub.url) as client:
        delete = verb("guest.delete")
        planned = delete.planned(client, delete.request(name="g"))
    assert planned.commands == ["virsh …"]
    assert stub.asked[0].path == "/api/v1/guests/g?dry_run=true"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.Invalid),
        (403, errors.Denied),
        (404, errors.NotFound),
        (409, errors.Conflict),
        (422, errors.Unsupported),
        (423, errors.Busy),
        (500, errors.Failed),
        (502, errors.OutcomeUnknown),
        (504, errors.WaitTimeout),
    ],
)
def test_a_problem_is_the_error_that_was_raised_there(status: int, kind: type[Exception]) -> None:
    said = problem(status, "guest.unknown", facts={"name": "web1"}, undone=["a"], left=["b"])
    with Stub(lambda _asked: said) as stub:
        error = raised(stub, lambda client: innkeeper.guest.show(client, name="web1"))
    assert type(error) is kind
    assert (error.code, error.facts, error.undone, error.left) == (
        "guest.unknown",
        {"name": "web1"},
        ["a"],
        ["b"],
    )


def test_its_words_are_in_the_language_of_who_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "language_of_user", lambda: "zh")
    said = problem(404, "guest.unknown", facts={"name": "web1"})
    with Stub(lambda _asked: said) as stub:
        error = raised(stub, lambda client: innkeeper.guest.show(client, name="web1"))
    assert type(error) is errors.NotFound
    assert error.text() == "没有虚拟机 web1"


def test_a_code_of_a_later_server_keeps_its_words() -> None:
    said = problem(409, "guest.from_the_future", title="it is a Thursday", outcome="refused")
    with Stub(lambda _asked: said) as stub:
        error = raised(stub, lambda client: innkeeper.guest.show(client, name="web1"))
    assert type(error) is errors.Conflict
    assert error.text() == "it is a Thursday (guest.from_the_future)"
    assert error.remedy() == "do that"


@pytest.mark.parametrize(
    ("answer", "code", "exit_code"),
    [
        ((401, b"{}"), "client.signed_out", 2),
        (problem(401, "access.unknown"), "client.signed_out", 2),
        (problem(404, "http.404"), "client.no_route", 2),
        ((404, b"<html>not found"), "client.no_route", 2),
        ((503, b"<html>no backend"), "client.told", 3),
        ((200, b"<html>welcome"), "client.strange", 3),
        ((200, [{"name": 1}]), "client.strange", 3),
    ],
)
def test_what_is_no_answer_of_ours(answer: Any, code: str, exit_code: int) -> None:
    with Stub(lambda _asked: answer) as stub:
        error = raised(stub, innkeeper.guest.list)
    assert (error.code, error.exit_code) == (code, exit_code)


def test_nobody_there_is_a_refusal() -> None:
    with Stub(lambda _asked: (200, [])) as stub:
        pass
    with pytest.raises(errors.Unsupported, match="does not answer"):
        innkeeper.guest.start(Client(stub.url), name="g")


def test_a_line_that_breaks_leaves_the_outcome_unknown() -> None:
    with Stub(lambda _asked: DROP) as stub, Client(stub.url) as client:
        with pytest.raises(errors.OutcomeUnknown, match="broke before it answered"):
            innkeeper.guest.send_keys(client, name="g", keys=["a"])
        assert len(stub.asked) == 1, "it may have been done: not asked again"
        with pytest.raises(errors.Unsupported, match="does not answer"):
            innkeeper.guest.show(client, name="g")


def test_a_kept_connection_that_broke_is_made_anew_for_what_is_safe() -> None:
    answers = [(200, []), DROP, (200, [ROW])]
    with Stub(lambda _asked: answers.pop(0)) as stub, Client(stub.url) as client:
        assert innkeeper.guest.list(client) == []
        assert len(innkeeper.guest.list(client)) == 1
    assert len(stub.asked) == 3


def test_what_has_a_key_is_asked_again_with_it() -> None:
    answers = [DROP, problem(409, "guest.running_already", facts={"name": "g"})]
    with Stub(lambda _asked: answers.pop(0)) as stub:
        error = raised(stub, lambda client: innkeeper.guest.start(client, name="g"))
    assert error.code == "guest.running_already"
    one, other = stub.asked
    assert one.headers["Idempotency-Key"] == other.headers["Idempotency-Key"]


def test_a_server_that_is_gone_after_it_was_asked() -> None:
    def says(_asked: Asked) -> Any:
        stub.refuse()
        return DROP

    with Stub(says) as stub:
        error = raised(stub, lambda client: innkeeper.guest.start(client, name="g"))
    assert (error.code, error.exit_code) == ("client.lost", 3), "it may have begun"


def test_a_command_in_a_guest_is_never_asked_twice() -> None:
    answers = [(200, []), DROP, (200, [])]
    with Stub(lambda _asked: answers.pop(0)) as stub, Client(stub.url) as client:
        innkeeper.guest.list(client)
        with pytest.raises(errors.OutcomeUnknown):
            client.asked("POST", "/api/v1/guests/g/exec", b"{}")
    assert len(stub.asked) == 2


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://inn.example:8006", "client.plain"),
        ("http://10.0.0.1", "client.plain"),
        ("ftp://127.0.0.1", "client.url"),
        ("127.0.0.1:8006", "client.url"),
        ("https://", "client.url"),
        ("https://inn.example:port", "client.url"),
        ("https://user:word@inn.example", "client.url"),
    ],
)
def test_a_token_goes_nowhere_in_the_clear(url: str, code: str) -> None:
    with pytest.raises(errors.Refused) as caught:
        Client(url, token="inn_secret")
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("name", "fields", "code"),
    [
        ("guest.show", {"name": "../operations"}, "guest.unknown"),
        ("guest.show", {"name": ".."}, "guest.unknown"),
        ("image.show", {"name": "a/b"}, "request.name"),
        ("operation.show", {"id": "a/b"}, "operation.unknown"),
        ("backup.show", {"backup": "/var/backups/x"}, "client.path"),
    ],
)
def test_a_name_with_a_slash_leads_nowhere_else(name: str, fields: dict[str, str], code: str) -> None:
    with Stub(lambda _asked: (200, [])) as stub:
        error = raised(stub, lambda client: verb(name)(client, **fields))
    assert error.code == code
    assert stub.asked == []
