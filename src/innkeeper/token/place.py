"""Where the server of this state directory is: a file that it writes when it is ready, and removes when it ends."""

from __future__ import annotations

import msgspec

from innkeeper.errors import NotFound
from innkeeper.machine import local
from innkeeper.operation.journal import Owner, this_process

__all__ = ["Place", "forget", "read", "write"]


class Place(msgspec.Struct, frozen=True):
    url: str
    """`http://127.0.0.1:8006`"""
    pid: int
    start: int
    boot: str
    user: int


def _path() -> str:
    return f"{local().state_dir}/server.json"


def write(url: str) -> None:
    local().files.make_dir(local().state_dir, 0o700)
    me = this_process()
    local().files.write(_path(), msgspec.json.encode(Place(url, me.pid, me.start, me.boot, me.user)), 0o600)


def forget() -> None:
    local().files.remove(_path())


def read() -> Place:
    """Raises `NotFound("server.not_running")` when no server runs here."""
    try:
        place = msgspec.json.decode(local().files.read(_path()), type=Place)
    except (NotFound, msgspec.DecodeError) as error:
        raise NotFound("server.not_running", directory=local().state_dir) from error
    if not Owner(place.pid, place.start, place.boot, place.user).alive:
        raise NotFound("server.not_running", directory=local().state_dir)
    return place
