"""Programs of this computer whose output goes into files without passing through this process: splice(2) moves it from
the program's pipe. Who pours can look at what the program says beside it, and is asked at times whether to go on."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import selectors
import subprocess
from collections.abc import Callable, Iterator, Sequence
from typing import IO

from innkeeper.machine.streaming import end, start

__all__ = ["Running", "memory_file", "running"]

_TICK = 0.25
"""Seconds between two questions whether to go on, while nothing comes."""
_SAID = 256 * 1024
"""Bytes that are kept of what a program says; the rest is dropped."""
_PIPE = 1 << 20
_NO_SPLICE = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EPERM)


class Running:
    """A program while it runs. Its standard output is taken piece by piece; what it says on stderr is kept."""

    def __init__(self, child: subprocess.Popen[bytes], on_wait: Callable[[], None]) -> None:
        assert child.stdout is not None
        assert child.stderr is not None
        self._child, self._on_wait = child, on_wait
        self._out, self._err = child.stdout.fileno(), child.stderr.fileno()
        with contextlib.suppress(OSError):  # more than this user may have
            fcntl.fcntl(self._out, fcntl.F_SETPIPE_SZ, _PIPE)
        self._waiting = selectors.DefaultSelector()
        self._waiting.register(self._err, selectors.EVENT_READ)
        self._splices = True
        self.talks = True
        """whether more may come on stderr"""
        self.said = bytearray()
        """what came on stderr until now, its first 256 KiB"""

    def hear(self, enough: re.Pattern[bytes]) -> bytes:
        """Wait until that is found in what it says, or until it says no more. Nothing of its output is taken."""
        while self.talks and not enough.search(self.said) and len(self.said) < _SAID:
            self._wait()
        return bytes(self.said)

    def read(self, most: int) -> bytes:
        """Some of its output, as soon as there is some; empty at its end."""
        self._await_output()
        return os.read(self._out, most)

    def pour(self, file: IO[bytes], at: int, most: int) -> int:
        """Put some of its output into a file from that byte on, at most so much; 0 at its end. Raises `OSError` for
        what goes wrong with the file."""
        self._await_output()
        if self._splices:
            try:
                return os.splice(self._out, file.fileno(), most, offset_dst=at)
            except OSError as error:
                if error.errno not in _NO_SPLICE:
                    raise
                self._splices = False  # a file system that knows no such thing
        data = os.read(self._out, most)
        rest = memoryview(data)
        while rest:
            at += (written := os.pwrite(file.fileno(), rest, at))
            rest = rest[written:]
        return len(data)

    def status(self) -> int:
        """Wait for its end; negative: the signal that ended it."""
        while self.talks:
            self._wait()
        return self._child.wait()

    def close(self) -> None:
        """End it, if it did not yet."""
        self._waiting.close()
        end(self._child)

    def _await_output(self) -> None:
        self._waiting.register(self._out, selectors.EVENT_READ)
        try:
            while self._out not in self._wait():
                pass
        finally:
            self._waiting.unregister(self._out)

    def _wait(self) -> set[int]:
        """What may be read; what it says is taken at once."""
        ready = {key.fd for key, _events in self._waiting.select(_TICK)}
        if not ready:
            self._on_wait()
        if self._err in ready:
            fresh = os.read(self._err, 65536)
            self.said += fresh[: _SAID - len(self.said)]
            if not fresh:
                self._waiting.unregister(self._err)
                self.talks = False
        return ready


@contextlib.contextmanager
def running(
    argv: Sequence[str],
    *,
    input: bytes | None = None,
    source: IO[bytes] | None = None,
    on_wait: Callable[[], None] = lambda: None,
) -> Iterator[Running]:
    """A program that is given `input` (less than a pipe takes, 64 KiB) or reads the open file `source`. It is ended
    with the body, and with this process. `on_wait` is called a few times a second while nothing comes; what it raises
    ends both.

    Raises `Unsupported("machine.program_missing")`.
    """
    child = start(argv, source or (subprocess.DEVNULL if input is None else subprocess.PIPE))
    with contextlib.closing(Running(child, on_wait)) as made:
        if child.stdin is not None:
            with contextlib.suppress(BrokenPipeError):  # its status says why it did not read
                child.stdin.write(input or b"")
            child.stdin.close()
        yield made


@contextlib.contextmanager
def memory_file(data: bytes) -> Iterator[str]:
    """A path by which programs of this user can read these bytes while the body runs; nothing is on any disk."""
    descriptor = os.memfd_create("innkeeper", os.MFD_CLOEXEC)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        yield f"/proc/{os.getpid()}/fd/{descriptor}"
    finally:
        os.close(descriptor)
