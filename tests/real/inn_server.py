"""Many command lines of `inn` in one process that has its modules loaded: each runs in a child of its own.

Run inside a world; reads `{"argv": […], "env": {…}, "timeout": …}` a line, prints `{"status", "out", "err"}` a line.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import tempfile
import time
from importlib import import_module
from typing import Any

COMMANDS = (
    "guest_create",
    "guest_bin",
    "guest_life",
    "guest_list",
    "guest_show",
    "guest_access",
    "image",
    "operation",
)


def child(request: dict[str, Any], out: int, err: int) -> None:
    os.setsid()
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (out, 1), (err, 2)):
        os.dup2(source, target)
    os.environ.update(request["env"])
    sys.argv = ["inn", *request["argv"]]
    from innkeeper.cli.main import main

    main()


def run(request: dict[str, Any]) -> dict[str, Any]:
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        pid = os.fork()
        if pid == 0:
            try:
                child(request, out.fileno(), err.fileno())
            finally:
                os._exit(99)
        status = wait(pid, request["timeout"])
        said = [stream.seek(0) or stream.read().decode(errors="replace") for stream in (out, err)]
    return {"status": status, "out": said[0], "err": said[1]}


def wait(pid: int, timeout: float) -> int | None:
    """The exit status, negative for a signal, None for one that had to be killed."""
    deadline, pause = time.monotonic() + timeout, 0.001
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > deadline:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return None
        time.sleep(pause)
        pause = min(pause * 1.5, 0.02)


def main() -> None:
    for name in ("main", "problems", "progress", "planning", *COMMANDS):
        import_module(f"innkeeper.cli.{name}")
    from innkeeper.verbs import REGISTRY, verb

    for name in REGISTRY:
        verb(name)
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
