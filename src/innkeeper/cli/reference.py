"""The reference of all commands as Markdown, from the commands themselves.

python -m innkeeper.cli.reference en > docs/reference/cli.md
python -m innkeeper.cli.reference zh > docs/reference/cli.zh-CN.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from innkeeper import messages
from innkeeper.cli.framework import Command, Group, help_of
from innkeeper.cli.help import left_column, usage
from innkeeper.cli.tree import root
from innkeeper.verbs import REGISTRY

__all__ = ["commands", "markdown", "verb_of"]


def commands() -> Iterator[tuple[Command | Group, click.Context]]:
    """Every command, groups before theirs, with a context that knows its path."""
    yield from _below(root, click.Context(root, info_name="inn"))


def verb_of(command: Command | Group) -> str | None:
    """The verb it performs: guest verbs have no noun on the command line; `host device list` is `host.device_list`."""
    noun, _, rest = command.text_id.partition(".")
    name = f"{noun}.{rest.replace('.', '_')}" if rest else f"guest.{noun}"
    return name if name in REGISTRY else None


def markdown(language: str) -> str:
    """The whole page in that language."""
    parts = [f"# {messages.text('cli.reference.title', language)}\n"]
    parts.append(messages.text("cli.reference.intro", language) + "\n")
    for command, ctx in commands():
        parts += _section(command, ctx, language)
    return "\n".join(parts)


def _below(command: Command | Group, ctx: click.Context) -> Iterator[tuple[Command | Group, click.Context]]:
    yield command, ctx
    if isinstance(command, Group):
        for name in command.table:
            found = command.get_command(ctx, name)
            assert isinstance(found, Command | Group), name
            yield from _below(found, click.Context(found, ctx, info_name=name))


def _section(command: Command | Group, ctx: click.Context, language: str) -> Iterator[str]:
    yield f"## {ctx.command_path}\n"
    for paragraph in messages.text(f"cli.{command.text_id or 'inn'}", language).split("\n"):
        yield paragraph + "\n"
    yield f"```\n{usage(command, ctx)}\n```\n"
    verb = verb_of(command)
    if verb:
        yield messages.text("cli.reference.verb", language, verb=f"`{verb}`") + "\n"
    shown = [param for param in command.get_params(ctx) if command is root or not _everywhere(param)]
    if shown:
        yield "| | |\n| --- | --- |"
        for param in shown:
            yield f"| `{_cell(left_column(param, ctx))}` | {_cell(help_of(command.text_id, param, language))} |"
        yield ""


def _everywhere(param: click.Parameter) -> bool:
    """Said once, at the top."""
    return bool({"--connect", "--server", "--json", "--quiet", "--help"} & set(param.opts))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(markdown(sys.argv[1]))
