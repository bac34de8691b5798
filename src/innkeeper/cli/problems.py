"""What a person sees when it did not work: one line what, one line what to do, and the exit code that says which."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from innkeeper import messages
from innkeeper.cli.output import clean, tell
from innkeeper.errors import InnkeeperError, Invalid

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["BUG", "INTERRUPTED", "from_click", "show", "show_bug"]

INTERRUPTED = 130
"""Exit code after ^C where nothing was under way, as of a process that SIGINT ended."""
BUG = 1


def from_click(error: click.ClickException) -> InnkeeperError:
    """Click's error as ours, by its class."""
    ctx = getattr(error, "ctx", None)
    command = ctx.command_path if ctx else "inn"
    if isinstance(error, click.NoSuchOption):
        return _no_such_option(error.option_name, ctx, command)
    if isinstance(error, click.MissingParameter):
        what = error.param.make_metavar(ctx) if error.param and ctx else "?"
        if isinstance(error.param, click.Option):
            what = error.param.opts[-1]
        return Invalid("cli.usage.missing", what=what, command=command)
    if isinstance(error, click.BadOptionUsage):
        option = _option(error, ctx)
        code = "cli.usage.needs_no_value" if option and option.is_flag else "cli.usage.needs_value"
        return Invalid(code, option=error.option_name, command=command)
    return Invalid("cli.usage.other", reason=error.format_message(), command=command)


def _no_such_option(name: str, ctx: click.Context | None, command: str) -> InnkeeperError:
    from difflib import get_close_matches

    params = ctx.command.get_params(ctx) if ctx else []
    known = [option for param in params if isinstance(param, click.Option) for option in param.opts]
    near = get_close_matches(name, known, 1)
    if near:
        return Invalid("cli.usage.option_near", option=name, near=near[0], command=command)
    return Invalid("cli.usage.option", option=name, command=command)


def _option(error: click.BadOptionUsage, ctx: click.Context | None) -> click.Option | None:
    params = ctx.command.get_params(ctx) if ctx else []
    for param in params:
        if isinstance(param, click.Option) and error.option_name in param.opts:
            return param
    return None


def show(error: InnkeeperError, as_json: bool) -> int:
    """Print the error on stderr. Returns the exit code."""
    if as_json:
        tell(_as_json(error))
        return error.exit_code
    tell(f"inn: {clean(error.text())}")
    for heading, deeds in (("cli.undone", error.undone), ("cli.left", error.left)):
        for deed in deeds:
            tell("  " + messages.text(heading, deed=clean(deed)))
    remedy = clean(error.remedy())
    if remedy:
        tell(f"  → {remedy}")
    return error.exit_code


def _as_json(error: InnkeeperError) -> str:
    import json

    told = {
        "code": error.code,
        "message": error.text(),
        "remedy": error.remedy(),
        "outcome": error.outcome,
        "facts": error.facts,
        "undone": error.undone,
        "left": error.left,
    }
    return json.dumps(told, ensure_ascii=False, indent=2, default=str)


def show_bug(error: Exception) -> int:
    """An error nobody foresaw. INNKEEPER_DEBUG=1 shows the whole of it."""
    if os.environ.get("INNKEEPER_DEBUG"):
        import traceback

        sys.stdout.flush()
        traceback.print_exception(error)
    where = _innermost(error.__traceback__)
    tell(f"inn: {clean(messages.text('cli.bug', kind=type(error).__name__, detail=str(error), where=where))}")
    tell(f"  → {messages.text('cli.bug.remedy')}")
    return BUG


def _innermost(trace: TracebackType | None) -> str:
    """The last of our own lines that it came through."""
    where = "?"
    while trace is not None:
        path = trace.tb_frame.f_code.co_filename
        if "innkeeper" in path:
            where = f"{path.rpartition('innkeeper/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return where
