"""Finding a text by its id in the user's language."""

from __future__ import annotations

import os
from functools import cache
from importlib import import_module

LANGUAGES = ("en", "zh")
PARTS = {
    "cli": (
        "cli",
        "cli_agent",
        "cli_backup",
        "cli_change",
        "cli_client",
        "cli_host",
        "cli_keep",
        "cli_network",
        "cli_operation",
        "cli_image_make",
        "cli_image_offers",
        "cli_image_pull",
        "cli_screen",
        "cli_server",
        "cli_token",
        "cli_volume",
    ),
    "guest": ("guest", "guest_agent", "guest_change", "guest_create", "guest_screen"),
    "request": ("request", "request_confined"),
    "image": ("image", "image_make", "image_offers", "image_pull"),
}
"""Area → its files, where one would be too long; any other area is the file of its name."""


@cache
def language_of_user() -> str:
    """`zh` when the first language that the user asks for and we speak is Chinese, else `en`.

    Asked for in gettext's order: LANGUAGE (a list, ignored in the C locale), LC_ALL, LC_MESSAGES, LANG.
    """
    variables = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((value for value in map(os.environ.get, variables) if value), "")
    if locale.partition(".")[0] in ("C", "POSIX"):
        return "en"
    wanted = (os.environ.get("LANGUAGE") or locale).lower().split(":")
    return next((one[:2] for one in wanted if one[:2] in LANGUAGES), "en")


@cache
def area(language: str, name: str) -> dict[str, str]:
    """The texts of one area in one language; empty when there is no such file."""
    found: dict[str, str] = {}
    for part in PARTS.get(name, (name,)):
        found |= texts(language, part)
    return found


def texts(language: str, file: str) -> dict[str, str]:
    """The texts of one file; empty when there is no such file."""
    module = f"innkeeper.messages.{language}.{file}"
    try:
        found: dict[str, str] = import_module(module).TEXT
    except ModuleNotFoundError as error:
        if error.name not in (module, module.rpartition(".")[0]):
            raise
        return {}
    return found


def has(message_id: str, language: str = "en") -> bool:
    """Whether the id has a text of its own in that language."""
    return message_id in area(language, message_id.partition(".")[0])


def text(message_id: str, language: str | None = None, /, **facts: object) -> str:
    """The text of an id with its facts filled in; the id itself with its facts when nobody wrote one."""
    name = message_id.partition(".")[0]
    for tongue in (language or language_of_user(), "en"):
        template = area(tongue, name).get(message_id)
        if template is not None:
            return template.format_map(_Facts(facts)) if "{" in template else template
    return f"{message_id} {facts}" if facts else message_id


class _Facts(dict[str, object]):
    """A text never fails for want of a fact: it shows the gap instead."""

    def __missing__(self, key: str) -> str:
        return f"<{key}>"
