"""An Inventory at work inside a world, in a process of its own, and what it published.

with Watcher(world, sweep=3600, view=["guest:web1"]) as watcher:
    world.virsh("desc", "web1", "--title", "--new-desc", "x")
    watcher.expect({("guest", uuid, "changed")})
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any, Self

from tests.world import Inside

__all__ = ["Watcher"]

Told = tuple[str, str, str]
PATIENCE = 120.0
"""Seconds for what comes in one or two on a machine that has nothing else to do."""


class Watcher:
    """`sweep` and `viewed` are its seconds between looks at all, and at what is viewed."""

    def __init__(
        self, world: Inside, sweep: float, view: Collection[str] = (), uri: str = "qemu:///system"
    ) -> None:
        command = [sys.executable, str(Path(__file__)), uri, str(sweep), *view]
        root = str(Path(__file__).resolve().parents[2])
        self._process = world.popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={"PYTHONPATH": root}
        )
        self._told: set[Told] = set()
        self._answers: list[Any] = []
        self._fresh = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=30)
        self._reader.join(30)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said = json.loads(line)
            with self._fresh:
                if "told" in said:
                    self._told.add(tuple(said["told"]))
                else:
                    self._answers.append(said["answer"])
                self._fresh.notify_all()

    def forget(self) -> None:
        """All that was told so far."""
        with self._fresh:
            self._told.clear()

    def expect(self, wanted: Collection[Told], patience: float = PATIENCE) -> None:
        """Until all of it was told since the last `forget`."""
        with self._fresh:
            there = self._fresh.wait_for(lambda: set(wanted) <= self._told, patience)
            assert there, f"not told: {sorted(set(wanted) - self._told)}"

    def never(self, unwanted: Collection[Told]) -> None:
        """None of it was told so far."""
        with self._fresh:
            assert not set(unwanted) & self._told

    def ask(self, what: str, patience: float = PATIENCE) -> Any:
        """`rows`, `link`, `memory` (MiB), `views` (more to view, behind it)."""
        with self._fresh:
            before = len(self._answers)
            assert self._process.stdin is not None
            self._process.stdin.write(what + "\n")
            self._process.stdin.flush()
            assert self._fresh.wait_for(lambda: len(self._answers) > before, patience), f"no answer: {what}"
            return self._answers[-1]

    def until(self, state: str, patience: float = PATIENCE) -> None:
        """Its link is in that state."""
        deadline = time.monotonic() + patience
        while (link := self.ask("link"))["state"] != state:
            assert time.monotonic() < deadline, f"still {link}, not {state}"
            time.sleep(0.1)


def _main(uri: str, sweep: str, *views: str) -> None:
    """Inside the world: events as lines, questions as lines."""
    import msgspec

    from innkeeper.inventory import Inventory, looking

    looking.SWEEP = float(sweep)
    writing, viewed = threading.Lock(), set(views)

    def say(**what: Any) -> None:
        with writing:
            sys.stdout.write(json.dumps(what) + "\n")
            sys.stdout.flush()

    inventory = Inventory(uri, lambda *told: say(told=told))

    def view() -> None:
        while True:
            for one in tuple(viewed):
                inventory.viewed(*one.split(":", 1))
            time.sleep(0.5)

    def answer(question: str, *rest: str) -> Any:
        match question:
            case "rows":
                return [msgspec.to_builtins(row) for row in inventory.guests().rows]
            case "link":
                return msgspec.to_builtins(inventory.link())
            case "memory":
                pages = int(Path("/proc/self/statm").read_text().split()[1])
                return pages * os.sysconf("SC_PAGESIZE") / 2**20
            case "views":
                viewed.update(rest)
                return None
        raise ValueError(question)

    inventory.start()
    threading.Thread(target=view, daemon=True).start()
    for line in sys.stdin:
        say(answer=answer(*line.split()))


if __name__ == "__main__":
    _main(*sys.argv[1:])
