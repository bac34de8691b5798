"""A computer reached by the ssh program, with the user's own keys, agent and configuration."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property

from innkeeper.errors import Busy, Denied, Failed, NotFound, OutcomeUnknown, Unsupported
from innkeeper.machine.base import Files, Limits, Result
from innkeeper.machine.local import local

__all__ = ["SshMachine"]

_UNREACHED = 255
"""Status of ssh itself when it could not connect (ssh(1), EXIT STATUS)."""
_NO_PROGRAM = 127
"""Status of env(1) when it finds no such program."""
_MISSING, _DENIED = 44, 43
"""Statuses our own remote commands give for a missing and a forbidden file."""

_LOCK = (
    'owner=$1 path=$2; shift 2; mkdir -p -m 700 "$(dirname "$path")" || exit 1; '
    'while exec 9<>"$path"; do flock -n 9 || { echo busy; basename "$path"; cat "$path"; exit; }; '
    '[ "$(stat -c %i "$path" 2>/dev/null)" = "$(stat -L -c %i /proc/self/fd/9)" ] && break; done; '
    'printf %s "$owner" >"$path"; '
    'if [ $# -gt 0 ]; then sh -c "$LOCK" sh "$owner" "$@"; else echo held; cat >/dev/null; fi; rm -f "$path"'
)
"""A holder unlinks its file at the end, so what was locked must still be there, as on this computer. Each further lock
is held by a shell within the one before: a server lets a client open few sessions (sshd_config(5), MaxSessions)."""


class SshMachine:
    """A remote computer. `options` are ssh's own, such as `-p 2222` or `-i FILE`."""

    def __init__(self, name: str, user: str | None = None, options: Sequence[str] = ()) -> None:
        self.name = name
        self._target = f"{user}@{name}" if user else name
        self._options = list(options)
        self.files: Files = SshFiles(self)

    @cached_property
    def is_root(self) -> bool:
        return self.run(["id", "-u"]).stdout.strip() == b"0"

    @cached_property
    def state_dir(self) -> str:
        if self.is_root:
            return "/var/lib/innkeeper"
        asked = 'printf %s "${XDG_STATE_HOME:-$HOME/.local/state}/innkeeper"'
        return self.run(["sh", "-c", asked]).stdout.decode()

    @cached_property
    def runtime_dir(self) -> str:
        """The same as a process of that user there has."""
        if self.is_root:
            return "/run/innkeeper"
        own = 'd=/run/user/$(id -u); [ -w "$d" ] || d=$HOME/.cache; printf %s "${XDG_RUNTIME_DIR:-$d}/innkeeper"'
        return self.run(["sh", "-c", own]).stdout.decode()

    def run(
        self,
        argv: Sequence[str],
        *,
        input: bytes | None = None,
        check: bool = True,
        timeout: float | None = None,
        env: Mapping[str, str] | None = None,
        on_line: Callable[[str], None] | None = None,
        limits: Limits | None = None,
    ) -> Result:
        words = shlex.join(
            ["env", "LC_ALL=C.UTF-8", *(f"{key}={value}" for key, value in (env or {}).items()), *argv]
        )
        if limits and limits.cpu_seconds:
            words = f"ulimit -t {limits.cpu_seconds}; {words}"
        if limits and limits.memory_bytes:
            words = f"ulimit -v {limits.memory_bytes // 1024}; {words}"
        argv_here = self._ssh(words)
        result = local().run(argv_here, input=input, check=False, timeout=timeout, on_line=on_line)
        if result.status == _UNREACHED:
            raise OutcomeUnknown("machine.unreachable", machine=self.name, reason=result.last_line)
        if result.status == _NO_PROGRAM and result.stderr.startswith(b"env: "):
            raise Unsupported("machine.program_missing", program=argv[0])
        if check and result.status != 0:
            raise Failed(
                "machine.command_failed", program=argv[0], status=result.status, detail=result.last_line
            )
        return result

    def lock(self, name: str, owner: str) -> AbstractContextManager[None]:
        return self.lock_all([name], owner)

    @contextlib.contextmanager
    def lock_all(self, names: Sequence[str], owner: str) -> Iterator[None]:
        """flock(1) there, held by a remote shell that lives as long as our end of its standard input."""
        import subprocess

        paths = [f"{self.runtime_dir}/locks/{name}" for name in names]
        argv = self._ssh(shlex.join(["env", f"LOCK={_LOCK}", "sh", "-c", _LOCK, "sh", owner, *paths]))
        with subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        ) as holder:
            assert holder.stdin is not None
            assert holder.stdout is not None
            answer = holder.stdout.readline().decode().strip()
            if answer != "held":
                holder.stdin.close()
                name, _, rest = holder.stdout.read().decode(errors="replace").partition("\n")
                if answer == "busy":
                    raise Busy("operation.busy", name=name.partition(":")[2] or name, owner=rest or "?")
                raise OutcomeUnknown("machine.unreachable", machine=self.name, reason=answer or "no answer")
            yield

    @property
    def proxy_command(self) -> str:
        """For ssh's ProxyCommand: a way through this machine to what only it reaches."""
        return shlex.join(["ssh", "-o", "BatchMode=yes", *self._options, "-W", "%h:%p", self._target])

    def forward(self, here: str, there: str) -> list[str]:
        """The command that brings a port or UNIX socket of this machine (`127.0.0.1:5900`, `/path`) here, as long as it
        runs (ssh(1), -L)."""
        return [
            "ssh",
            "-N",
            "-o",
            "ExitOnForwardFailure=yes",
            *self._options,
            "-L",
            f"{here}:{there}",
            self._target,
        ]

    @contextlib.contextmanager
    def forwarded(self, here: str, there: str) -> Iterator[None]:
        """The same for the body, once it stands. Raises `OutcomeUnknown("machine.unreachable")` when it cannot."""
        import subprocess

        command, *argv = self.forward(here, there)
        options = ("BatchMode=yes", "LogLevel=ERROR", "ControlPath=none", "PermitLocalCommand=yes")
        own = [word for option in (*options, "LocalCommand=echo up") for word in ("-o", option)]
        with subprocess.Popen(
            [command, *own, *argv],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        ) as ssh:
            assert ssh.stdout is not None
            assert ssh.stderr is not None
            try:
                if (
                    ssh.stdout.readline() != b"up\n"
                ):  # ssh runs it when all stands (ssh_config(5), LocalCommand)
                    reason = ssh.stderr.read().decode(errors="replace").strip() or "no answer"
                    raise OutcomeUnknown("machine.unreachable", machine=self.name, reason=reason)
                yield
            finally:
                ssh.terminate()

    def _ssh(self, words: str) -> list[str]:
        shared = f"{local().runtime_dir}/ssh"
        local().files.make_dir(shared, 0o700)
        sharing = ["-o", "ControlMaster=auto", "-o", f"ControlPath={shared}/%C", "-o", "ControlPersist=60"]
        quiet = ["-o", "BatchMode=yes", "-o", "LogLevel=ERROR", "-o", "ServerAliveInterval=15"]
        return ["ssh", *sharing, *quiet, *self._options, "--", self._target, words]


class SshFiles:
    """Files of a remote computer, by its shell's own tools."""

    def __init__(self, machine: SshMachine) -> None:
        self._machine = machine

    def exists(self, path: str) -> bool:
        return self._machine.run(["test", "-e", path], check=False).status == 0

    def size(self, path: str) -> int:
        return int(self._ask('stat -L -c %s -- "$1"', path))

    def modified(self, path: str) -> float:
        return float(self._ask('stat -L -c %.9Y -- "$1"', path))

    def read(self, path: str, offset: int = 0, limit: int | None = None) -> bytes:
        cut = "" if limit is None else f" | head -c {limit}"
        return self._ask(f'tail -c +{offset + 1} -- "$1"{cut}', path)

    def write(self, path: str, data: bytes, mode: int = 0o644) -> None:
        draft = f'd=$(mktemp "$(dirname "$1")/.inn-XXXXXX") && cat >"$d" && chmod {mode:o} "$d" && sync "$d"'
        self._do(f'{draft} && mv -f "$d" "$1"', path, data)

    def append(self, path: str, data: bytes) -> None:
        self._do('cat >>"$1" && sync "$1"', path, data)

    def remove(self, path: str) -> None:
        self._do('rm -f -- "$1"', path)

    def make_dir(self, path: str, mode: int = 0o755) -> None:
        self._do(f'mkdir -p -m {mode:o} -- "$1"', path)

    def remove_tree(self, path: str) -> None:
        self._do('rm -rf --one-file-system -- "$1"', path)

    def list(self, path: str) -> list[str]:
        listed = self._machine.run(["ls", "-A1", "--", path], check=False)
        return sorted(listed.stdout.decode(errors="replace").splitlines())

    def _ask(self, command: str, path: str) -> bytes:
        guard = f'[ -e "$1" ] || exit {_MISSING}; [ -r "$1" ] || exit {_DENIED}; '
        return self._done(self._machine.run(["sh", "-c", guard + command, "sh", path], check=False), path)

    def _do(self, command: str, path: str, data: bytes = b"") -> None:
        self._done(self._machine.run(["sh", "-c", command, "sh", path], input=data, check=False), path)

    def _done(self, result: Result, path: str) -> bytes:
        if result.status == _MISSING:
            raise NotFound("machine.file_missing", path=path)
        if result.status == _DENIED:
            raise Denied("machine.file_denied", path=path)
        if result.status != 0:
            raise Failed("machine.file_failed", path=path, reason=result.last_line)
        return result.stdout
