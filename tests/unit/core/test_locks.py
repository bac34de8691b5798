"""Locks of this computer: one holder, whichever process it is, and none when it is gone."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from innkeeper.errors import Busy
from innkeeper.host import Host
from innkeeper.machine import local

HOLD = (
    "import sys; from innkeeper.machine import local\n"
    "with local().lock(sys.argv[1], sys.argv[2]): print('held', flush=True); input()"
)


@contextmanager
def holder(name: str, owner: str) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that holds the lock until its input ends."""
    argv = [sys.executable, "-c", HOLD, name, owner]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        try:
            yield process
        finally:
            process.kill()


def take(name: str, owner: str = "me") -> None:
    with local().lock(name, owner):
        pass


def refusal(name: str) -> Busy:
    with pytest.raises(Busy) as caught:
        take(name)
    return caught.value


def test_held_by_another_process() -> None:
    with holder("guest:web1", "guest.start web1 (process 42)"):
        error = refusal("guest:web1")
        assert (error.code, error.exit_code) == ("operation.busy", 2)
        assert str(error) == "web1 is busy: guest.start web1 (process 42)"
        take("guest:web2")
    take("guest:web1")


def test_held_by_a_thread_of_this_process() -> None:
    with local().lock("guest:web1", "first"):
        assert refusal("guest:web1").facts["owner"] == "first"
    take("guest:web1")


def test_it_goes_with_its_holder() -> None:
    with holder("guest:web1", "x" * 200) as process:
        process.kill()
        process.wait()
        with local().lock("guest:web1", "next"):
            assert refusal("guest:web1").facts["owner"] == "next"


def test_nothing_stays_of_it(tmp_path: Path) -> None:
    take("guest:web1")
    assert os.listdir(tmp_path / "run" / "locks") == []
    assert (tmp_path / "run" / "locks").stat().st_mode & 0o777 == 0o700


def test_somebody_tidied_up_under_its_holder(tmp_path: Path) -> None:
    with local().lock("guest:web1", "me"):
        (tmp_path / "run" / "locks" / "guest:web1").unlink()
    take("guest:web1")


def test_its_file_is_removed_between_our_opening_and_locking_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """By the holder before us, at its end: a lock on a file that is gone would keep nobody out."""
    real, path = fcntl.flock, tmp_path / "run" / "locks" / "guest:web1"
    left = [path]

    def flock(descriptor: int, operation: int) -> None:
        if left:
            left.pop().unlink()
        real(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", flock)
    with local().lock("guest:web1", "me"):
        assert refusal("guest:web1").facts["owner"] == "me"


def test_one_at_a_time() -> None:
    """Many take and leave it at once, so that a lock is sought on a file that is just being removed."""
    inside, most, taken = [0], [0], [0]
    guard = threading.Lock()

    def work() -> None:
        for _ in range(300):
            try:
                with local().lock("guest:web1", "me"):
                    with guard:
                        inside[0] += 1
                        most[0] = max(most[0], inside[0])
                        taken[0] += 1
                    with guard:
                        inside[0] -= 1
            except Busy:
                continue

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
    assert taken[0] > 10


@pytest.mark.parametrize(
    "name",
    ["a/../../b", "x" * 5000, "虚拟机" * 100, "nul\0", "new\nline", "\udcff", ".", ".."],
    ids=lambda name: ascii(name)[:12],
)
def test_a_guest_of_any_name_has_a_lock(host: Host, tmp_path: Path, name: str) -> None:
    """Names are judged by the verb's check, which comes after; guests made elsewhere may have strange ones."""
    with host.lock(f"guest:{name}", f"guest.start {name}"):
        (file,) = os.listdir(tmp_path / "run" / "locks")
        assert file.startswith("guest:")
        with pytest.raises(Busy), host.lock(f"guest:{name}", "you"):
            pass
