"""What did not work is said in one line, what to do in another; the exit code says which of the things happened."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from innkeeper import errors
from innkeeper.cli import problems
from innkeeper.cli.session import Session
from tests.unit.cli.conftest import Inn

TEST = ("-c", "test:///default")

REFUSALS = {
    ("lst",): ("inn has no command 'lst'", "did you mean 'inn list'?"),
    ("frobnicate",): ("inn has no command 'frobnicate'", "'inn --help' lists them"),
    ("-q",): ("inn: which command?", "'inn --help' lists them"),
    ("start",): ("inn start needs NAME", "see 'inn start --help'"),
    ("start", "a", "b", "c"): ("inn start: too many arguments: b c", "see 'inn start --help'"),
    ("stop", "a", "--forec"): ("inn stop has no option --forec", "did you mean --force?"),
    ("stop", "a", "-x"): ("inn stop has no option -x", "'inn stop --help' lists them"),
    ("stop", "a", "--force=1"): ("--force takes no value", "write --force alone"),
    ("start", "a", "--wait"): ("--wait needs a value", "see 'inn start --help'"),
    ("start", "a", "--wait", "soon"): (
        "--wait cannot be 'soon' here",
        "choose one of: none, running, boot, agent, ip",
    ),
    ("create", "a", "--cpus", "0"): ("--cpus: 0 is out of range", "choose a number from 1 to 4096"),
    ("create", "a", "--cpus", "two"): ("--cpus: two is out of range", "choose a number from 1 to 4096"),
    ("create", "a", "--timeout", "nan"): (
        "--timeout: nan is out of range",
        "choose a number from 1 to 2678400",
    ),
    ("create", "a", "--memory", "2X"): (
        "--memory: '2X' is not a size",
        "write a positive number and a unit, such as 512M, 2G or 1T",
    ),
    ("create", "a", "--memory", "-1G"): (
        "--memory: '-1G' is not a size",
        "write a positive number and a unit, such as 512M, 2G or 1T",
    ),
    ("completion", "tcsh"): ("SHELL cannot be 'tcsh' here", "choose one of: bash, zsh, fish"),
    ("start", "\udcff"): ("'\\udcff' is no text in this locale's encoding", "write it in UTF-8"),
    (*TEST, "start", "nobody"): ("there is no guest nobody", "see 'inn list --all'"),
}


@pytest.mark.parametrize("args", REFUSALS)
def test_refusals(inn: Inn, args: tuple[str, ...]) -> None:
    what, remedy = REFUSALS[args]
    assert inn(*args) == (2, "", f"inn: {what}\n  → {remedy}\n")


def test_refusals_in_chinese(inn: Inn, speak: Callable[[str], None]) -> None:
    speak("zh_CN.UTF-8")
    assert inn("lst") == (2, "", "inn: inn 没有命令 'lst'\n  → 是不是想用 'inn list'？\n")
    assert inn("create", "a", "--memory", "0").err.startswith("inn: --memory：'0' 不是有效的大小\n")


@pytest.mark.parametrize("args", [("--json", *TEST, "start", "nobody"), (*TEST, "start", "nobody", "--json")])
def test_as_json(inn: Inn, args: tuple[str, ...]) -> None:
    status, out, err = inn(*args)
    assert (status, out) == (2, "")
    told = json.loads(err)
    assert told["code"] == "guest.unknown"
    assert told["outcome"] == "refused"
    assert told["facts"]["name"] == "nobody"
    assert told["undone"] == told["left"] == []
    assert told["message"] == "there is no guest nobody"
    assert told["remedy"]


def test_usage_as_json(inn: Inn) -> None:
    assert json.loads(inn("lst", "--json").err)["code"] == "cli.usage.command_near"


def failing(error: BaseException) -> Callable[..., Any]:
    def perform(*_args: object, **_fields: object) -> Any:
        raise error

    return perform


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.Conflict, 2),
        (errors.Failed, 1),
        (errors.OutcomeUnknown, 3),
        (errors.WaitTimeout, 4),
    ],
)
def test_exit_codes(
    inn: Inn, monkeypatch: pytest.MonkeyPatch, kind: type[errors.InnkeeperError], status: int
) -> None:
    monkeypatch.setattr(Session, "change", failing(kind("libvirt.lost", detail="gone")))
    assert inn("start", "web1").status == status


def test_a_failure_says_what_became_of_what_was_made(inn: Inn, monkeypatch: pytest.MonkeyPatch) -> None:
    error = errors.Failed("libvirt.failed", detail="disk full")
    error.undone, error.left = ["volume.delete default a.qcow2"], ["guest.delete a: gone"]
    monkeypatch.setattr(Session, "change", failing(error))
    assert inn("start", "web1").err == (
        "inn: libvirt could not do it: disk full\n"
        "  undone: volume.delete default a.qcow2\n"
        "  left behind: guest.delete a: gone\n"
        "  → mend what it names and try again\n"
    )


def test_names_cannot_command_the_terminal(inn: Inn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "change", failing(errors.NotFound("guest.unknown", name="\x1b[2Ja\nb")))
    assert inn("start", "x").err.startswith("inn: there is no guest \\x1b[2Ja\\nb\n")


def test_interrupted_with_nothing_under_way(inn: Inn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "look", failing(KeyboardInterrupt()))
    status, out, _ = inn("show", "web1")
    assert (status, out) == (problems.INTERRUPTED, "")


def test_a_bug_is_called_one(inn: Inn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INNKEEPER_DEBUG", raising=False)
    monkeypatch.setattr(Session, "look", failing(ZeroDivisionError("oh")))
    status, _, err = inn("show", "web1")
    assert status == 1
    assert err.startswith("inn: this is a bug in Innkeeper: ZeroDivisionError: oh (at cli/guest_show.py:")
    assert "INNKEEPER_DEBUG=1" in err
    assert "Traceback" not in err
    monkeypatch.setenv("INNKEEPER_DEBUG", "1")
    assert "Traceback" in inn("show", "web1").err


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "innkeeper.cli.main", "create", "--help"]
    with (tmp_path / "err").open("wb") as err:
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=err) as child:
            assert child.stdout
            child.stdout.close()
        assert child.returncode == 141
    assert (tmp_path / "err").read_bytes() == b""


def test_output_that_cannot_be_written_is_a_failure() -> None:
    command = [sys.executable, "-m", "innkeeper.cli.main", "--version"]
    with open("/dev/full", "wb") as full:
        child = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, env={**os.environ, "LANG": "en"}
        )
    assert child.returncode == 1
    assert child.stderr.startswith("inn: the output could not be written: No space left on device\n")


def test_the_automatic_session_is_said(inn: Inn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import innkeeper.host

    opened: list[str | None] = []

    def unreachable(uri: str) -> Any:
        opened.append(uri)
        raise errors.Unsupported("libvirt.unreachable", uri=uri, detail="none")

    monkeypatch.setattr(innkeeper.host, "Connection", unreachable)
    monkeypatch.setattr(innkeeper.host, "choose_uri", lambda: "qemu:///session")
    monkeypatch.setattr(Session, "_was_named", lambda _self: False)
    first = inn("list").err.splitlines()[0]
    assert first.startswith("using qemu:///session: your own libvirt")
    assert not inn("list", "-q").err.startswith("using")
    assert opened == ["qemu:///session"] * 2
    monkeypatch.setattr(Session, "_was_named", lambda _self: True)
    assert not inn("list", "-c", "qemu:///session").err.startswith("using")


def test_only_our_own_process_ends_at_once() -> None:
    """`main` leaves with os._exit: what was printed must be out by then, through a pipe too."""
    child = subprocess.run(
        [sys.executable, "-m", "innkeeper.cli.main", "--version"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "LANG": "C"},
    )
    assert child.stdout.startswith("inn ")
