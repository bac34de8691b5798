"""`inn exec`, `cp`, `ssh-config`, and `show` of what is inside: what is asked for, and what is drawn."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from innkeeper.cli.main import run
from innkeeper.cli.session import Session
from innkeeper.guest.within.shells import Execution, Pieces
from innkeeper.schema.guest_agent import Copied, SshConfig, SshHost, Via
from innkeeper.schema.guest_inside import FileSystem, Inside, InsideCard, InsideUser
from tests.unit.cli.conftest import Inn
from tests.unit.cli.views import guest


class Parrot:
    """A shell that prints its input and its words."""

    name, truncated = "web1", False

    def __init__(self, way: Via = "agent", status: int = 0) -> None:
        self.way: Via = way
        self.user: str | None = None
        self.status = status

    def run(self, words: Any, env: Any, source: Iterator[bytes] | None, timeout: float | None) -> Pieces:
        yield 1, b"".join(source or ()) + repr((*words, *env.items())).encode() + b"\n"
        yield 2, b"to stderr\n"
        return self.status


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What the commands asked for."""
    calls: list[tuple[str, dict[str, Any]]] = []

    def perform(_session: Session, name: str, /, **fields: Any) -> Any:
        calls.append((name, {key: value for key, value in fields.items() if value is not None}))
        if name == "guest.exec":
            return Execution(
                "web1", Parrot(status=7), fields["command"], fields["env"] or {}, fields["timeout"]
            )
        if name == "guest.cp":
            paths = (fields["target"],)
            return Copied(
                name="web1", way="ssh", user="inn", paths=paths, files=2, bytes=2048, skipped=("p",)
            )
        return SshConfig(
            uri="qemu+ssh://root@far/system", hosts=(SshHost(name="web1", address="192.0.2.1", user="inn"),)
        )

    for way in ("look", "change"):
        monkeypatch.setattr(Session, way, perform)
    return calls


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("web1 ls", ("ls",)),
        ("web1 ls -l --json", ("ls", "-l", "--json")),
        ("web1 -- ls -l", ("ls", "-l")),
        ("web1 ls -- -l", ("ls", "--", "-l")),
        ("--user me web1 --timeout 9 --via agent -v ls -n", ("ls", "-n")),
        ("web1 --env=A=b --env C=d ls --env E=f", ("ls", "--env", "E=f")),
        ("web1 -n ls -n", ("ls", "-n")),
        ("-- web1 ls -l", ("ls", "-l")),
    ],
)
def test_from_the_command_s_first_word_on_nothing_is_ours(
    inn: Inn, asked: list[tuple[str, dict[str, Any]]], line: str, words: tuple[str, ...]
) -> None:
    inn("exec", *line.split())
    assert (asked[0][1]["name"], asked[0][1]["command"]) == ("web1", words)


def test_exec_passes_on_streams_and_status(capfd: pytest.CaptureFixture[str], asked: Any) -> None:
    status = run(["exec", "web1", "--env", "A=x=y", "-v", "-n", "ls"])
    told = capfd.readouterr()
    assert status == 7
    assert told.out == "('ls', ('A', 'x=y'))\n"
    assert "to stderr\n" in told.err
    assert "agent, as root" in told.err


def test_exec_takes_a_file_as_input(
    capfd: pytest.CaptureFixture[str], asked: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "in").write_bytes(b"from a file ")
    with (tmp_path / "in").open() as file:
        monkeypatch.setattr("sys.stdin", file)
        run(["exec", "web1", "cat"])
        assert capfd.readouterr().out.startswith("from a file ")
        os.lseek(file.fileno(), 0, os.SEEK_SET)
        run(["exec", "web1", "-n", "cat"])
        assert not capfd.readouterr().out.startswith("from a file ")


def test_exec_as_json(inn: Inn, asked: Any) -> None:
    done = inn("exec", "--json", "web1", "-n", "ls")
    told = json.loads(done.out)
    assert (done.status, told["status"], told["way"], told["stderr"]) == (7, 7, "agent", "to stderr\n")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("exec web1", "cli.exec.no_command"),
        ("exec web1 --", "cli.exec.no_command"),
        ("exec web1 --env A ls", "request.variable"),
        ("exec web1 --via x ls", "request.choice"),
        ("cp a", "cli.cp.too_few"),
        ("cp a b", "cli.cp.sides"),
        ("cp web1:a web1:b", "cli.cp.sides"),
        ("cp web1:a web2:b c", "cli.cp.sides"),
        ("cp a web1:b c", "cli.cp.sides"),
        ("cp ./web1:a b", "cli.cp.sides"),
        ("ssh-config --ansible --write", "request.together"),
    ],
)
def test_nonsense(inn: Inn, asked: Any, line: str, code: str) -> None:
    done = inn("--json", *line.split())
    assert (done.status, json.loads(done.err)["code"]) == (2, code)
    assert asked == []


@pytest.mark.parametrize(
    ("paths", "sources", "target", "to_guest"),
    [
        (("a", "web1:/x"), ("a",), "/x", True),
        (("a", "b", "web1:"), ("a", "b"), ".", True),
        (("web1:/x", "web1:y", "."), ("/x", "y"), ".", False),
        (("./a:b", "web1:c:d"), ("./a:b",), "c:d", True),
        (("-r", "--", "-x", "web1:-y"), ("-x",), "-y", True),
        (("web1:", "/tmp"), (".",), "/tmp", False),
    ],
)
def test_cp_tells_the_sides_apart(
    inn: Inn, asked: Any, paths: tuple[str, ...], sources: tuple[str, ...], target: str, to_guest: bool
) -> None:
    done = inn("cp", *paths, "-v") if "--" not in paths else inn("cp", "-v", *paths)
    assert done.status == 0, done.err
    name, fields = asked[0]
    assert (name, fields["name"]) == ("guest.cp", "web1")
    assert (fields["sources"], fields["target"], fields["to_guest"]) == (sources, target, to_guest)
    assert done.out == f"files copied to {target}: 2, 2,048 bytes\n"
    assert "by ssh, as inn" in done.err
    assert "left out" in done.err


def test_ssh_config_is_printed_or_written(
    inn: Inn, asked: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    printed = inn("ssh-config", "web1")
    assert asked[0] == ("guest.ssh_config", {"names": ("web1",)})
    assert "Host web1\n" in printed.out
    assert "ansible_host" in inn("ssh-config", "--ansible").out
    written = inn("ssh-config", "--write")
    path = tmp_path / ".ssh" / "config.d" / "innkeeper-qemu-ssh-root-far.conf"
    assert path.read_text() == printed.out
    assert path.stat().st_mode & 0o777 == 0o600
    assert "Include config.d/*" in written.err
    (tmp_path / ".ssh" / "config").write_text("Include config.d/*\n")
    assert "Include" not in inn("ssh-config", "--write").err


def inside(**fields: Any) -> Inside:
    return Inside(**{"agent": "answers", "version": "7.2", **fields})


def test_show_draws_what_the_agent_says(inn: Inn, monkeypatch: pytest.MonkeyPatch) -> None:
    told = inside(
        os="Debian",
        cards=(InsideCard(name="eth0", mac="52:54", addresses=("10.0.0.2",)),),
        users=(InsideUser(name="me", since=1e300),),
        file_systems=(FileSystem(mount="/", device="vda1", kind="ext4", size=2 << 30, used=1 << 30),),
    )
    monkeypatch.setattr(Session, "look", lambda *_a, **_k: guest(inside=told))
    out = inn("show", "web1").out
    for part in ("agent 7.2", "Debian", "eth0 52:54 10.0.0.2", "me", "/ vda1 ext4 1G / 2G"):
        assert part in out


@pytest.mark.parametrize(
    ("agent", "words"), [("off", "no agent"), ("silent", "nothing within a second"), ("slow", "not all")]
)
def test_show_says_when_the_agent_does_not(
    inn: Inn, monkeypatch: pytest.MonkeyPatch, agent: str, words: str
) -> None:
    monkeypatch.setattr(Session, "look", lambda *_a, **_k: guest(inside=inside(agent=agent)))
    assert words in inn("show", "web1").out
