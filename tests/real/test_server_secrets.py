"""What is secret in a request is nowhere afterwards: not in the database, journal, logs, events, metrics, processes or
error documents."""

from __future__ import annotations

import contextlib
import io
import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server import Server, connect
from tests.world import World

SECRET = "Geheim-7d1f-{}-ende"
PLACES = ("/var/lib/innkeeper", "/run/innkeeper", "/root/.local/state", "/var/log")


class Told:
    """The world, but what its servers say goes to a file."""

    def __init__(self, world: World, path: Path) -> None:
        self._world, self._path = world, path

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world, name)

    def popen(self, argv: list[str], **options: Any) -> Any:
        with self._path.open("a") as log:
            return self._world.popen(argv, stderr=log, **options)


@pytest.fixture(scope="module")
def server(tiny_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log = tmp_path_factory.mktemp("log") / "server.log"
    told: Any = Told(tiny_world, log)
    tiny_world.run(["truncate", "-s", "4M", "/var/tmp/empty.raw"], check=True)
    importing = (
        "image",
        "import",
        "/var/tmp/empty.raw",
        "--name",
        "cloudy",
        "--format",
        "raw",
        "--cloud-init",
    )
    tiny_world.inn(*importing, check=True)
    with Server(told) as made:
        made.log = log  # type: ignore[attr-defined]  # for this test alone
        yield made


def secret(what: str) -> str:
    return SECRET.format(what)


def plant(server: Server) -> list[str]:
    """Ask for all that takes a secret, well and badly; what came back."""
    answers = []
    ask = server.client.post
    wait = {"Prefer": "wait=60"}
    off = {"image": "cloudy", "diskless": False, "start": False}
    asked: list[tuple[str, dict[str, Any]]] = [
        ("/guests", {"name": "one", "user": "me", "password": secret("password"), **off}),
        ("/guests", {"name": "two", "cloud_init": "#cloud-config\n# " + secret("cloudinit"), **off}),
        ("/guests", {"name": "no/name", "password": secret("refused"), **off}),
        ("/guests", {"name": "three", "password": {"wrong": secret("kind")}, **off}),
        ("/guests", {"name": "four", "no_such_field": secret("field"), "password": secret("extra"), **off}),
        ("/guests/one/paste", {"text": secret("paste")}),
        ("/guests/one/paste", {"text": secret("pastewrong"), "layout": "none"}),
        ("/guests/one/exec", {"command": ["cat"], "stdin": "R2VoZWlt", "env": {"WORD": secret("env")}}),
        ("/session", {"link": secret("link")}),
    ]
    for path, body in asked:
        answers.append(ask(f"/api/v1{path}", json=body, headers=wait).text)
    # With an idempotency key, and as a plan.
    body = {"name": "five", "user": "me", "password": secret("keyed"), **off}
    answers.append(ask("/api/v1/guests", json=body, headers=wait | {"Idempotency-Key": "k1"}).text)
    answers.append(ask("/api/v1/guests?dry_run=true", json=body | {"name": "six"}).text)
    wrong = {"Authorization": "Bearer inn_" + secret("bearer")}
    answers.append(server.client.get("/api/v1/guests", headers=wrong).text)
    answers.append(server.client.get(f"/api/v1/guests?password={secret('query')}").text)
    with server.browser(cookies={f"innkeeper-{server.port}": "session_" + secret("cookie")}) as browser:
        answers.append(browser.get("/api/v1/session").text)
    return answers


def events_of(server: Server) -> str:
    """What a listener of events is told of all that."""
    told = io.BytesIO()
    with connect(server.world.pid, ("127.0.0.1", server.port)) as channel:
        channel.settimeout(60)
        word = server.token.encode()
        channel.sendall(
            b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + word + b"\r\n\r\n"
        )
        told.write(channel.recv(65536))
        plant_again = server.client.delete("/api/v1/guests/one", headers={"Prefer": "wait=60"})
        assert plant_again.status_code == 200, plant_again.text
        deadline = time.monotonic() + 30
        channel.settimeout(0.5)
        while b"guest" not in told.getvalue() and time.monotonic() < deadline:
            with contextlib.suppress(TimeoutError):
                told.write(channel.recv(65536))
    return told.getvalue().decode(errors="replace")


def test_no_secret_is_anywhere(server: Server) -> None:
    world = server.world
    answers = plant(server)
    made = server.client.post("/api/v1/tokens", json={"name": "planted", "role": "viewer"}).json()["token"]
    link = server.client.post("/api/v1/links").json()["url"].partition("#link=")[2]
    words = [made, link, server.token, server.link, "Geheim-7d1f"]

    def nowhere(what: str, text: str) -> None:
        for word in words:
            assert word not in text, f"{word} is in {what}"

    for answer in answers:
        nowhere("an answer", answer)
    created = server.client.get("/api/v1/guests").json()
    assert {"one", "two", "five"} <= {row["name"] for row in created}, answers[:2]
    listed = server.client.get("/api/v1/operations").json()
    assert len([one for one in listed if one["verb"] == "guest.create"]) >= 3
    nowhere("the operations", json.dumps(listed))
    for one in listed:
        nowhere("an operation", server.client.get(f"/api/v1/operations/{one['id']}").text)
    nowhere("the events", events_of(server))
    nowhere("the metrics", server.client.get("/metrics").text)
    nowhere("the processes", world.run(["ps", "-A", "-ww", "-o", "args"], check=True).stdout)
    nowhere("the log", server.log.read_text())  # type: ignore[attr-defined]  # of this test's own
    assert '"path":"/api/v1/guests"' in server.log.read_text()  # type: ignore[attr-defined]  # likewise
    assert world.run(["grep", "-rlaF", "guest.create", *PLACES]).stdout, "what is looked through is there"
    for kill in (None, signal.SIGKILL):
        if kill:
            server.kill()
        for word in words:
            found = world.run(["grep", "-rlaF", word, *PLACES]).stdout
            assert found == "", f"{word} is in {found}"
