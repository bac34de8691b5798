"""A stage with a server of operations, which may be killed at any step of a verb and started again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.real.faults import KILLED, Stage
from tests.world import World

__all__ = ["ENDED", "Served", "bare"]

DRIVER = Path(__file__).with_name("durable_server.py")
ENDED = ("done", "failed", "refused", "cancelled", "timeout", "interrupted", "unknown")
SECONDS = 300


def bare(world: World) -> Stage:
    """A stage of a world that is furnished otherwise."""
    stage = Stage.__new__(Stage)
    stage.world, stage.files = world, world.directory / "files"
    stage.files.mkdir(exist_ok=True)
    return stage


class Served:
    """The operations' server of a stage; its database is outside of what is compared."""

    def __init__(self, stage: Stage, database: str | None = None) -> None:
        self.stage = stage
        self.database = database or f"sqlite:///{stage.files}/server.db"
        self._process: subprocess.Popen[str] | None = None

    def start(self, stop_at: str | None = None) -> None:
        assert self._process is None
        env = {"INNKEEPER_DATABASE": self.database}
        if stop_at:
            env["INNKEEPER_STOP_AT"] = stop_at
        self._process = self.stage.world.popen(
            [sys.executable, str(DRIVER)], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._read() == "ready\n"

    def _read(self) -> str:
        assert self._process is not None
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def _say(self, asked: dict[str, Any]) -> str:
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(asked) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            return ""
        return self._read()

    def tell(self, **asked: Any) -> Any:
        """Its answer."""
        said = self._say(asked)
        assert said, "the server died"
        return json.loads(said)

    def ask(self, *argv: str) -> dict[str, Any]:
        """What that command line asks, as an operation: its view at the beginning."""
        view: dict[str, Any] = self.tell(ask=self.stage.words(argv))
        assert "id" in view, view
        return view

    def wait(self, operation: str) -> dict[str, Any]:
        """Its view when it is over."""
        view: dict[str, Any] = self.tell(wait=operation, seconds=SECONDS)
        assert view["state"] in ENDED, view
        return view

    def dies(self, *argv: str, at: str) -> str:
        """A server is started, asked that, and kills itself there; the operation's id."""
        self.start(stop_at=at)
        operation: str = self.ask(*argv)["id"]
        said = self._say({"wait": operation, "seconds": SECONDS})
        assert said == "", f"it was to die at {at}: {said}"
        self._ended(KILLED)
        return operation

    def dies_again(self, operation: str, at: str) -> None:
        """Another server takes it up, and kills itself there too."""
        self.start(stop_at=at)
        said = self._say({"wait": operation, "seconds": SECONDS})
        assert said == "", f"it was to die at {at}: {said}"
        self._ended(KILLED)

    def stop(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            self._ended(0)

    def kill(self) -> None:
        if self._process is not None:
            self.stage.kill(self._process)
            self._process = None

    def _ended(self, status: int) -> None:
        assert self._process is not None
        with self._process as process:
            if process.stdin is not None and not process.stdin.closed:
                process.stdin.close()
            assert process.wait(timeout=120) == status
        self._process = None
