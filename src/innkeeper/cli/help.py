"""Help pages, drawn in the user's language with the widths of its characters."""

from __future__ import annotations

import os
import sys

import click

from innkeeper import messages
from innkeeper.cli.framework import Command, Group, help_of, short_help
from innkeeper.cli.output import pad, width

__all__ = ["columns", "left_column", "page", "usage"]

_WIDEST, _NARROWEST = 100, 40
_MARGIN = 2
_LEFT = 30
"""The widest left column; what is wider has its help on the next line."""


def page(command: Command | Group, ctx: click.Context, language: str | None = None) -> str:
    """The whole help of a command, without a newline at its end."""
    room = columns()
    paragraphs = [f"{messages.text('cli.heading.usage', language)} {usage(command, ctx)}"]
    for paragraph in messages.text(f"cli.{command.text_id or 'inn'}", language).split("\n"):
        paragraphs.append("\n".join(wrap(paragraph, room - _MARGIN, " " * _MARGIN)))
    for heading, rows in _sections(command, ctx, language):
        if rows:
            paragraphs.append("\n".join([messages.text(heading, language), *_definitions(rows, room)]))
    return "\n\n".join(paragraphs)


def usage(command: Command | Group, ctx: click.Context) -> str:
    """`inn start NAME [OPTIONS]`."""
    pieces = [param.make_metavar(ctx) for param in command.params if isinstance(param, click.Argument)]
    options = ["[OPTIONS]"]
    if isinstance(command, Group):
        return " ".join([ctx.command_path, *options, "COMMAND …"])
    return " ".join([ctx.command_path, *pieces, *options])


def left_column(param: click.Parameter, ctx: click.Context) -> str:
    """`-c, --connect URI`, or an argument's name."""
    if isinstance(param, click.Argument):
        return param.make_metavar(ctx)
    names = ", ".join(param.opts)
    flag = isinstance(param, click.Option) and param.is_flag
    return names if flag else f"{names} {param.make_metavar(ctx)}"


def columns() -> int:
    """How wide a page may be: that of the terminal, within reason."""
    try:
        found = int(os.environ.get("COLUMNS") or 0) or os.get_terminal_size(sys.stdout.fileno()).columns
    except (ValueError, OSError):  # COLUMNS is no number, or stdout is no terminal
        found = _WIDEST
    return max(_NARROWEST, min(found, _WIDEST))


def wrap(text: str, room: int, indent: str = "") -> list[str]:
    """Lines of at most `room` columns behind `indent`. Chinese may break between any two characters."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and width(line) + width(piece.rstrip()) > room:
            lines.append(indent + line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, indent + line.rstrip()]


def _pieces(text: str) -> list[str]:
    """What must stay together: a word with the blanks behind it, or one wide character with its closing mark."""
    pieces: list[str] = []
    glue = True
    for character in text:
        wide = width(character) == 2
        stays = character in " ，。；：、）」”！？…" or (not wide and not glue)
        if pieces and stays:
            pieces[-1] += character
        else:
            pieces.append(character)
        glue = wide or character == " "
    return pieces


def _sections(
    command: Command | Group, ctx: click.Context, language: str | None
) -> list[tuple[str, list[tuple[str, str]]]]:
    arguments: list[tuple[str, str]] = []
    options: list[tuple[str, str]] = []
    for param in command.get_params(ctx):
        rows = arguments if isinstance(param, click.Argument) else options
        rows.append((left_column(param, ctx), help_of(command.text_id, param, language)))
    commands = []
    if isinstance(command, Group):
        commands = [(name, short_help(command, name, language)) for name in command.table]
    return [
        ("cli.heading.commands", commands),
        ("cli.heading.arguments", arguments),
        ("cli.heading.options", options),
    ]


def _definitions(rows: list[tuple[str, str]], room: int) -> list[str]:
    left = max((width(term) for term, _ in rows if width(term) <= _LEFT), default=_LEFT)
    indent = " " * (_MARGIN + left + 2)
    lines = []
    for term, text in rows:
        body = wrap(text, max(room - len(indent), 20), indent)
        if width(term) <= left:
            body[0] = " " * _MARGIN + pad(term, left) + "  " + body[0].lstrip()
        else:
            lines.append(" " * _MARGIN + term)
        lines += body
    return lines
