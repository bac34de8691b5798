"""Programs run on this computer."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from innkeeper.errors import Failed, Unsupported
from innkeeper.machine import Limits, local

RUN = local().run


def alive(pid: int) -> bool:
    """A zombie is dead, though its number is still taken."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except (FileNotFoundError, ProcessLookupError):
        return False


def gone(pid: int, patience: float = 3.0) -> bool:
    deadline = time.monotonic() + patience
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not alive(pid)


def number(path: Path, patience: float = 5.0) -> int:
    """The process id that somebody is about to write there."""
    deadline = time.monotonic() + patience
    while not (path.exists() and path.read_text().endswith("\n")):
        assert time.monotonic() < deadline, f"nobody wrote {path}"
        time.sleep(0.01)
    return int(path.read_text())


def test_output_and_status() -> None:
    done = RUN(["sh", "-c", "echo out; echo err >&2"])
    assert done == (0, b"out\n", b"err\n")
    assert RUN(["cat"], input=b"\0\xff").stdout == b"\0\xff"
    assert RUN(["cat"]).stdout == b""


def test_arguments_are_not_a_shell_s() -> None:
    words = ["$HOME", "a b", "*", "'", "-n", "", "é"]
    assert RUN(["printf", "%s\\n", *words]).stdout.decode().splitlines() == words


def test_a_missing_program() -> None:
    with pytest.raises(Unsupported) as caught:
        RUN(["inn-no-such-program", "x"])
    assert (caught.value.code, caught.value.facts) == (
        "machine.program_missing",
        {"program": "inn-no-such-program"},
    )
    with pytest.raises(Unsupported):
        RUN(["sh", "-c", "true"], env={"PATH": "/nowhere"})


@pytest.mark.parametrize(
    ("script", "status", "detail"),
    [
        ("echo one; echo two >&2; echo three >&2; echo >&2; exit 3", 3, "three"),
        ("echo only; exit 1", 1, "only"),
        ("exit 1", 1, ""),
        ("kill -9 $$", -9, ""),
    ],
)
def test_a_program_that_fails(script: str, status: int, detail: str) -> None:
    with pytest.raises(Failed) as caught:
        RUN(["sh", "-c", script])
    assert caught.value.code == "machine.command_failed"
    assert caught.value.facts == {"program": "sh", "status": status, "detail": detail}
    assert RUN(["sh", "-c", script], check=False).status == status


def test_environment() -> None:
    script = 'echo "$A-$LC_ALL-$INN_GIVEN"'
    os.environ["INN_GIVEN"] = "kept"
    try:
        assert RUN(["sh", "-c", script], env={"A": "a b"}).stdout == b"a b-C.UTF-8-kept\n"
    finally:
        del os.environ["INN_GIVEN"]


@pytest.mark.parametrize("watched", [False, True])
def test_a_timeout_takes_the_children_s_children_too(tmp_path: Path, watched: bool) -> None:
    script = f"sleep 60 & echo $! >{tmp_path}/pid; wait"
    began = time.monotonic()
    with pytest.raises(Failed) as caught:
        RUN(["sh", "-c", script], timeout=0.3, on_line=(lambda _line: None) if watched else None)
    assert (caught.value.code, caught.value.facts) == (
        "machine.command_timeout",
        {"program": "sh", "seconds": 0.3},
    )
    assert time.monotonic() - began < 5
    assert gone(number(tmp_path / "pid"))


@pytest.mark.parametrize("watched", [False, True])
def test_a_timeout_takes_children_whose_parent_is_gone(tmp_path: Path, watched: bool) -> None:
    """They hold the pipe, so that the call still waits for them."""
    script = f"sleep 60 & echo $! >{tmp_path}/pid"
    began = time.monotonic()
    with pytest.raises(Failed, match="did not end within"):
        RUN(["sh", "-c", script], timeout=0.3, on_line=(lambda _line: None) if watched else None)
    assert time.monotonic() - began < 5
    assert gone(number(tmp_path / "pid"))


def test_lines_as_they_come() -> None:
    heard: list[tuple[str, float]] = []
    script = "echo one; echo two >&2; sleep 0.4; printf 'three\\r\\nlast'"
    done = RUN(["sh", "-c", script], on_line=lambda line: heard.append((line, time.monotonic())))
    assert sorted(line for line, _ in heard) == ["last", "one", "three", "two"]
    assert dict(heard)["three"] - dict(heard)["one"] > 0.2
    assert done == (0, b"one\nthree\r\nlast", b"two\n")


def test_a_progress_display_is_lines_too() -> None:
    heard: list[str] = []
    done = RUN(["printf", "1%%\\r2%%\\r\\n3%%"], on_line=heard.append)
    assert heard == ["1%", "2%", "3%"]
    assert done.stdout == b"1%\r2%\r\n3%"


def test_many_lines_on_both_streams() -> None:
    heard: list[str] = []
    done = RUN(["sh", "-c", "seq 50000 >&2 & seq 50000; wait"], on_line=heard.append, timeout=20)
    assert len(heard) == 100_000
    assert done.stdout == done.stderr == "".join(f"{n}\n" for n in range(1, 50_001)).encode()


def test_a_timeout_holds_for_who_says_nothing_more() -> None:
    with pytest.raises(Failed, match="did not end within"):
        RUN(["sh", "-c", "exec >&- 2>&-; sleep 60"], timeout=0.3, on_line=lambda _line: None)


def test_input_that_nobody_reads() -> None:
    assert RUN(["true"], input=b"x" * 1_000_000).status == 0


@pytest.mark.parametrize("stream", ["1", "2"])
def test_who_listens_may_stop_it(tmp_path: Path, stream: str) -> None:
    """As by ^C, or by an operation that was cancelled."""

    def on_line(_line: str) -> None:
        raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        RUN(
            ["sh", "-c", f"echo $$ >{tmp_path}/pid; echo x >&{stream}; sleep 60"], on_line=on_line, timeout=60
        )
    assert time.monotonic() - began < 5
    assert gone(number(tmp_path / "pid"))


def test_a_limit_on_memory_bites() -> None:
    program = [sys.executable, "-IS", "-c", "print(len(bytes(600 << 20)))"]
    assert RUN(program, limits=Limits(memory_bytes=2 << 30)).stdout == b"629145600\n"
    done = RUN(program, limits=Limits(memory_bytes=300 << 20), check=False)
    assert done.status == 1
    assert done.last_line == "MemoryError"


def test_a_limit_on_cpu_time_bites() -> None:
    began = time.monotonic()
    done = RUN(["sh", "-c", "while :; do :; done"], limits=Limits(cpu_seconds=1), check=False, timeout=30)
    assert done.status in (-signal.SIGKILL, -signal.SIGXCPU)
    assert time.monotonic() - began < 25


def test_the_child_dies_with_us(tmp_path: Path) -> None:
    """`kill -9` of an operation leaves no program that goes on working for it."""
    code = (
        "import sys; from innkeeper.machine import local\n"
        "local().run(['sh', '-c', 'echo $$ >' + sys.argv[1] + '; exec sleep 60'])"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "pid")]) as process:
        child = number(tmp_path / "pid")
        assert alive(child)
        process.kill()
    try:
        assert gone(child)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
