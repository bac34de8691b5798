"""Commands through an agent that works on this computer: what is asked of it, and what comes of it."""

from __future__ import annotations

import contextlib
import glob
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from innkeeper.errors import Failed, OutcomeUnknown, Unsupported, WaitTimeout
from innkeeper.guest.within.agent import ask_commands
from innkeeper.guest.within.shells import Execution
from tests.unit.guest.local_agent import LocalAgent
from tests.unit.guest.ways import agent_shell, ssh_shell


@pytest.fixture
def agent() -> Iterator[LocalAgent]:
    made = LocalAgent()
    yield made
    assert made.gone or made.open_things == 0
    made.close()
    assert made.left == []


def execution(
    agent: LocalAgent, *words: str, timeout: float | None = None, env: dict[str, str] | None = None
) -> Execution:
    return Execution("fake", agent_shell(agent), words, env or {}, timeout)


def test_streams_and_status(agent: LocalAgent) -> None:
    done = execution(agent, "sh", "-c", "echo out; echo err >&2; exit 3").collect()
    assert (done.status, done.stdout, done.stderr, done.way) == (3, "out\n", "err\n", "agent")
    assert (done.encoding, done.truncated) == ("utf-8", False)


def test_little_takes_two_calls_beside_the_look_at_what_is_offered(agent: LocalAgent) -> None:
    execution(agent, "true").collect()
    assert agent.asked[:3] == ["guest-info", "guest-exec", "guest-exec-status"]
    assert set(agent.asked[3:]) <= {"guest-exec-status"}


@pytest.mark.parametrize(
    "words",
    [("printf", "%s|", "a b", "", "$HOME", "'", "\n", "-n", "--", "*"), ("printf", "%s|", "-c", "é", "中")],
)
def test_words_stay_as_they_are(agent: LocalAgent, words: tuple[str, ...]) -> None:
    assert execution(agent, *words).collect().stdout == "".join(f"{word}|" for word in words[2:])


def test_no_output_and_bytes_that_are_no_text(agent: LocalAgent) -> None:
    assert execution(agent, "true").collect().stdout == ""
    done = execution(agent, "printf", r"\377\000a").collect()
    assert (done.encoding, done.stdout) == ("base64", "/wBh")


def test_what_is_not_there(agent: LocalAgent) -> None:
    done = execution(agent, "no-such-program").collect()
    assert done.status == 127
    assert "no-such-program" in done.stderr


def test_killed_by_a_signal(agent: LocalAgent) -> None:
    assert execution(agent, "sh", "-c", "kill -9 $$").collect().status == 137


def test_environment_and_home(agent: LocalAgent) -> None:
    done = execution(agent, "sh", "-c", 'echo "$A|$B|$HOME|$PWD"', env={"A": "x y", "B": "'"}).collect()
    home = os.path.expanduser("~root")
    where = home if os.access(home, os.X_OK) else "/"
    assert done.stdout == f"x y|'|{home}|{where}\n"


@pytest.mark.parametrize("size", [0, 1, 1 << 16, (1 << 16) + 1, 5_000_000])
def test_input_of_any_size(agent: LocalAgent, size: int) -> None:
    run = execution(agent, "wc", "-c")
    run.source = iter([b"x" * (size // 2), b"y" * (size - size // 2)])
    assert run.collect().stdout.strip() == str(size)
    assert ("guest-file-write" in agent.asked) == (size > 1 << 16)


@pytest.mark.parametrize("size", [(1 << 20) - 1, (1 << 20) + 1, 9_000_000])
def test_output_of_any_size(agent: LocalAgent, size: int) -> None:
    run = execution(agent, "sh", "-c", f"head -c {size} /dev/zero; echo e >&2")
    pieces = list(run)
    assert sum(len(data) for stream, data in pieces if stream == 1) == size
    assert b"".join(data for stream, data in pieces if stream == 2) == b"e\n"
    assert run.status == 0


def test_output_comes_while_the_command_runs(agent: LocalAgent) -> None:
    run = execution(agent, "sh", "-c", "echo one; echo two >&2; sleep 1.5; echo three")
    began, seen = time.monotonic(), []
    for stream, data in run:
        seen.append((stream, data, time.monotonic() - began < 1.4))
    assert seen == [(1, b"one\n", True), (2, b"two\n", True), (1, b"three\n", False)]


def running(mark: str) -> list[str]:
    """Processes whose command line is that, by their ids."""
    found = []
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = Path(path).read_bytes().split(b"\0")
            if words[:2] == [b"sleep", mark.encode()]:
                found.append(path.split("/")[2])
    return found


def gone(mark: str) -> bool:
    deadline = time.monotonic() + 20
    while running(mark) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not running(mark)


@pytest.mark.parametrize("script", ["sleep {0} & sleep {0}", "trap '' TERM; sleep {0} & wait; sleep {0}"])
def test_a_command_that_takes_too_long_is_ended_with_its_children(agent: LocalAgent, script: str) -> None:
    mark = f"6{time.time_ns() % 10**8}"
    run = execution(agent, "sh", "-c", script.format(mark), timeout=1)
    with pytest.raises(WaitTimeout) as caught:
        run.collect()
    assert caught.value.code == "guest.exec_timeout"
    assert gone(mark)


def test_who_goes_away_ends_it(agent: LocalAgent) -> None:
    mark = f"6{time.time_ns() % 10**8}"
    run = execution(agent, "sh", "-c", f"echo on; sleep {mark} & sleep {mark}").pieces()
    assert next(run) == (1, b"on\n")
    run.close()
    assert gone(mark)


def test_who_goes_away_at_once_ends_it(agent: LocalAgent) -> None:
    """Before it has so much as begun."""
    mark = f"6{time.time_ns() % 10**8}"
    with pytest.raises(WaitTimeout):
        execution(agent, "sleep", mark, timeout=0.0001).collect()
    assert gone(mark)


def test_an_agent_that_goes_away_leaves_the_outcome_open(agent: LocalAgent) -> None:
    agent_call = agent.call
    agent.asked.clear()

    def gone_later(command: str, arguments: dict[str, object] | None = None, timeout: int = 30) -> object:
        agent.gone = command == "guest-exec-status" or agent.gone
        return agent_call(command, arguments, timeout)

    agent.call = gone_later  # type: ignore[method-assign]  # the same agent, going away
    run = iter(execution(agent, "true"))
    with pytest.raises(OutcomeUnknown) as caught:
        next(run)
    assert caught.value.code == "guest.agent_lost"


def test_a_guest_without_a_posix_shell(agent: LocalAgent) -> None:
    agent.shell = None
    done = execution(agent, "/usr/bin/env", env={"A": "b"}).collect()
    assert (done.status, done.stdout) == (0, "A=b\n")
    with pytest.raises(Failed):
        execution(agent, "/no/such/program").collect()


def test_an_agent_without_files(agent: LocalAgent) -> None:
    agent.refused = ("guest-file-open", "guest-file-read")
    assert execution(agent, "sh", "-c", "echo out; echo err >&2; exit 4").collect().status == 4
    run = execution(agent, "cat")
    run.source = iter([b"x" * (2 << 20)])
    with pytest.raises(Unsupported) as caught:
        run.collect()
    assert caught.value.code == "guest.agent_input"


@pytest.mark.parametrize("command", ["guest-exec", "guest-exec-status"])
def test_an_agent_that_refuses(agent: LocalAgent, command: str) -> None:
    agent.refused = (command,)
    with pytest.raises(Unsupported) as caught:
        execution(agent, "true")
    assert caught.value.code == "guest.agent_refuses"


@pytest.mark.parametrize("told", [None, [], {}, {"version": 3}, {"version": "1", "supported_commands": {}}])
def test_nonsense(told: object) -> None:
    with pytest.raises(Failed) as caught:
        ask_commands(lambda *_: told, "fake")
    assert caught.value.code == "guest.agent_nonsense"


def test_by_ssh_the_same(tmp_path: Path) -> None:
    words = (
        "sh",
        "-c",
        'printf "%s|" "$@"; echo "$A" >&2; exit 5',
        "sh",
        "a b",
        "'",
        "$HOME",
        "",
        "\n",
        "-l",
    )
    run = Execution("fake", ssh_shell(tmp_path), words, {"A": "x y"}, None)
    done = run.collect()
    assert (done.status, done.way, done.user, done.stderr) == (5, "ssh", "u", "x y\n")
    assert done.stdout == "a b|'|$HOME||\n|-l|"
    assert "-T -o BatchMode=yes -p 2 u@a" in (tmp_path / "ssh.log").read_text()


def test_by_ssh_input_and_output_of_any_size(tmp_path: Path) -> None:
    run = Execution("fake", ssh_shell(tmp_path), ("cat",), {}, None)
    run.source = iter([b"x" * 100_000] * 200)
    assert sum(len(data) for _stream, data in run) == 20_000_000
    assert run.status == 0


def test_by_ssh_input_that_nobody_reads(tmp_path: Path) -> None:
    run = Execution("fake", ssh_shell(tmp_path), ("true",), {}, None)
    run.source = iter([b"x" * 100_000] * 200)
    assert run.collect().status == 0


def test_by_ssh_what_takes_too_long(tmp_path: Path) -> None:
    run = Execution("fake", ssh_shell(tmp_path), ("sleep", "60"), {}, 1.0)
    with pytest.raises(WaitTimeout):
        run.collect()


@pytest.mark.skipif(os.geteuid() != 0, reason="su asks others for a password")
def test_another_user(agent: LocalAgent) -> None:
    shell = agent_shell(agent, "nobody")
    run = Execution("fake", shell, ("sh", "-c", 'id -un; echo "$A"; cat', "-l"), {"A": "x y"}, None)
    run.source = iter([b"in"])
    assert run.collect().stdout == "nobody\nx y\nin"
    big = Execution("fake", shell, ("sh", "-c", "head -c 3000000 /dev/zero"), {}, None)
    assert len(big.collect().stdout) == 3_000_000
