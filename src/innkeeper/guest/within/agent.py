"""Commands in a guest through its agent: guest-exec, guest-exec-status, guest-file-….

The agent itself keeps at most 16 MiB of what a command prints (qga/commands.c, GUEST_EXEC_MAX_OUTPUT), tells it only
when the command is over, and libvirt lets 4 MiB through. So in a guest that has a POSIX shell what is printed goes to
files in a directory of its own below /var/tmp (or /tmp, /run), read piece by piece while the command runs; little
output comes with the status, in one answer. In any other guest the agent's limits hold.
"""

from __future__ import annotations

import base64
import binascii
import itertools
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import msgspec

from innkeeper.errors import Conflict, Failed, InnkeeperError, OutcomeUnknown, Unsupported, WaitTimeout
from innkeeper.guest.within.shells import RUN, Pieces, arguments
from innkeeper.schema.guest_agent import Via

__all__ = ["FILES", "AgentShell", "Call", "ask_commands"]

Call = Callable[..., Any]
"""`call(command, arguments, timeout)` of `virt.agent.Agent`."""

T = TypeVar("T")

EXEC = frozenset({"guest-exec", "guest-exec-status"})
FILES = frozenset({"guest-file-open", "guest-file-read", "guest-file-write", "guest-file-close"})

_READ, _WRITE = 1 << 19, 1 << 16
"""Bytes of a file in one call. What goes there has to be short: libvirt 9.0 and QEMU 7.2 lose commands of 350 kB and
more, so that the agent never answers, while answers of any length come through."""
_AT_ONCE = 1 << 20
"""Bytes of output that come with the status; base64 of them fits one answer."""
_PLACES = "/var/tmp /tmp /run"
_PATIENCE = 0.4
"""Seconds after which the output of a command that still runs is looked at."""
_QUICK, _SLOW, _SLOWEST = 0.005, 0.25, 1.0
"""Seconds between two looks at a command: at first, soon, and when it goes on for minutes; each costs the guest some
milliseconds of a processor, and many more when it is emulated."""
_INFO_TIMEOUT = 3

_MAKE = f'for p in {_PLACES}; do mkdir -m 700 "$p/$1" 2>/dev/null && echo "$p" && exit; done; exit 1'
_CLEAN = f'for p in {_PLACES}; do rm -rf "$p/$1"; done'
_KILL = (
    'end() { kill "-$1" "-$2" || kill "-$1" "$2"; } 2>/dev/null\n'
    'i=0; while kill -0 "$2" 2>/dev/null && [ $i -lt 20 ]; do\n'
    "how=TERM; [ $i -lt 6 ] || how=KILL\n"
    'for f in /proc/[0-9]*/stat; do { read -r line <"$f"; } 2>/dev/null || continue\n'
    'set -- "$1" "$2" ${line##*) }; if [ "$4" = "$2" ]; then f=${f%/stat}; end $how "${f##*/}"; fi; done\n'
    'kill "-$how" "-$2" 2>/dev/null; sleep 0.5; i=$((i + 1)); done\n'
    f"{_CLEAN}"
)
"""The directory's name, and the process id of `_START`, which lives until the command is over: its children lead the
groups that are to end (proc(5): behind the name in parentheses stand state and parent)."""
_START = (
    "t=$1 most=$2 stdin=$3 user=$4 run=$5; shift 5; d= lead=\n"
    '[ "$HOME" ] || HOME=~root; export HOME\n'
    "command -v setsid >/dev/null && lead=setsid\n"
    f'for p in {_PLACES}; do if [ "$stdin" ]; then [ -f "$p/$t/in" ] || continue\n'
    'else { [ "$t" ] && mkdir -m 700 "$p/$t" 2>/dev/null; } || continue; fi\n'
    "d=$p/$t; break; done\n"
    'go() { [ -z "$user" ] || exec $lead su -s /bin/sh -c "$run" -- "$user" sh "$@"\n'
    "n=$2; shift 2\n"
    'while [ "$n" -gt 0 ]; do export "$1"; shift; n=$((n - 1)); done\n'
    'cd 2>/dev/null || cd /; exec $lead "$@"; }\n'
    '[ "$d" ] || { printf n; go "$@"; }\n'
    'if [ "$stdin" ]; then exec <"$d/in"; fi\n'
    '(go "$@") >"$d/out" 2>"$d/err"; s=$?\n'
    'if [ -s "$d/out" ] || [ -s "$d/err" ]; then\n'
    'set -- $(wc -c "$d/out" "$d/err"); if [ $(($1 + $3)) -gt "$most" ]; then printf f; exit $s; fi\n'
    'printf a; if [ "$1" != 0 ]; then cat "$d/out"; fi; if [ "$3" != 0 ]; then cat "$d/err" >&2; fi\n'
    'else printf a; fi; rm -rf "$d" </dev/null >/dev/null 2>&1 & exit $s'
)
"""For `sh -c`: the directory's name or nothing, how much comes with the status, whether its input was put there before,
the user, `RUN`, and its arguments. What it prints begins with `n` (no place for files, all output follows), `a` (all
output follows) or `f` (it stays in the files). Each program more is 10 ms and more of an emulated guest."""


class _Command(msgspec.Struct):
    name: str
    enabled: bool = True


class _Info(msgspec.Struct):
    version: str
    supported_commands: list[_Command]


class _Started(msgspec.Struct):
    pid: int


class _Status(msgspec.Struct, rename="kebab"):
    exited: bool
    exitcode: int | None = None
    signal: int | None = None
    out_data: str = ""
    err_data: str = ""
    out_truncated: bool = False
    err_truncated: bool = False

    @property
    def output(self) -> tuple[bytes, bytes]:
        return _decoded(self.out_data), _decoded(self.err_data)

    @property
    def status(self) -> int:
        return 128 + self.signal if self.signal is not None else self.exitcode or 0


class _Read(msgspec.Struct, rename="kebab"):
    count: int
    eof: bool
    buf_b64: str = ""


def ask_commands(call: Call, name: str) -> frozenset[str]:
    """The commands that the agent offers. Raises `Unsupported` when there is none, or it is silent."""
    info = _typed(call("guest-info", None, _INFO_TIMEOUT), _Info, name, "guest-info")
    return frozenset(command.name for command in info.supported_commands if command.enabled)


def _typed(told: Any, kind: type[T], name: str, command: str) -> T:
    try:
        return msgspec.convert(told, kind)
    except msgspec.ValidationError as error:
        raise Failed("guest.agent_nonsense", name=name, command=command) from error


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except binascii.Error as error:
        raise Failed("guest.agent_nonsense", name="", command="base64") from error


class AgentShell:
    """By the agent. `offered` are its commands; `user` none is the agent's own, root as a rule."""

    way: Via = "agent"

    def __init__(self, name: str, call: Call, offered: frozenset[str], user: str | None) -> None:
        """Raises `Unsupported("guest.agent_refuses")` when it does not run commands."""
        if not offered >= EXEC:
            raise Unsupported("guest.agent_refuses", name=name, command=", ".join(sorted(EXEC - offered)))
        self.name = name
        self.user = user
        self.truncated = False
        self.has_files = offered >= FILES
        self._call = call

    def ask(self, command: str, arguments: dict[str, Any], kind: type[T]) -> T:
        """A command of the agent, its answer checked.

        Raises `OutcomeUnknown("guest.agent_lost")` when the agent, or the guest, is gone.
        """
        try:
            told = self._call(command, arguments)
        except (Unsupported, Conflict) as error:
            raise OutcomeUnknown("guest.agent_lost", name=self.name, command=command) from error
        return _typed(told, kind, self.name, command)

    def run(
        self,
        words: Sequence[str],
        env: Mapping[str, str],
        source: Iterator[bytes] | None,
        timeout: float | None,
    ) -> Pieces:
        begun = _Begun(self, timeout)
        try:
            given = begun.take_input(source)
            rest = arguments(None, env, words)
            try:
                begun.start("/bin/sh", ["-c", _START, "sh", *begun.facts(), RUN, *rest], {}, given)
            except Failed:
                if self.user or begun.staged:
                    raise
                begun.start(words[0], words[1:], env, given)  # a guest without /bin/sh: Windows
            return (yield from begun.pieces())
        finally:
            begun.end()


class _Begun:
    """One command while it runs."""

    def __init__(self, shell: AgentShell, timeout: float | None) -> None:
        self._shell = shell
        self._token = f".inn-{secrets.token_hex(8)}"
        self._timeout = timeout
        self._began = time.monotonic()
        self._pid: int | None = None
        self._over = False
        self._left = False
        self._handles: dict[int, int] = {}
        self._seen = {1: 0, 2: 0}
        self.staged = False

    def facts(self) -> list[str]:
        """The first arguments of `_START`."""
        token = self._token if self._shell.has_files else ""
        return [token, str(_AT_ONCE), "yes" if self.staged else "", self._shell.user or ""]

    def take_input(self, source: Iterator[bytes] | None) -> bytes | None:
        """What goes along with the command; more than fits is put into a file in the guest first."""
        head = bytearray()
        for piece in source or ():
            head += piece
            if len(head) > _WRITE:
                self._stage(itertools.chain([bytes(head)], source or ()))
                return None
        return None if source is None else bytes(head)

    def _stage(self, source: Iterator[bytes]) -> None:
        shell = self._shell
        if not shell.has_files:
            raise Unsupported("guest.agent_input", name=shell.name, most=_WRITE)
        self._left = True
        made = self._once(_MAKE)
        place = made.output[0].decode(errors="replace").strip()
        if made.status != 0 or not place.startswith("/"):
            raise Failed("guest.agent_no_place", name=shell.name, places=_PLACES)
        handle = shell.ask("guest-file-open", {"path": f"{place}/{self._token}/in", "mode": "w"}, int)
        self._handles[0] = handle
        for piece in source:
            for start in range(0, len(piece), _WRITE):
                data = base64.b64encode(piece[start : start + _WRITE]).decode()
                shell.ask("guest-file-write", {"handle": handle, "buf-b64": data}, dict)
        del self._handles[0]
        shell.ask("guest-file-close", {"handle": handle}, dict)
        self.staged = True

    def start(self, path: str, words: Sequence[str], env: Mapping[str, str], given: bytes | None) -> None:
        asked: dict[str, Any] = {"path": path, "arg": list(words), "capture-output": True}
        if env:
            asked["env"] = [f"{key}={value}" for key, value in env.items()]
        if given is not None:
            asked["input-data"] = base64.b64encode(given).decode()
        self._pid = self._shell.ask("guest-exec", asked, _Started).pid

    def pieces(self) -> Pieces:
        """Until it is over."""
        pause = _QUICK
        while not (status := self._status(self._pid)).exited:
            waited = time.monotonic() - self._began
            if self._timeout and waited > self._timeout:
                raise WaitTimeout("guest.exec_timeout", name=self._shell.name, seconds=self._timeout)
            pause = min(pause * 2, max(_SLOW, min(waited / 100, _SLOWEST)))
            if waited > _PATIENCE and self._shell.has_files:
                for fresh in self._fresh():
                    pause = _QUICK * 4
                    yield fresh
            yield 1, b""  # whoever waits for it may have left meanwhile
            time.sleep(pause)
        self._over = True
        out, err = status.output
        kind, out = (out[:1], out[1:]) if out[:1] in (b"n", b"a", b"f") else (b"n", out)
        if kind == b"f":
            self._left = True
            yield from self._fresh(to_the_end=True)
        self._shell.truncated = status.out_truncated or status.err_truncated
        for stream, data in ((1, out), (2, err)):
            if data[self._seen[stream] :]:
                yield stream, data[self._seen[stream] :]
        return status.status

    def _fresh(self, to_the_end: bool = False) -> Iterator[tuple[int, bytes]]:
        """What was printed since the last look; of a command that still runs a few pieces at a time."""
        for stream, file in ((1, "out"), (2, "err")):
            if stream not in self._handles:
                with suppress(Failed):
                    self._handles[stream] = self._open(file)
            if (handle := self._handles.get(stream)) is None:
                continue
            for _turn in itertools.count() if to_the_end else range(8):
                asked = {"handle": handle, "count": _READ}
                read = self._shell.ask("guest-file-read", asked, _Read)
                if data := _decoded(read.buf_b64):
                    self._seen[stream] += len(data)
                    yield stream, data
                if read.eof or not data:
                    break

    def _open(self, file: str) -> int:
        refusal = Failed("guest.agent_no_place", name=self._shell.name, places=_PLACES)
        for place in _PLACES.split():
            try:
                asked = {"path": f"{place}/{self._token}/{file}", "mode": "r"}
                return self._shell.ask("guest-file-open", asked, int)
            except Failed as error:
                refusal = error
        raise refusal

    def _status(self, pid: int | None) -> _Status:
        return self._shell.ask("guest-exec-status", {"pid": pid}, _Status)

    def _once(self, script: str, *more: str) -> _Status:
        """A script of ours in the guest, which takes the directory's name first; waited for a minute at most."""
        words = ["-c", script, "sh", self._token, *more]
        asked = {"path": "/bin/sh", "arg": words, "capture-output": True}
        pid = self._shell.ask("guest-exec", asked, _Started).pid
        deadline = time.monotonic() + 60
        while not (status := self._status(pid)).exited and time.monotonic() < deadline:
            time.sleep(_QUICK * 4)
        return status

    def end(self) -> None:
        """End what still runs, and take away what is ours. A guest that is gone cannot be tidied."""
        with suppress(InnkeeperError):
            for handle in self._handles.values():
                self._shell.ask("guest-file-close", {"handle": handle}, dict)
            if self._pid is not None and not self._over:
                self._once(_KILL, str(self._pid))
                self._status(self._pid)  # so that the agent forgets it
            elif self._left:
                self._once(_CLEAN)
