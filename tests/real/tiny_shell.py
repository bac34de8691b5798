"""Commands in a guest of the image tiny, by its serial console."""

from __future__ import annotations

import os
import re
import selectors
import subprocess
import time
from typing import Self

from tests.world import World

__all__ = ["TinyShell"]

_HEARTBEAT = re.compile(rb"innkeeper-tiny: [^\n]*\n")
"""What the guest says by itself now and then, also in the middle of a line."""


class TinyShell:
    """A shell that reads lines and does not echo them. Use it in a `with`; the guest has booted."""

    def __init__(self, world: World, name: str) -> None:
        self._process = world.popen(
            ["inn", "--quiet", "console", "--force", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=False,
            errors=None,
            bufsize=0,
        )
        self._number = 0
        self._send('stty -echo; while read -r line; do eval "$line"; done')
        self.run("true")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pipe: object = self._process.stdin
        os.write(pipe.fileno(), b"\x1d")  # type: ignore[attr-defined]  # a pipe: it was asked for
        self._process.communicate(timeout=60)

    def _send(self, line: str) -> None:
        assert self._process.stdin is not None
        os.write(self._process.stdin.fileno(), b"\r" + line.encode() + b"\r")

    def begin(self, command: str) -> None:
        """Do not wait for it. It must not print."""
        self._send(f"({command}) >/dev/null 2>&1 &")

    def run(self, command: str, timeout: float = 240) -> str:
        """What it prints. It must not read its input."""
        self._number += 1
        mark = f"<{self._number}>".encode()
        self._send(f"echo; {command}; echo '<'{self._number}'>'")
        seen, deadline = b"", time.monotonic() + timeout
        assert self._process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while mark not in seen:
                assert selector.select(max(deadline - time.monotonic(), 0)), f"{command}: {seen[-500:]!r}"
                fresh = os.read(self._process.stdout.fileno(), 65536)
                assert fresh, f"the console ended: {seen[-500:]!r}"
                seen += fresh
        before = f"<{self._number - 1}>".encode()
        told = _HEARTBEAT.sub(b"", seen).rpartition(before)[2].partition(mark)[0]
        return told.decode(errors="replace").strip()
