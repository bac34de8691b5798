"""Each field of each verb's request that is text, and what it may say when it comes by REST.

A field that is not here is taken for a plain word: nothing that looks like a path, a URL or a document.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from innkeeper import config
from innkeeper.errors import Denied
from innkeeper.server.confinement import documents, urls, volumes
from innkeeper.server.result_files import WANTED

if TYPE_CHECKING:
    from innkeeper.host import Host

__all__ = ["COMMON", "FIELDS", "Rule", "confine", "rule"]


class Asked(NamedTuple):
    """Of what request a field is judged."""

    host: Host
    request: Any
    resolve: Callable[[str], str]
    """`upload:ID` → its file"""


Rule = Callable[[Asked, str], str]
"""The value that the verb gets for a value; raises `Denied`."""

_PATH = re.compile(
    r"[/~]|\.\.?(/|$)|.*(\0|/\.\.(/|$)|://|%2f)|(file|json|nbd|fd|host_device):", re.DOTALL | re.IGNORECASE
)


def _text(_asked: Asked, value: str) -> str:
    """What only the guest reads, or people."""
    return value


def _word(_asked: Asked, value: str) -> str:
    """A name, or a word out of a list: what it may be is for the verb to say, but it is no path."""
    if _PATH.match(value) or "/" in value:
        raise Denied("request.host_path", path=value)
    return value


def _upload(asked: Asked, value: str) -> str:
    """A file of "this computer": what was uploaded before."""
    if not value.startswith("upload:"):
        raise Denied("request.host_path", path=value)
    return asked.resolve(value)


def _download(_asked: Asked, value: str) -> str:
    raise Denied("request.host_path", path=value)


def _result(_asked: Asked, value: str) -> str:
    """A file that is made for whoever asks, and fetched afterwards."""
    if value != WANTED:
        raise Denied("request.host_path", path=value)
    return value


def _medium(asked: Asked, value: str) -> str:
    return _upload(asked, value) if value.startswith("upload:") else volumes.volume(asked.host, value)


def _url(_asked: Asked, value: str) -> str:
    return urls.url(value)


def _location(asked: Asked, value: str) -> str:
    """A URL, or KERNEL[,INITRD], each a URL or an upload."""
    if value.startswith(("http:", "https:")) and "," not in value:
        return urls.url(value)
    parts = [
        urls.url(part) if part.startswith(("http:", "https:")) else _upload(asked, part)
        for part in value.split(",")
    ]
    return ",".join(parts)


def _place(asked: Asked, value: str) -> str:
    """A pool; or just the directory that the settings name."""
    return value if value == config.get("backup_dir") and value else _word(asked, value)


def _copied(asked: Asked, value: str) -> str:
    """Of a copy from or to a guest: one side is its own, the other is this computer's."""
    return _upload(asked, value) if asked.request.to_guest else value


def _target(asked: Asked, value: str) -> str:
    return value if asked.request.to_guest else _download(asked, value)


def _edit(_asked: Asked, value: str) -> str:
    return documents.edit(value)


def _document(asked: Asked, value: str) -> str:
    return documents.document(asked.host, asked.request, value)


def no_uploads(said: str) -> str:
    """Where nothing can be uploaded."""
    raise Denied("request.host_path", path=said)


COMMON: dict[str, Rule] = dict.fromkeys(
    ("arch", "backup", "disk", "format", "guest", "id", "image", "ip", "machine", "name", "names", "network",
     "networks", "new_name", "only", "os", "pool", "recipe", "remove_labels", "user", "without", "disk_format"), _word,
) | {"file": _upload, "place": _place} | dict.fromkeys(("labels", "notes", "title", "boot_pattern"), _text)  # fmt: skip
"""By the field's name, where it means the same everywhere."""

FIELDS: dict[tuple[str, str], Rule] = {
    ("guest.cp", "sources"): _copied,
    ("guest.cp", "target"): _target,
    ("guest.create", "bundle"): _upload,
    ("guest.create", "cloud_init"): _text,
    ("guest.create", "disk"): _medium,
    ("guest.create", "drivers"): _medium,
    ("guest.create", "iso"): _medium,
    ("guest.create", "kernel_args"): _text,
    ("guest.create", "location"): _location,
    ("guest.create", "password"): _text,
    ("guest.create", "ssh_keys"): _text,
    ("guest.create", "xml"): _edit,
    ("guest.edit", "base"): _text,
    ("guest.edit", "document"): _document,
    ("guest.exec", "command"): _text,
    ("guest.exec", "env"): _text,
    ("guest.exec", "stdin"): _text,
    ("guest.export", "file"): _result,
    ("guest.paste", "text"): _text,
    ("guest.send_keys", "keys"): _text,
    ("image.build", "mirror"): _url,
    ("image.import", "file"): _upload,
    ("volume.upload", "file"): _upload,
    ("schedule.create", "cron"): _text,
    ("schedule.create", "zone"): _text,
}


def rule(verb: str, field: str) -> Rule:
    return FIELDS.get((verb, field)) or COMMON.get(field) or _word


def confine(host: Host, verb: str, request: Any, resolve: Callable[[str], str] = no_uploads) -> Any:
    """The request as the verb may have it: uploads (`resolve`) by their paths. Nothing is touched.

    Raises `Denied`: `request.host_path`, `request.host_element`, `request.url`, `request.url_local`,
    `request.trust`.
    """
    if getattr(request, "trust", False):
        raise Denied("request.trust", verb=verb)
    asked, changed = Asked(host, request, resolve), {}
    for name in request.__struct_fields__:
        value = getattr(request, name)
        kept = _each(value, partial(rule(verb, name), asked))
        if kept != value:
            changed[name] = kept
    return msgspec.structs.replace(request, **changed) if changed else request


def _each(value: Any, judge: Callable[[str], str]) -> Any:
    match value:
        case str():
            return judge(value)
        case tuple() | list():
            return tuple(_each(one, judge) for one in value)
        case dict():
            return {judge(key): _each(one, judge) for key, one in value.items()}
    return value
