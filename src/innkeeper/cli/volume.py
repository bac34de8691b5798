"""`inn volume`: list, upload, download, remove."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from innkeeper import messages
from innkeeper.cli.framework import Argument, Option, command
from innkeeper.cli.names import POOL
from innkeeper.cli.output import clean, moment, say, table, tell
from innkeeper.cli.types import Path
from innkeeper.errors import Invalid
from innkeeper.schema.sizes import format_size

if TYPE_CHECKING:
    from innkeeper.cli.session import Session
    from innkeeper.schema.volume import VolumeView

__all__ = ["download", "list_", "remove", "upload"]

_VOLUME = Argument(["volume"], metavar="POOL/NAME")
_PIPE = "-"


@command("volume.list", Argument(["pool"], type=POOL))
def list_(session: Session, pool: str) -> None:
    """What is in a pool, and who uses it."""
    session.answer(session.look("volume.list", pool=pool), _draw)


@command(
    "volume.upload",
    _VOLUME,
    Argument(["file"], type=Path(), metavar="FILE"),
    Option(["--format"], metavar="FORMAT"),
    Option(["--replace"], is_flag=True),
)
def upload(session: Session, volume: str, file: str, **fields: Any) -> None:
    """The file is one of this computer, whatever host the pool is of."""
    pool, name = _parts(volume)
    view = session.change("volume.upload", pool=pool, name=name, file=_absolute(file), **fields)
    session.answer(view, _draw_uploaded)


@command("volume.download", _VOLUME, Argument(["file"], type=Path(), metavar="FILE|-"))
def download(session: Session, volume: str, file: str) -> None:
    """To standard output there is nothing else there."""
    if file == _PIPE and session.json:
        raise Invalid("request.together", first="--json", second="-")
    pool, name = _parts(volume)
    path = file if file == _PIPE else _absolute(file)
    view = session.change("volume.download", pool=pool, name=name, file=path)
    if file != _PIPE:
        session.answer(view, lambda made: say(f"{clean(made.file)} ({format_size(made.size)})"))


@command("volume.remove", _VOLUME)
def remove(session: Session, volume: str) -> None:
    """Refused while anything uses it."""
    pool, name = _parts(volume)
    view = session.change("volume.remove", pool=pool, name=name)
    session.answer(view, lambda _view: say(clean(messages.text("cli.volume.removed", name=name, pool=pool))))


def _parts(volume: str) -> tuple[str, str]:
    pool, slash, name = volume.partition("/")
    if not (slash and pool and name):
        raise Invalid("volume.unnamed", said=volume)
    return pool, name


def _absolute(file: str) -> str:
    return os.path.abspath(os.path.expanduser(file))


def _draw(views: list[VolumeView]) -> None:
    if not views:
        tell(messages.text("cli.volume.none"))
        return
    table(
        ["name", "format", "disk", "size", "modified", "used_by"],
        [
            [
                clean(view.name),
                view.format or "-",
                format_size(view.capacity),
                format_size(view.allocation),
                moment(view.modified) or "-",
                clean(", ".join(view.used_by)) or "-",
            ]
            for view in views
        ],
        right=("disk", "size"),
    )


def _draw_uploaded(view: VolumeView) -> None:
    size = format_size(view.capacity)
    told = messages.text(
        "cli.volume.uploaded", pool=view.pool, name=view.name, format=view.format or "", size=size
    )
    say(clean(told))
