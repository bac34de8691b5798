"""`inn`, quickly and often."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.real.faults import KILLED
from tests.world import Completed, World

__all__ = ["Server"]


class Server:
    """`inn`, quickly and often: see inn_server.py."""

    def __init__(self, world: World) -> None:
        script = str(Path(__file__).with_name("inn_server.py"))
        self._process = world.popen([sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._process.communicate(timeout=30)

    def begin(self, argv: Sequence[str], env: Mapping[str, str] | None = None, timeout: float = 20) -> None:
        assert self._process.stdin is not None
        self._argv = list(argv)
        request = {"argv": self._argv, "env": dict(env or {}), "timeout": timeout}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()

    def end(self) -> Completed:
        """How what was begun ended; a status of -9 says that it did not end in time."""
        assert self._process.stdout is not None
        told = json.loads(self._process.stdout.readline())
        status = KILLED if told["status"] is None else told["status"]
        return subprocess.CompletedProcess(["inn", *self._argv], status, told["out"], told["err"])

    def inn(
        self, argv: Sequence[str], env: Mapping[str, str] | None = None, timeout: float = 20
    ) -> Completed:
        self.begin(argv, env, timeout)
        return self.end()
