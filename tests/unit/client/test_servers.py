"""Which server is meant, and where its token is kept."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from innkeeper import config
from innkeeper.cli.main import run
from innkeeper.cli.session import Session
from tests.unit.cli.test_imports import loaded
from tests.unit.client.stub import Asked, Stub

VARIABLES = ("SERVER", "TOKEN", "SERVER_CA", "SERVER_FINGERPRINT", "URI")


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("LIBVIRT_DEFAULT_URI", raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    for name in VARIABLES:
        monkeypatch.delenv(f"INNKEEPER_{name}", raising=False)
    return tmp_path


class Door:
    """Lets one token in, and exchanges one link for another token."""

    def __init__(self) -> None:
        self.removed: list[str] = []

    def __call__(self, asked: Asked) -> Any:
        match asked.method, asked.path, asked.headers.get("Authorization"):
            case "POST", "/api/v1/session", None:
                if json.loads(asked.body) != {"link": "link_once"}:
                    return 401, {"status": 401, "code": "access.link"}
                return 200, {"name": "owner", "kind": "owner", "role": "admin", "csrf": "word"}
            case "POST", "/api/v1/tokens", None:
                assert asked.headers["X-CSRF-Token"] == "word"
                return 200, {"token": "inn_made"}
            case "DELETE", "/api/v1/session", None:
                return 204, b""
            case "GET", "/api/v1/session", ("Bearer inn_made" | "Bearer inn_given"):
                return 200, {"name": "me", "role": "operator"}
            case "DELETE", path, "Bearer inn_made":
                self.removed.append(path)
                return 200, {}
            case "GET", "/api/v1/guests", ("Bearer inn_made" | "Bearer inn_given"):
                return 200, []
        return 401, {"status": 401, "code": "access.unknown"}


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def stub(door: Door) -> Iterator[Stub]:
    with Stub(door) as made:
        yield made


def given(tmp_path: Path, word: str) -> str:
    path = tmp_path / "word"
    path.write_text(f"{word}\n")
    return str(path)


def test_a_token_is_kept_for_its_owner_alone(
    stub: Stub, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["login", stub.url, "--token-file", given(home, "inn_given")]) == 0
    assert capsys.readouterr().out == f"signed in to {stub.url} as me (operator)\n"
    kept = Path(config.servers_file())
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert run(["list"]) == 0, "it is the server that is meant from now on"
    assert stub.asked[-1].path == "/api/v1/guests"
    assert run(["logout"]) == 0
    assert not kept.exists()


def test_a_link_becomes_a_token_which_goes_with_the_logout(stub: Stub, door: Door) -> None:
    assert run(["login", f"{stub.url}/#link=link_once"]) == 0
    assert run(["list", "--json"]) == 0
    assert "inn_made" in Path(config.servers_file()).read_text()
    assert run(["logout", stub.url]) == 0
    assert [path.rpartition("/")[0] for path in door.removed] == ["/api/v1/tokens"]


@pytest.mark.parametrize("word", ["inn_wrong", "link_used"])
def test_a_word_that_lets_nobody_in_is_not_kept(
    stub: Stub, home: Path, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["login", stub.url, "--token-file", given(home, word)]) == 2
    assert "does not know who you are" in capsys.readouterr().err
    assert not Path(config.servers_file()).exists()


def test_several_servers(stub: Stub, door: Door, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    word = given(home, "inn_given")
    with Stub(door) as other:
        for one in (stub, other):
            assert run(["login", one.url, "--token-file", word]) == 0
        assert run(["--server", stub.url, "list"]) == 0
        assert run(["list"]) == 0
        capsys.readouterr()
        assert run(["login", "--json"]) == 0
        known = {one["url"]: one["current"] for one in json.loads(capsys.readouterr().out)}
        assert known == {stub.url: False, other.url: True}
        assert run(["logout"]) == 0
        assert run(["logout"]) == 2, "none is meant any more"
    assert run(["logout", stub.url]) == 0
    assert run(["logout", stub.url]) == 2


def meant(**said: str) -> str | None:
    session = Session()
    for name, value in said.items():
        setattr(session, name, value)
    return session.client.uri if session.client else None


def test_which_one_is_meant(stub: Stub, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert meant() is None
    assert run(["login", stub.url, "--token-file", given(home, "inn_given")]) == 0
    assert meant() == stub.url
    assert meant(uri="test:///default") is None
    assert meant(server="http://127.0.0.1:1") == "http://127.0.0.1:1"
    monkeypatch.setenv("LIBVIRT_DEFAULT_URI", "test:///default")
    assert meant() is None
    monkeypatch.setenv("INNKEEPER_SERVER", "http://127.0.0.1:2")
    assert meant() == "http://127.0.0.1:2"
    assert meant(uri="test:///default") is None


def test_host_and_server_together_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-c", "test:///default", "--server", "http://127.0.0.1:1", "list"]) == 2
    assert "--connect" in capsys.readouterr().err


def test_what_only_a_host_does_says_so(stub: Stub, capsys: pytest.CaptureFixture[str]) -> None:
    session = Session()
    session.server = stub.url
    with pytest.raises(Exception, match="works on the host itself"):
        _ = session.host


def test_a_file_that_is_damaged(capsys: pytest.CaptureFixture[str]) -> None:
    kept = Path(config.servers_file())
    kept.parent.mkdir()
    kept.write_text("{")
    assert run(["list"]) == 2
    assert str(kept) in capsys.readouterr().err


def test_nobody_else_pays_for_it() -> None:
    code = "from innkeeper.cli.main import run; run(['-c', 'test:///default', 'list'])"
    assert not {"http.client", "ssl", "urllib.parse", "innkeeper.client"} & loaded(code)


def test_the_list_of_a_server_needs_little(stub: Stub) -> None:
    os.environ["INNKEEPER_TOKEN"] = "inn_given"
    try:
        modules = loaded(f"from innkeeper.cli.main import run; run(['--server', '{stub.url}', 'list'])")
    finally:
        del os.environ["INNKEEPER_TOKEN"]
    heavy = {"libvirt", "lxml", "httpx", "litestar", "websockets", "innkeeper.host", "innkeeper.server"}
    assert not (heavy | {"innkeeper.operation", "subprocess", "tomllib"}) & modules
    assert stub.asked[-1].path == "/api/v1/guests"
