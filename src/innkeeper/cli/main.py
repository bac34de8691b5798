"""The entry point `inn`."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from innkeeper.cli.session import Session
from innkeeper.cli.tree import COMPLETE, root
from innkeeper.errors import Failed, InnkeeperError, Invalid

__all__ = ["main", "run"]

_BROKEN_PIPE = 141
"""Exit code when the reader of our output went away, as of a process that SIGPIPE ended."""

_OUTPUT = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What writing to stdout ends in, when it ends badly."""


def main() -> NoReturn:
    """The process `inn`: run its command line and end at once. Taking Python's modules apart first, one by one, would
    cost more than the whole of `virsh list`, and nothing is left that would need it."""
    status = run(sys.argv[1:])
    try:
        sys.stderr.flush()
    finally:
        os._exit(status)


def run(args: Sequence[str]) -> int:
    """Run one command line. Returns the exit code: 0 done, 1 failed, 2 refused, 3 unknown, 4 a wait ran out."""
    try:
        status = _run(list(args))
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
        return _BROKEN_PIPE
    except OSError as error:
        from innkeeper.cli.problems import show

        _drop_output()
        return show(Failed("cli.output", reason=error.strerror), "--json" in args)
    return status


def _drop_output() -> None:
    """What is still to be written has nowhere to go."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(args: list[str]) -> int:
    session = Session()
    try:
        with session:
            _refuse_bytes(args)
            return _perform(args, session)
    except BrokenPipeError:
        raise
    except KeyboardInterrupt:
        from innkeeper.cli.problems import INTERRUPTED

        return INTERRUPTED
    except click.ClickException as error:
        from innkeeper.cli.problems import from_click, show

        return show(from_click(error), session.json or "--json" in args)
    except InnkeeperError as error:
        from innkeeper.cli.problems import show

        return show(error, session.json or "--json" in args)
    except OSError as error:
        if error.filename is None and error.errno in _OUTPUT:
            raise
        from innkeeper.cli.problems import show_bug

        return show_bug(error)
    except Exception as error:  # the last place: whatever else it was, it is shown as what it is
        from innkeeper.cli.problems import show_bug

        return show_bug(error)


def _perform(args: list[str], session: Session) -> int:
    """What Click's own `main` does, which would deal with pipes and ^C in its way."""
    asked = os.environ.get(COMPLETE)
    if asked:
        from click.shell_completion import shell_complete

        return shell_complete(root, {"obj": session}, "inn", COMPLETE, asked)
    try:
        with root.make_context("inn", args, obj=session) as ctx:
            root.invoke(ctx)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    return 0


def _refuse_bytes(args: list[str]) -> None:
    """Arguments that are no text in the locale's encoding can name nothing here."""
    for argument in args:
        try:
            argument.encode()
        except UnicodeEncodeError as error:
            raise Invalid("cli.usage.bytes", argument=ascii(argument)) from error


if __name__ == "__main__":
    main()
