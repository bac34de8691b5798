"""The line of `inn` that asks for what a request asks: `innkeeper.cli` the other way round; a test holds them equal.

Secrets are left out, and so is what comes from a file: an option that reads one names a file in capitals instead, such
as `--password-file PASSWORD`, and so does what was uploaded to a server.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from innkeeper.schema.base import Request

__all__ = ["FILES", "UNSAID", "line", "words"]

FILE = "FILE"
"""For a file of this computer that only the caller knows: it was uploaded, or is to be fetched."""
_NEAR = ("upload:", "download:")
_OF_FILES = frozenset(("bundle", "disk", "drivers", "file", "iso", "location", "sources"))

_COMMANDS = {"host.device_list": "host device list"}
"""Those that are not named as their verb is."""

_PLACED: dict[str, tuple[str, ...]] = {
    "backup.create": ("name",),
    "backup.list": ("name",),
    "guest.exec": ("name",),
    "guest.export": ("name", "file"),
    "guest.rename": ("name", "new_name"),
    "guest.send_keys": ("name", "keys"),
    "guest.ssh_config": ("names",),
    "guest.top": ("names",),
    "image.build": ("recipe",),
    "image.import": ("file",),
    "image.make": ("guest",),
    "schedule.create": ("name", "action", "guest"),
}
"""Verb → fields that stand without an option, in order."""
_PLACED_OF = {"backup": ("backup",), "operation": ("id",)}
"""The same for all other verbs of a noun; else it is `name`, where there is one."""

_OPTIONS = {
    ("backup.create", "place"): "--to",
    ("schedule.create", "place"): "--to",
    ("schedule.create", "cron"): "--at",
    ("guest.create", "bundle"): "--import",
    ("guest.create", "networks"): "--network",
    ("guest.create", "ssh_keys"): "--ssh-key",
    ("guest.create", "password"): "--password-file",
    ("guest.edit", "document"): "--file",
    ("guest.protect", "protected"): "--protected",
    ("guest.cp", "overwrite"): "--clobber",
    ("guest.set", "labels"): "--label",
}
"""Options that are not named as their field is."""
_OPTIONS_OF = {"place": "--from", "new_name": "--as"}
"""The same wherever that field is."""
_NEGATED = {"--protected": "--off"}
"""How `no` is said, where it is not by `--no-…`."""

FILES = {
    ("guest.create", "ssh_keys"): "PUBLIC-KEY",
    ("guest.create", "password"): "PASSWORD",
    ("guest.create", "cloud_init"): "USER-DATA",
    ("guest.edit", "document"): "DOCUMENT",
    ("guest.edit", "base"): "BASE",
}
"""Fields that are in a file on the command line → what the file is called here."""
SIZES = frozenset(("memory", "max_memory", "disk_size", "min_memory"))
UNSAID = frozenset((
    ("guest.exec", "env"), ("guest.exec", "stdin"), ("guest.logs", "after"), ("guest.paste", "secret"),
    ("image.make", "agent=False"), ("image.make", "cloud_init=False"),
))  # fmt: skip
"""What no option says: secrets, standard input, and what only programs ask for."""


def line(verb: str, request: Request) -> str:
    """As a shell takes it."""
    return shlex.join(words(verb, request))


def words(verb: str, request: Request) -> list[str]:
    """`inn`, the command, its options, and what stands without one."""
    own = _OWN.get(verb, _plain)
    options, placed = own(verb, _said(request))
    if placed and any(word.startswith("-") for word in placed) and "--" not in placed:
        placed = ["--", *placed]
    return ["inn", *_command(verb), *options, *placed]


def _command(verb: str) -> list[str]:
    """Commands about guests have no noun."""
    if verb in _COMMANDS:
        return _COMMANDS[verb].split()
    noun, _, action = verb.partition(".")
    return [*([] if noun == "guest" else [noun]), action.replace("_", "-")]


def _said(request: Request) -> dict[str, Any]:
    """Fields that are not as they are when nothing is said."""
    found: dict[str, Any] = {}
    for field in msgspec.structs.fields(request):
        default = field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
        value = getattr(request, field.name)
        if value is not msgspec.UNSET and (field.required or value != default):
            found[field.name] = _near(value) if field.name in _OF_FILES else value
    return found


def _near(value: Any) -> Any:
    """What the caller calls a file that goes through a server, only the caller knows."""
    if isinstance(value, tuple):
        return tuple(_near(one) for one in value)
    if not isinstance(value, str):
        return value
    return ",".join(FILE if part.startswith(_NEAR) else part for part in value.split(","))


def _plain(verb: str, said: dict[str, Any]) -> tuple[list[str], list[str]]:
    """By the tables alone."""
    placed = _PLACED.get(verb) or _PLACED_OF.get(verb.partition(".")[0], ("name",))
    options = [
        word for name, value in said.items() if name not in placed for word in _option(verb, name, value)
    ]
    return options, [word for name in placed if name in said for word in _all(said[name])]


def _all(value: Any) -> list[str]:
    return list(value) if isinstance(value, tuple) else [str(value)]


def _option(verb: str, name: str, value: Any) -> Iterator[str]:
    if (verb, name) in UNSAID or (verb, f"{name}={value}") in UNSAID:
        return
    option = _OPTIONS.get((verb, name)) or _OPTIONS_OF.get(name) or "--" + name.replace("_", "-")
    if (verb, name) in FILES:
        yield from (option, FILES[verb, name])
    elif value is True:
        yield option
    elif value is False:
        yield _NEGATED.get(option, "--no-" + option.removeprefix("--"))
    elif value is not None:
        for one in value if isinstance(value, tuple) else (value,):
            text = _text(name, one)
            yield from (f"{option}={text}",) if text.startswith("-") else (option, text)


def _text(name: str, value: Any) -> str:
    if name in SIZES:
        return _size(value)
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _size(value: int) -> str:
    """Exactly, in the largest unit that gives a whole number."""
    for unit in ("", "K", "M", "G", "T"):
        if value % 1024 or unit == "T":
            return f"{value}{unit}"
        value //= 1024
    raise AssertionError("the loop ends with the last unit")


def _cp(verb: str, said: dict[str, Any]) -> tuple[list[str], list[str]]:
    """`NAME:PATH` is in the guest."""
    name, sources, target = said.pop("name"), said.pop("sources"), said.pop("target")
    inward = said.pop("to_guest")
    options, _ = _plain(verb, said)
    if inward:
        return options, [*sources, f"{name}:{target}"]
    return options, [*(f"{name}:{source}" for source in sources), target]


def _exec(verb: str, said: dict[str, Any]) -> tuple[list[str], list[str]]:
    command = said.pop("command")
    options, placed = _plain(verb, said)
    return options, [*placed, "--", *command]


def _logs(verb: str, said: dict[str, Any]) -> tuple[list[str], list[str]]:
    which = said.pop("which", None)
    options, placed = _plain(verb, said)
    return [*([f"--{which}"] if which else []), *options], placed


def _paste(verb: str, said: dict[str, Any]) -> tuple[list[str], list[str]]:
    """What is secret is asked for."""
    text, secret = said.pop("text"), said.pop("secret", False)
    options, placed = _plain(verb, said)
    return options, placed if secret else [*placed, text]


def _set(verb: str, said: dict[str, Any]) -> tuple[list[str], list[str]]:
    labels = [f"{key}={value}" for key, value in said.pop("labels", {}).items()]
    labels += [f"{key}-" for key in said.pop("remove_labels", ())]
    cleared = [f"--no-{name.replace('_', '-')}" for name in said.pop("clear", ())]
    options, placed = _plain(verb, said | ({"labels": tuple(labels)} if labels else {}))
    return [*options, *cleared], placed


def _top(verb: str, said: dict[str, Any]) -> tuple[list[str], list[str]]:
    options, placed = _plain(verb, said)
    return ["--once", *options], placed


def _volume(verb: str, said: dict[str, Any]) -> tuple[list[str], list[str]]:
    """`POOL/NAME`, and a file of this computer."""
    named = [f"{said.pop('pool')}/{said.pop('name')}", *([said.pop("file")] if "file" in said else [])]
    options, _ = _plain(verb, said)
    return options, named


def _volumes(_verb: str, said: dict[str, Any]) -> tuple[list[str], list[str]]:
    return [], [said["pool"]]


_OWN = {
    "guest.cp": _cp,
    "guest.exec": _exec,
    "guest.logs": _logs,
    "guest.paste": _paste,
    "guest.set": _set,
    "guest.top": _top,
    "volume.download": _volume,
    "volume.list": _volumes,
    "volume.remove": _volume,
    "volume.upload": _volume,
}
"""Verb → what the tables do not tell of it."""
