"""Click, speaking by message ids: every help text is `cli.COMMAND` or `cli.COMMAND.PARAMETER`, in the user's language.

Commands are declared by a table of parameters; their functions get the `Session` and the parameters:

    @command("start", GUEST, WAIT, TIMEOUT)
    def start(session: Session, name: str, wait: str | None, timeout: float | None) -> None: ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

from innkeeper import messages
from innkeeper.cli.output import say, tell
from innkeeper.cli.session import Session
from innkeeper.errors import Invalid

__all__ = ["Argument", "Command", "Group", "Option", "anywhere", "command", "help_of", "short_help"]

Option = click.Option
Argument = click.Argument


def help_of(text_id: str, param: click.Parameter, language: str | None = None) -> str:
    """The help of a command's parameter: its own text, else the one that all commands share."""
    own = f"cli.{text_id}.{param.name}"
    return messages.text(own if messages.has(own) else f"cli.any.{param.name}", language)


class Command(click.Command):
    """A command with the id of its texts: `start`, or `image.build`."""

    def __init__(
        self, text_id: str, params: list[click.Parameter], callback: Callable[..., None] | None
    ) -> None:
        name = text_id.rpartition(".")[2].replace("_", "-")
        super().__init__(name, params=params, callback=callback, add_help_option=False)
        self.text_id = text_id

    def invoke(self, ctx: click.Context) -> None:
        if self.callback is not None:
            ctx.invoke(self.callback, ctx.obj, **ctx.params)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """What is too much is ours to refuse: Click has no class for that error."""
        ctx.allow_extra_args = True
        with _of(ctx):
            rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise Invalid("cli.usage.extra", extra=" ".join(rest), command=ctx.command_path)
        return rest

    def get_help(self, ctx: click.Context) -> str:
        from innkeeper.cli.help import page

        return page(self, ctx)

    def get_short_help_str(self, limit: int = 45) -> str:
        return messages.text(f"cli.{self.text_id}").partition("\n")[0]

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        items = super().shell_complete(ctx, incomplete)
        return described(self, ctx, items)


class Group(click.Group):
    """A group whose commands are named in a table and loaded one at a time."""

    def __init__(self, text_id: str, table: Mapping[str, str], params: list[click.Parameter]) -> None:
        super().__init__(text_id or "inn", params=params, no_args_is_help=False, add_help_option=False)
        self.text_id = text_id
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.table:
            return None
        module, _, attribute = self.table[cmd_name].partition(":")
        found: click.Command = getattr(import_module(f"innkeeper.cli.{module}"), attribute)
        return found

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Nothing at all is answered with the help, though it is wrong usage."""
        if not args and not ctx.resilient_parsing:
            tell(self.get_help(ctx))
            ctx.exit(2)
        with _of(ctx):
            super().parse_args(ctx, args)
        if not ctx._protected_args and not ctx.resilient_parsing:
            raise Invalid("cli.usage.no_command", command=ctx.command_path)
        return ctx.args

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.table and not ctx.resilient_parsing:
            from difflib import get_close_matches

            near = get_close_matches(args[0], self.table, 1)
            facts = {"name": args[0], "command": ctx.command_path}
            if near:
                raise Invalid("cli.usage.command_near", near=near[0], **facts)
            raise Invalid("cli.usage.command", **facts)
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: click.Context) -> str:
        from innkeeper.cli.help import page

        return page(self, ctx)

    def get_short_help_str(self, limit: int = 45) -> str:
        return messages.text(f"cli.{self.text_id or 'inn'}").partition("\n")[0]

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[Any]:
        from click.shell_completion import CompletionItem

        items = click.Command.shell_complete(self, ctx, incomplete)
        names = [name for name in self.table if name.startswith(incomplete)]
        return [
            *(CompletionItem(name, help=short_help(self, name)) for name in names),
            *described(self, ctx, items),
        ]


@contextmanager
def _of(ctx: click.Context) -> Iterator[None]:
    """Click's parser leaves some usage errors without their context."""
    try:
        yield
    except click.UsageError as error:
        error.ctx = error.ctx or ctx
        raise


def short_help(group: Group, name: str, language: str | None = None) -> str:
    """The first line of a command's help, without loading the command."""
    word = name.replace("-", "_")
    path = f"{group.text_id}.{word}" if group.text_id else word
    return messages.text(f"cli.{path}", language).partition("\n")[0]


def described(command: Command | Group, ctx: click.Context, items: list[Any]) -> list[Any]:
    """Give completions of options their help."""
    params = {option: param for param in command.get_params(ctx) for option in param.opts}
    for item in items:
        if item.value in params and not item.help:
            item.help = help_of(command.text_id, params[item.value])
    return items


def command(
    text_id: str,
    *params: click.Parameter,
    planned: bool = True,
    kind: type[Command] = Command,
) -> Callable[[Callable[..., None]], Command]:
    """Declare a command. All take what may stand anywhere; one that performs a verb has its plan: `--dry-run` and
    `--explain`."""
    shared = [*(_planning() if planned else ()), *anywhere()]
    return lambda function: kind(text_id, [*params, *shared], function)


def anywhere() -> list[click.Parameter]:
    """The options that may stand before and after the command."""
    return [
        Option(["-c", "--connect", "uri"], metavar="URI", callback=_store, expose_value=False),
        Option(["--server"], metavar="URL", callback=_store, expose_value=False),
        Option(["--json"], is_flag=True, callback=_store, expose_value=False),
        Option(["-q", "--quiet"], is_flag=True, callback=_store, expose_value=False),
        # Click would make its own, with a text that it looks up in gettext: 3 ms of each start.
        Option(["-h", "--help"], is_flag=True, is_eager=True, callback=_help, expose_value=False),
    ]


def _planning() -> list[click.Parameter]:
    return [
        Option(["--dry-run"], is_flag=True, callback=_store, expose_value=False),
        Option(["--explain"], is_flag=True, callback=_store, expose_value=False),
    ]


def _help(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        say(ctx.get_help())
        ctx.exit()


def _store(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    """What was said once, before or after the command, stays said."""
    if value:
        setattr(ctx.ensure_object(Session), str(param.name), value)
