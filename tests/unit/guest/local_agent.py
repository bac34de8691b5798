"""A guest agent that works on this computer: the commands of qemu-guest-agent that Innkeeper uses, as it describes
them (qga/qapi-schema.json). For tests of what we ask it for; the real one is asked in tests/real."""

from __future__ import annotations

import base64
import contextlib
import os
import re
import subprocess
import time
from typing import IO, Any

from innkeeper.errors import Failed, Unsupported

__all__ = ["LocalAgent"]

COMMANDS = (
    "guest-info",
    "guest-exec",
    "guest-exec-status",
    "guest-file-open",
    "guest-file-read",
    "guest-file-write",
    "guest-file-close",
)


class LocalAgent:
    """`call` is what `innkeeper.guest.within.agent` wants. `refused` are commands it does not offer, `shell` what it
    takes for /bin/sh (none: it has no such file)."""

    def __init__(self, refused: tuple[str, ...] = (), shell: str | None = "/bin/sh") -> None:
        self.refused = refused
        self.shell = shell
        self.asked: list[str] = []
        self.tokens: set[str] = set()
        """names of the directories that were made for commands"""
        self.gone = False
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._files: dict[int, IO[bytes]] = {}

    def call(self, command: str, arguments: dict[str, Any] | None = None, timeout: int = 30) -> Any:
        assert timeout > 0
        self.asked.append(command)
        if self.gone:
            raise Unsupported("guest.agent_silent", name="fake")
        if command in self.refused:
            raise Failed("guest.agent_failed", name="fake", command=command, detail="disabled")
        method = getattr(self, command.replace("-", "_"))
        return method(**{key.replace("-", "_"): value for key, value in (arguments or {}).items()})

    def guest_info(self) -> Any:
        commands = [{"name": name, "enabled": name not in self.refused, "more": 1} for name in COMMANDS]
        return {"version": "7.2", "supported_commands": commands}

    def guest_exec(
        self,
        path: str,
        arg: list[str],
        capture_output: bool,
        env: list[str] | None = None,
        input_data: str | None = None,
    ) -> Any:
        self.tokens.update(word for word in arg if re.fullmatch(r"\.inn-[0-9a-f]{16}", word))
        if path == "/bin/sh":
            path = self.shell or "/no/such/file"
        environment = dict(line.split("=", 1) for line in env) if env else {"PATH": "/usr/bin:/bin"}
        try:
            child = subprocess.Popen(
                [path, *arg],
                env=environment,
                cwd="/",
                stdin=subprocess.PIPE if input_data is not None else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except OSError as error:
            raise Failed(
                "guest.agent_failed", name="fake", command="guest-exec", detail=str(error)
            ) from error
        if input_data is not None and child.stdin:
            child.stdin.write(base64.b64decode(input_data))
            child.stdin.close()
            child.stdin = None
        self._running[child.pid] = child
        return {"pid": child.pid}

    def guest_exec_status(self, pid: int) -> Any:
        child = self._running[pid]
        try:
            out, err = child.communicate(timeout=0.02)
        except subprocess.TimeoutExpired:
            return {"exited": False}
        del self._running[pid]
        told = {"exited": True, "out-data": base64.b64encode(out), "err-data": base64.b64encode(err)}
        code = child.returncode
        told |= {"signal": -code} if code < 0 else {"exitcode": code}
        return {key: value.decode() if isinstance(value, bytes) else value for key, value in told.items()}

    def guest_file_open(self, path: str, mode: str) -> int:
        try:
            file = open(path, mode + "b")  # noqa: SIM115  # kept open until the guest-file-close
        except OSError as error:
            raise Failed(
                "guest.agent_failed", name="fake", command="guest-file-open", detail=str(error)
            ) from error
        handle = max(self._files, default=1000) + 1
        self._files[handle] = file
        return handle

    def guest_file_read(self, handle: int, count: int) -> Any:
        data = self._files[handle].read(count)
        return {"count": len(data), "eof": len(data) < count, "buf-b64": base64.b64encode(data).decode()}

    def guest_file_write(self, handle: int, buf_b64: str) -> Any:
        count = self._files[handle].write(base64.b64decode(buf_b64))
        return {"count": count, "eof": False}

    def guest_file_close(self, handle: int) -> Any:
        self._files.pop(handle).close()
        return {}

    def close(self) -> None:
        """What still runs and is open, as a dying guest ends it."""
        for child in self._running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(5)
            child.kill()
            child.communicate()
        for file in self._files.values():
            file.close()

    @property
    def left(self) -> list[str]:
        """What should have been taken away, which is done beside everything else."""
        places = ("/var/tmp", "/tmp", "/run")
        paths = [f"{place}/{token}" for place in places for token in self.tokens]
        deadline = time.monotonic() + 10
        while (found := list(filter(os.path.exists, paths))) and time.monotonic() < deadline:
            time.sleep(0.02)
        return found

    @property
    def open_things(self) -> int:
        return len(self._running) + len(self._files)
