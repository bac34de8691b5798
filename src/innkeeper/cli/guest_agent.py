"""`inn exec`, `inn cp`: commands and files in a guest."""

from __future__ import annotations

import os
import signal
import stat
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

import click

from innkeeper import messages
from innkeeper.cli import options
from innkeeper.cli.framework import Argument, Command, Option, command
from innkeeper.cli.output import clean, say, tell
from innkeeper.cli.types import Choice, Path, Seconds
from innkeeper.errors import Invalid

if TYPE_CHECKING:
    from innkeeper.cli.session import Session
    from innkeeper.guest.within.shells import Execution
    from innkeeper.schema.guest_agent import Copied

__all__ = ["cp", "exec_"]

VIA = Option(["--via"], type=Choice("agent", "ssh"))
VERBOSE = Option(["-v", "--verbose"], is_flag=True)
USER = Option(["--user"], metavar="USER")
_PIECE = 1 << 16


class WithCommand(Command):
    """A command whose last argument is a whole command line: from its first word on nothing is an option of ours."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, self._closed(ctx, args))

    def _closed(self, ctx: click.Context, args: list[str]) -> list[str]:
        """With `--` before the word that follows the guest's name."""
        flags = {
            name: isinstance(param, click.Option) and param.is_flag
            for param in self.get_params(ctx)
            for name in param.opts
        }
        words, index = 0, 0
        while index < len(args):
            word = args[index]
            if word == "--":
                break
            if word.startswith("-") and word != "-":
                takes_value = not flags.get(word, True)
                index += 2 if takes_value else 1
                continue
            words += 1
            if words == 2:
                return [*args[:index], "--", *args[index:]]
            index += 1
        return args


@command(
    "exec",
    options.NAME,
    Argument(["words"], nargs=-1, metavar="[--] COMMAND …"),
    USER,
    Option(["--env"], multiple=True, metavar="KEY=VALUE"),
    Option(["--timeout"], type=Seconds(), metavar="SECONDS"),
    VIA,
    Option(["-n", "--no-stdin"], is_flag=True),
    VERBOSE,
    kind=WithCommand,
)
def exec_(
    session: Session, name: str, words: tuple[str, ...], verbose: bool, no_stdin: bool, **fields: Any
) -> None:
    """Its status is the guest's. By ssh this process becomes ssh where it can, terminal and all."""
    if not words:
        raise Invalid("cli.exec.no_command", name=name)
    _tidy_on_signals()
    fields["env"] = dict(_variable(text) for text in fields["env"]) or None
    execution: Execution = session.look("guest.exec", name=name, command=words, **fields)
    if verbose:
        _say_way("cli.exec.way", execution.shell.way, execution.shell.user)
    if not session.json:
        session.explain_now()
    if not session.json and execution.shell.way == "ssh" and fields["timeout"] is None:
        _become_ssh(execution, no_stdin)
    if not no_stdin and _is_given(sys.stdin.fileno()):
        execution.source = iter(lambda: os.read(sys.stdin.fileno(), _PIECE), b"")
    if session.json:
        done = execution.collect()
        session.answer(done, lambda _view: None)
        status = done.status
    else:
        status = _carry(execution)
    click.get_current_context().exit(status)


def _tidy_on_signals() -> None:
    """What was begun in the guest, and half a file here, do not stay behind when this process is told to end."""

    def end(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)


def _variable(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise Invalid("request.variable", variable=key)
    return key, value


def _say_way(text_id: str, way: str, user: str | None) -> None:
    tell(messages.text(text_id, way=messages.text(f"cli.way.{way}"), user=clean(user or "root")))


def _is_given(descriptor: int) -> bool:
    """A pipe, a file or a socket was put there on purpose; a terminal was not."""
    try:
        mode = os.fstat(descriptor).st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode)


def _become_ssh(execution: Execution, no_stdin: bool) -> None:
    from innkeeper.machine import local

    program, *rest = execution.ssh_argv()
    sys.stdout.flush()
    local().replace_process([program, *(("-n",) if no_stdin else ()), *rest])


def _carry(execution: Execution) -> int:
    sys.stdout.flush()
    with closing(execution.pieces()) as pieces:
        for stream, piece in pieces:
            rest = memoryview(piece)
            while rest:
                rest = rest[os.write(stream, rest) :]
    if execution.shell.truncated:
        tell(messages.text("cli.exec.truncated", name=clean(execution.name)))
    return execution.status or 0


@command(
    "cp",
    Argument(["paths"], nargs=-1, type=Path(), metavar="SOURCE… TARGET"),
    USER,
    VIA,
    Option(["-n", "--no-clobber"], is_flag=True),
    Option(["-r", "--recursive"], is_flag=True),
    VERBOSE,
)
def cp(
    session: Session,
    paths: tuple[str, ...],
    no_clobber: bool,
    recursive: bool,  # always: it is taken for the habit of it
    verbose: bool,
    **fields: Any,
) -> None:
    """`NAME:PATH` is in a guest, as with scp."""
    if len(paths) < 2:
        raise Invalid("cli.cp.too_few")
    _tidy_on_signals()
    *sources, target = (_place(path) for path in paths)
    guests = {guest for guest, _path in sources}
    if len(guests) > 1 or (target[0] is None) == (guests == {None}):
        raise Invalid("cli.cp.sides")
    name = target[0] or next(iter(guests))
    copied: Copied | None = session.change(
        "guest.cp",
        name=name,
        sources=tuple(path for _guest, path in sources),
        target=target[1],
        to_guest=target[0] is not None,
        overwrite=not no_clobber,
        **fields,
    )
    if copied and verbose:
        _say_way("cli.cp.way", copied.way, copied.user)
    session.answer(copied, _draw_copied)
    for path in copied.skipped if copied else ():
        tell(messages.text("cli.cp.skipped", path=clean(path)))


def _place(text: str) -> tuple[str | None, str]:
    """The guest, if it is in one, and the path there. A colon behind a slash belongs to a file's name, as with scp."""
    name, colon, path = text.partition(":")
    if colon and name and "/" not in name:
        return name, path or "."
    return None, text


def _draw_copied(view: Copied) -> None:
    where = ", ".join(view.paths)
    say(clean(messages.text("cli.cp.done", files=view.files, size=f"{view.bytes:,}", where=where)))
