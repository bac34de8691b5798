"""A process that does what must be done when we are gone: killed, hung up on, or out of memory.

It lives in a session of its own, where no terminal's signal reaches it, and reads from a pipe whose other end only we
hold: when that end closes before it was dismissed, it acts.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
from collections.abc import Sequence

from innkeeper.errors import Failed

__all__ = ["Deputy", "needed"]

_READY = b"ready\n"
"""What it prints when it could act."""
_BEGIN, _DISMISS = b"b", b"d"
"""What it reads: from now on it is needed; it is no longer."""


class Deputy:
    """Runs a program that keeps to the words above."""

    def __init__(self, argv: Sequence[str]) -> None:
        self._child = subprocess.Popen(
            list(argv),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
            cwd="/",
        )

    def wait_ready(self, timeout: float = 30) -> None:
        """Raises `Failed("machine.no_deputy")` when it is not there in so many seconds."""
        assert self._child.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self._child.stdout, selectors.EVENT_READ)
            if not selector.select(timeout) or self._child.stdout.read(len(_READY)) != _READY:
                self.dismiss()
                raise Failed("machine.no_deputy", program=str(self._child.args))

    def begin(self) -> None:
        """From here on it acts when we end, or after as long as it waits for us."""
        self._tell(_BEGIN)

    def dismiss(self) -> None:
        """It is not needed any more; waits for its end."""
        self._tell(_DISMISS)
        self._close()
        try:
            self._child.wait(10)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()

    def leave(self) -> None:
        """Let it act, beside whatever we do next."""
        self._close()

    def _tell(self, word: bytes) -> None:
        assert self._child.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it has acted and ended: it waits for nobody for ever
            if not self._child.stdin.closed:
                self._child.stdin.write(word)

    def _close(self) -> None:
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                pipe.close()


def needed(longest: float | None = None) -> bool:
    """In the deputy, once it could act: waits, and tells whether it has to. From when it is needed it acts after
    `longest` seconds in any case."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    os.write(1, _READY)
    if os.read(0, 1) != _BEGIN:
        return False
    with selectors.DefaultSelector() as selector:
        selector.register(0, selectors.EVENT_READ)
        return not (selector.select(longest) and os.read(0, 1) == _DISMISS)
