"""A command in a guest, whichever way leads there.

A shell of a guest (by its agent, or by ssh) runs words as they are: no shell of the guest takes them apart. It starts
in the user's home, as a login does.
"""

from __future__ import annotations

import base64
import shlex
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Protocol

from innkeeper.errors import Failed, WaitTimeout
from innkeeper.schema.guest_agent import Executed, Via

if TYPE_CHECKING:
    from collections.abc import Callable

    from innkeeper.schema.guest import SshTarget

__all__ = ["RUN", "Execution", "Pieces", "Shell", "SshShell", "arguments"]

Pieces = Generator[tuple[int, bytes], None, int]
"""What a command prints, as pairs of 1 (stdout) or 2 (stderr) and some bytes, also none while it says nothing; its
status in the end."""

_PULSE = 1.0
"""Seconds of silence after which whoever waits is asked whether it still does."""

MOST_KEPT = 64 << 20
"""Bytes of each stream that `collect` keeps."""

RUN = (
    "limit=$1 n=$2; shift 2; "
    'while [ "$n" -gt 0 ]; do export "$1"; shift; n=$((n - 1)); done; '
    "cd 2>/dev/null || cd /; "
    'if [ "$limit" ] && command -v timeout >/dev/null; then exec timeout -k 5 "$limit" "$@"; fi; exec "$@"'
)
"""For `sh -c` in the guest: seconds or nothing, the number of variables, these, and the command. Only ssh needs the
limit there: from outside, it ends no more than itself."""

_WAIT = '"$@"; exit $?'
"""For `sh -c`: of what a signal ended, ssh itself would give back 255, and a shell gives back 128 and the signal."""


class Shell(Protocol):
    """A way to run commands in one guest."""

    name: str
    way: Via
    user: str | None
    truncated: bool
    """once it ran: whether it printed more than came through"""

    def run(
        self,
        words: Sequence[str],
        env: Mapping[str, str],
        source: Iterator[bytes] | None,
        timeout: float | None,
    ) -> Pieces:
        """Run a command. Closing the generator ends it in the guest.

        Raises `WaitTimeout("guest.exec_timeout")`.
        """
        ...


class Execution:
    """A command in a guest, begun when it is first iterated over: pairs of 1 (stdout) or 2 (stderr) and some bytes.

    `source` may be replaced before that: what is fed to its standard input.
    """

    def __init__(
        self,
        name: str,
        shell: Shell,
        words: Sequence[str],
        env: Mapping[str, str],
        timeout: float | None,
    ) -> None:
        self.name = name
        self.shell = shell
        self.status: int | None = None
        """128 and the signal's number when a signal ended it; none before its end"""
        self.source: Iterator[bytes] | None = None
        self.pulse = False
        """whether it yields pieces without a byte too while nothing is said, so that it can be closed meanwhile"""
        self._words, self._env, self._timeout = tuple(words), dict(env), timeout

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        return self.pieces()

    def pieces(self) -> Generator[tuple[int, bytes], None, None]:
        """The same, to be closed by who does not read it to its end: that ends the command."""
        run = self.shell.run(self._words, self._env, self.source, self._timeout)
        self.status = yield from run if self.pulse else _spoken(run)

    def ssh_argv(self) -> list[str]:
        """For who becomes ssh instead of iterating."""
        assert isinstance(self.shell, SshShell)
        return self.shell.argv(self._words, self._env)

    def collect(self, most: int = MOST_KEPT) -> Executed:
        """Run it to its end. Of each stream `most` bytes are kept."""
        kept = {1: bytearray(), 2: bytearray()}
        truncated = False
        with closing(self.pieces()) as pieces:
            for stream, piece in pieces:
                room = most - len(kept[stream])
                kept[stream] += piece[:room]
                truncated |= len(piece) > room
        out, err, encoding = _as_text(bytes(kept[1]), bytes(kept[2]))
        return Executed(
            name=self.name,
            way=self.shell.way,
            user=self.shell.user,
            status=self.status or 0,
            stdout=out,
            stderr=err,
            encoding="utf-8" if encoding else "base64",
            truncated=truncated or self.shell.truncated,
        )


def _spoken(run: Pieces) -> Pieces:
    """Only the pieces that hold something."""
    with closing(run):
        while True:
            try:
                stream, piece = next(run)
            except StopIteration as ended:
                return int(ended.value)
            if piece:
                yield stream, piece


def _as_text(out: bytes, err: bytes) -> tuple[str, str, bool]:
    try:
        return out.decode(), err.decode(), True
    except UnicodeDecodeError:
        return base64.b64encode(out).decode(), base64.b64encode(err).decode(), False


def arguments(limit: float | None, env: Mapping[str, str], words: Sequence[str]) -> list[str]:
    """The arguments of `RUN`."""
    variables = [f"{key}={value}" for key, value in env.items()]
    return [f"{limit:g}" if limit else "", str(len(variables)), *variables, *words]


class SshShell:
    """By ssh, without a terminal and without questions. `reach` finds the way when it is first needed."""

    way: Via = "ssh"

    def __init__(self, name: str, user: str, reach: Callable[[], SshTarget]) -> None:
        self.name = name
        self.user: str | None = user
        self.truncated = False
        self._reach = reach
        self._target: SshTarget | None = None

    def argv(self, words: Sequence[str], env: Mapping[str, str], timeout: float | None = None) -> list[str]:
        """The whole command line of ssh, for who has a terminal and streams of its own."""
        asked = ["sh", "-c", _WAIT, "sh", "sh", "-c", RUN, "sh", *arguments(timeout, env, words)]
        return [*self.target().argv, shlex.join(asked)]

    def target(self) -> SshTarget:
        """The way to it, looked for once."""
        if self._target is None:
            self._target = self._reach()
        return self._target

    def run(
        self,
        words: Sequence[str],
        env: Mapping[str, str],
        source: Iterator[bytes] | None,
        timeout: float | None,
    ) -> Pieces:
        from innkeeper.machine.streaming import carried

        program, *rest = self.argv(words, env, timeout)
        argv = [program, "-T", "-o", "BatchMode=yes", *rest]
        try:
            status = yield from carried(argv, source, timeout, pulse=_PULSE)
        except Failed as error:
            if error.code != "machine.command_timeout":
                raise
            raise WaitTimeout("guest.exec_timeout", name=self.name, seconds=timeout) from error
        return 128 - status if status < 0 else status
