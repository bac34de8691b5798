"""Files that options name: read here, bounded, and refused with the reason."""

from __future__ import annotations

import base64
import binascii
import os
import sys
from collections.abc import Sequence

from innkeeper.errors import InnkeeperError, Invalid
from innkeeper.machine import local

__all__ = ["cd_path", "cloud_init", "local_path", "local_paths", "password", "ssh_keys", "text"]

_MOST = {
    "key": 64 * 1024,
    "password": 4096,
    "token": 4096,
    "cloud_init": 1024 * 1024,
    "notes": 256 * 1024,
    "document": 4 * 1024**2,
}
"""Bytes. A seed image holds more, but a megabyte of user data is a mistake."""

_KEY_KINDS = ("ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-sha2-")
_OLDEST_KEY = 16
"""No key is shorter, in characters of base64."""


def ssh_keys(paths: Sequence[str]) -> tuple[str, ...]:
    """The public keys in these files, else in every ~/.ssh/*.pub that holds one.

    Raises `Invalid`: `request.file`, `request.ssh_key`.
    """
    keys: list[str] = []
    for path in paths:
        found = _keys(_read(path, "key"))
        if not found:
            raise Invalid("request.ssh_key", path=path)
        keys += found
    if not paths:
        keys = _own_keys()
    return tuple(dict.fromkeys(keys))


def password(path: str | None) -> str | None:
    """The one line of a file. Raises `Invalid`: `request.file`, `cli.password`."""
    if path is None:
        return None
    lines = _read(path, "password").splitlines()
    if len(lines) != 1 or not lines[0] or not lines[0].isprintable():
        raise Invalid("cli.password", path=path)
    return lines[0]


def cloud_init(path: str | None) -> str | None:
    """The user data in a file. Raises `Invalid`: `request.file`, `cli.cloud_init`."""
    if path is None:
        return None
    text = _read(path, "cloud_init")
    if not text.strip():
        raise Invalid("cli.cloud_init", path=path)
    return text


def text(path: str, what: str) -> str:
    """The text in a file, or of standard input when it is `-`; `what` bounds it (`notes`, `document`).

    Raises `Invalid`: `request.file`, `cli.file_encoding`, `cli.file_too_large`.
    """
    if path != "-":
        return _read(path, what)
    data = sys.stdin.buffer.read(_MOST[what] + 1)
    if len(data) > _MOST[what]:
        raise Invalid("cli.file_too_large", path="-", most=_MOST[what])
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Invalid("cli.file_encoding", path="-") from error


def local_path(disk: str | None) -> str | None:
    """A path that says it begins here (`./`, `../`, `~`) made absolute; POOL/VOLUME stays as it is."""
    if disk is not None and disk.startswith(("./", "../", "~")):
        return os.path.abspath(os.path.expanduser(disk))
    return disk


def cd_path(iso: str | None) -> str | None:
    """A file of this computer made absolute: what begins as a path, has no slash, or is there. POOL/VOLUME stays."""
    if iso is None or "/" not in iso or iso.startswith(("./", "../", "~")) or local().files.exists(iso):
        return iso and os.path.abspath(os.path.expanduser(iso))
    return iso


def local_paths(location: str | None) -> str | None:
    """The paths in a location made absolute; URLs stay as they are."""
    if location is None:
        return None
    from innkeeper.guest.making.location import parts
    from innkeeper.tools.web import is_url

    return ",".join(
        part if is_url(part) else os.path.abspath(os.path.expanduser(part)) for part in parts(location)
    )


def _own_keys() -> list[str]:
    """What is no key, or not ours to read, was not asked for: it is passed over."""
    directory = os.path.expanduser("~/.ssh")
    keys: list[str] = []
    for name in local().files.list(directory):
        if name.endswith(".pub"):
            try:
                keys += _keys(_read(f"{directory}/{name}", "key"))
            except Invalid:
                continue
    return keys


def _keys(text: str) -> list[str]:
    """Its lines, when each is a key (sshd(8), AUTHORIZED_KEYS FILE FORMAT, without options); else none."""
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    return lines if all(map(_is_key, lines)) else []


def _is_key(line: str) -> bool:
    """Its kind stands again inside the blob, behind its length in four bytes (RFC 4253, 6.6)."""
    kind, _, rest = line.partition(" ")
    blob = rest.split()[0] if rest.split() else ""
    if not kind.startswith(_KEY_KINDS) or len(blob) < _OLDEST_KEY or not line.isprintable():
        return False
    try:
        data = base64.b64decode(blob, validate=True)
    except binascii.Error:
        return False
    return data[4 : 4 + int.from_bytes(data[:4], "big")] == kind.encode()


def _read(path: str, what: str) -> str:
    most = _MOST[what]
    try:
        with local().files.open(os.path.expanduser(path)) as file:
            data = file.read(most + 1)
        text = data.decode() if len(data) <= most else None
    except (InnkeeperError, OSError) as error:
        raise Invalid("request.file", path=path, reason=_reason(error)) from error
    except UnicodeDecodeError as error:
        raise Invalid("cli.file_encoding", path=path) from error
    if text is None:
        raise Invalid("cli.file_too_large", path=path, most=most)
    return text


def _reason(error: InnkeeperError | OSError) -> str:
    """The operating system's word for it, without the path that we name ourselves."""
    cause = error.__cause__ if isinstance(error, InnkeeperError) else error
    return os.strerror(cause.errno or 0) if isinstance(cause, OSError) else str(error)
