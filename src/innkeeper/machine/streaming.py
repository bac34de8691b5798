"""Programs of this computer whose streams are carried piece by piece, in both directions at once."""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import signal
import subprocess
import time
from collections.abc import Generator, Iterator, Sequence
from typing import IO

from innkeeper.errors import Failed, Unsupported

__all__ = ["STDERR", "STDOUT", "carried", "end", "start"]

STDOUT, STDERR = 1, 2
_PIECE = 1 << 18


def carried(
    argv: Sequence[str],
    source: Iterator[bytes] | None = None,
    timeout: float | None = None,
    pulse: float | None = None,
) -> Generator[tuple[int, bytes], None, int]:
    """Run a program. Yields what it prints as it comes, as pairs of `STDOUT` or `STDERR` and some bytes; returns its
    status (negative: the signal that ended it).

    After `pulse` seconds in which it said nothing it yields that nothing, so that it can be closed.
    `source` is fed to its standard input; what it does not read is dropped. It has no terminal, and is ended with its
    children when the generator is closed.

    Raises `Unsupported("machine.program_missing")`, and `Failed("machine.command_timeout")` after `timeout` seconds.
    """
    child = start(argv, subprocess.PIPE if source is not None else subprocess.DEVNULL)
    deadline = time.monotonic() + timeout if timeout else None
    try:
        with selectors.DefaultSelector() as selector:
            feeder = _watched(selector, child, source)
            outputs = 2
            while outputs:
                ready = selector.select(_shorter(deadline and deadline - time.monotonic(), pulse))
                if deadline and not ready and time.monotonic() >= deadline:
                    raise Failed("machine.command_timeout", program=argv[0], seconds=timeout)
                if pulse and not ready:
                    yield STDOUT, b""
                for key, _events in ready:
                    if key.data is None:
                        if feeder and not feeder.feed():
                            selector.unregister(key.fileobj)
                            feeder.pipe.close()
                    elif piece := os.read(key.fd, _PIECE):
                        yield key.data, piece
                    else:
                        selector.unregister(key.fileobj)
                        outputs -= 1
        return child.wait()
    finally:
        end(child)


def _watched(
    selector: selectors.BaseSelector, child: subprocess.Popen[bytes], source: Iterator[bytes] | None
) -> _Feeder | None:
    """Its pipes; and what feeds it."""
    assert child.stdout is not None
    assert child.stderr is not None
    selector.register(child.stdout, selectors.EVENT_READ, STDOUT)
    selector.register(child.stderr, selectors.EVENT_READ, STDERR)
    if child.stdin is None or source is None:
        return None
    feeder = _Feeder(child.stdin, source)
    selector.register(feeder.pipe, selectors.EVENT_WRITE, None)
    return feeder


def _shorter(left: float | None, pulse: float | None) -> float | None:
    """Seconds of both that are given."""
    given = [max(seconds, 0.0) for seconds in (left, pulse) if seconds is not None]
    return min(given, default=None)


class _Feeder:
    """Writes what a source gives into a pipe, never more than the pipe takes."""

    def __init__(self, pipe: IO[bytes], source: Iterator[bytes]) -> None:
        self.pipe = pipe
        self._source = filter(None, source)
        self._rest = memoryview(b"")
        os.set_blocking(pipe.fileno(), False)

    def feed(self) -> bool:
        """Write some; False at the end, when the pipe is closed."""
        if not self._rest:
            self._rest = memoryview(next(self._source, b""))
        try:
            if self._rest:
                self._rest = self._rest[os.write(self.pipe.fileno(), self._rest) :]
                return True
        except BlockingIOError:
            return True
        except BrokenPipeError:
            pass  # it reads no more: its status says whether that is well
        return False


def start(
    argv: Sequence[str], stdin: int | IO[bytes], stdout: int = subprocess.PIPE
) -> subprocess.Popen[bytes]:
    """A program whose output goes into pipes, or into a file that is open. Raises
    `Unsupported("machine.program_missing")`."""
    program = shutil.which(argv[0])
    if program is None:
        raise Unsupported("machine.program_missing", program=argv[0])
    # As in `local`: no program goes on working for an operation that is gone.
    tied = ("setpriv", "--pdeathsig", "KILL", "--") if shutil.which("setpriv") else ()
    return subprocess.Popen(
        [*tied, program, *argv[1:]],
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        bufsize=0,
        start_new_session=True,
    )


def end(child: subprocess.Popen[bytes]) -> None:
    """No child outlives who started it, nor do its children."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for pipe in (child.stdin, child.stdout, child.stderr):
        if pipe:
            pipe.close()
