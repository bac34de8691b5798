"""Kinds of values on the command line. Each refuses with an error of ours, said in the user's language."""

from __future__ import annotations

import math
from typing import Any

import click

from innkeeper.errors import Invalid

__all__ = ["Choice", "Integer", "Kind", "Path", "Seconds", "Size"]


class Kind(click.ParamType):  # type: ignore[type-arg]  # generic in later versions of Click only
    """Base of ours."""


class Size(Kind):
    """`512M`, `2G`: bytes inside."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        from innkeeper.schema.sizes import parse_size

        return value if isinstance(value, int) else parse_size(value, _said(param))


class Choice(Kind):
    """One of a few words."""

    name = "choice"

    def __init__(self, *choices: str) -> None:
        self.choices = choices

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "|".join(self.choices)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value not in self.choices:
            raise Invalid("request.choice", what=_said(param), value=value, choices=", ".join(self.choices))
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        from click.shell_completion import CompletionItem

        return [CompletionItem(choice) for choice in self.choices if choice.startswith(incomplete)]


class Integer(Kind):
    """A whole number within bounds, both allowed."""

    name = "number"

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value)
        number = int(text) if text.isascii() and text.lstrip("-").isdigit() and len(text) < 20 else None
        if number is None or not self.least <= number <= self.most:
            raise Invalid(
                "request.number", what=_said(param), value=text[:40], least=self.least, most=self.most
            )
        return number


class Seconds(Kind):
    """A time in seconds, more than 0 and at most a month."""

    name = "seconds"
    MOST = 31 * 24 * 3600

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not 0 < number <= self.MOST:
            raise Invalid("request.number", what=_said(param), value=str(value)[:40], least=1, most=self.MOST)
        return number


class Path(Kind):
    """A file of this computer; shells complete it."""

    name = "file"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]


def _said(param: click.Parameter | None) -> str:
    """The parameter as the user writes it."""
    if param is None:
        return "?"
    return param.opts[-1] if isinstance(param, click.Option) else str(param.name).upper()
