"""A long verb on a server, followed: what it says, how it ends, ^C, a server that goes away."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from typing import Any

import pytest

import innkeeper
from innkeeper import Client, errors
from innkeeper.client import following
from innkeeper.operation import Progress
from innkeeper.verbs import verb
from tests.unit.client.stub import DROP, Asked, Stub, raised

START = verb("guest.start")


def view(state: str, **more: Any) -> dict[str, Any]:
    fixed = {"id": "0123456789ab", "verb": "guest.start", "target": "g", "uri": "x", "state": state}
    return fixed | {"step": None, "began": 1.0} | more


GUEST = {
    "name": "g", "uuid": "u", "state": "running", "cpus": 1, "memory": 1, "arch": "x86_64", "machine": "q35",
    "firmware": "bios", "accel": "tcg", "accel_reason": None, "accel_facts": {}, "autostart": False, "disks": [],
    "nics": [], "image": None, "user": None, "login": "ssh", "profile": None, "created": None, "operation": None,
    "title": None, "devices": {}, "serial_log": None, "graphics": None,
}  # fmt: skip


class Server:
    """An operation that says one line at each look and is over after some of them."""

    def __init__(self, end: dict[str, Any], looks: int = 2) -> None:
        self.end, self.looks = end, looks
        self.cancelled = False
        self.lines: list[dict[str, Any]] = [
            {"number": 7, "at": 1.0, "text": "guest.progress.starting", "facts": {}}
        ]

    def __call__(self, asked: Asked) -> Any:
        path, _, query = asked.path.partition("?")
        if path.endswith("/log"):
            after = int(dict(pair.split("=") for pair in query.split("&"))["after"])
            return 200, [line for line in self.lines if line["number"] > after]
        if path.endswith("/cancel"):
            self.cancelled, self.looks = True, 0
            self.end = view("cancelled", undone=["took it back"])
            return 200, self.end
        if asked.method == "GET":
            self.looks -= 1
            return 200, self.end if self.looks < 0 else view("running")
        return 202, view("queued")


def begin(client: Client, watch: Callable[[Progress], None] | None = None) -> Any:
    return START.perform(client, START.request(name="g"), watch)


def start(stub: Stub, said: list[Progress] | None = None) -> Any:
    with Client(stub.url) as client:
        return begin(client, None if said is None else said.append)


def test_to_its_end_with_what_it_said() -> None:
    said: list[Progress] = []
    with Stub(Server(view("done", result=GUEST))) as stub:
        assert start(stub, said).state == "running"
    assert [(one.operation, one.target, one.text) for one in said] == [
        ("0123456789ab", "g", "guest.progress.starting")
    ]


def test_what_it_ended_in_is_raised_here() -> None:
    told = {"code": "guest.not_running", "facts": {"name": "g"}, "outcome": "refused", "status": 409}
    with Stub(Server(view("refused", problem=told, undone=["a"], left=["b"]))) as stub:
        error = raised(stub, begin)
    assert type(error) is errors.Conflict
    assert (error.code, error.undone, error.left) == ("guest.not_running", ["a"], ["b"])


def test_an_end_without_a_word() -> None:
    with (
        Stub(Server(view("interrupted"))) as stub,
        pytest.raises(errors.OutcomeUnknown, match="0123456789ab"),
    ):
        start(stub)


def test_ctrl_c_has_the_server_take_it_back() -> None:
    server = Server(view("done", result=GUEST), looks=1000)
    said: list[str] = []

    def watch(event: Progress) -> None:
        said.append(event.text)
        if event.text == "guest.progress.starting":
            os.kill(os.getpid(), signal.SIGINT)

    with Stub(server) as stub:
        error = raised(stub, lambda client: begin(client, watch))
    assert server.cancelled
    assert (type(error), error.code, error.undone) == (errors.Failed, "operation.cancelled", ["took it back"])
    assert "client.progress.cancelling" in said


def test_a_second_ctrl_c_waits_no_longer() -> None:
    def watch(_event: Progress) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    with Stub(Server(view("done", result=GUEST), looks=1000)) as stub:
        error = raised(stub, lambda client: begin(client, watch))
    assert (error.code, error.facts["id"]) == ("client.left", "0123456789ab")


def test_a_line_that_breaks_is_taken_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "_PAUSE", 0.01)
    server, count = Server(view("done", result=GUEST)), [0]

    def says(asked: Asked) -> Any:
        count[0] += 1
        return DROP if count[0] in (2, 3, 5) else server(asked)

    said: list[Progress] = []
    with Stub(says) as stub:
        assert start(stub, said).state == "running"
    assert "client.progress.lost" in [one.text for one in said]


def test_a_server_that_comes_back_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "_PAUSE", 0.01)
    with Stub(lambda _asked: (202, view("running"))) as stub:
        client = Client(stub.url)
        port = stub.port
        answer = client.send(START, START.request(name="g"))
    client.close()
    said: list[str] = []

    def watch(event: Progress) -> None:
        said.append(event.text)
        if event.text == "client.progress.lost":
            back.append(Stub(Server(view("done", result=GUEST)), port))

    back: list[Stub] = []
    with client:
        done = following.follow(client, START, answer, watch)
    assert json.loads(done.body)["name"] == "g"
    back[0].close()


def test_a_server_that_stays_away_is_named_with_the_operation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "_PAUSE", 0.01)
    monkeypatch.setattr(following, "GIVES_UP", 0.05)
    with Stub(lambda asked: (202, view("queued")) if asked.method == "POST" else DROP) as stub:
        error = raised(stub, begin)
    assert (error.code, error.facts["id"], error.exit_code) == ("client.operation_lost", "0123456789ab", 3)


def test_several_guests_come_as_several_views() -> None:
    both = [GUEST, GUEST | {"name": "h"}]
    with Stub(Server(view("done", result=both))) as stub, Client(stub.url) as client:
        made = innkeeper.guest.create(client, name="g", count=2, image="tiny", ssh_keys=[])
    assert [guest.name for guest in made] == ["g", "h"]
