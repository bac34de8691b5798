"""`inn backup`: create, list, show, verify, restore, remove."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from innkeeper import messages
from innkeeper.cli import options
from innkeeper.cli.framework import Argument, Option, command
from innkeeper.cli.names import BACKUP, GUEST, NETWORK, POOL
from innkeeper.cli.output import clean, moment, pairs, say, table, tell
from innkeeper.schema.sizes import format_size

if TYPE_CHECKING:
    from innkeeper.cli.session import Session
    from innkeeper.schema.backup import BackupView, RemovedBackup
    from innkeeper.schema.guest import GuestView

__all__ = ["create", "list_", "remove", "restore", "show", "verify"]

WHICH = Argument(["backup"], type=BACKUP, metavar="BACKUP")
FROM = Option(["--from", "place"], type=POOL, metavar="DIR|POOL")


@command(
    "backup.create",
    options.NAME,
    Option(["--to", "place"], type=POOL, metavar="DIR|POOL"),
    Option(["--no-freeze", "freeze"], is_flag=True, default=True, flag_value=False),
)
def create(session: Session, name: str, place: str | None, freeze: bool) -> None:
    """What it could not take along is said too."""
    view = session.change("backup.create", name=name, place=_place(place), freeze=freeze)
    session.answer(view, _draw_made)


@command("backup.list", Argument(["name"], type=GUEST, required=False), FROM)
def list_(session: Session, name: str | None, place: str | None) -> None:
    session.answer(session.look("backup.list", name=name, place=_place(place)), _draw_list)


@command("backup.show", WHICH, FROM)
def show(session: Session, backup: str, place: str | None) -> None:
    session.answer(session.look("backup.show", backup=_which(backup), place=_place(place)), _draw)


@command("backup.verify", WHICH, FROM)
def verify(session: Session, backup: str, place: str | None) -> None:
    view = session.change("backup.verify", backup=_which(backup), place=_place(place))
    session.answer(view, lambda view: say(clean(messages.text("cli.backup.verified", id=view.id))))


@command(
    "backup.restore",
    WHICH,
    FROM,
    Option(["--as", "new_name"], metavar="NEW-NAME"),
    Option(["--replace"], is_flag=True),
    options.FORCE,
    Option(["--pool"], type=POOL, metavar="POOL"),
    Option(["--network"], type=NETWORK, multiple=True, metavar="NETWORK"),
    Option(["--trust"], is_flag=True),
    options.OVERCOMMIT,
)
def restore(
    session: Session, backup: str, place: str | None, network: tuple[str, ...], **fields: Any
) -> None:
    """Off: whoever restores it looks first."""
    where = {"backup": _which(backup), "place": _place(place), "network": network or None}
    session.answer(session.change("backup.restore", **where, **fields), _draw_restored)


@command("backup.remove", WHICH, FROM)
def remove(session: Session, backup: str, place: str | None) -> None:
    view = session.change("backup.remove", backup=_which(backup), place=_place(place))
    session.answer(view, _draw_removed)


def _place(said: str | None) -> str | None:
    """A directory is one of the host; a path is told from a pool's name by its slash."""
    if said is None or ("/" not in said and said not in (".", "..")):
        return said
    return os.path.abspath(os.path.expanduser(said))


def _which(said: str) -> str:
    return os.path.abspath(os.path.expanduser(said)) if "/" in said else said


def _draw_list(views: list[BackupView]) -> None:
    if not views:
        tell(messages.text("cli.backup.none"))
        return
    table(
        ["backup", "guest", "made", "size", "consistency", "place"],
        [
            [
                view.id,
                view.guest,
                moment(view.made) or "-",
                format_size(view.size),
                _consistency(view),
                view.pool or os.path.dirname(view.path),
            ]
            for view in views
        ],
        right=("size",),
    )


def _consistency(view: BackupView) -> str:
    if view.state == "stopped":
        return messages.text("cli.backup.consistency.off")
    return messages.text("cli.backup.consistency.frozen" if view.frozen else "cli.backup.consistency.crash")


def _draw(view: BackupView) -> None:
    pairs(
        [
            ("backup", view.id),
            ("name", view.guest),
            ("uuid", view.uuid),
            ("made", moment(view.made)),
            ("consistency", _consistency(view)),
            ("size", format_size(view.size)),
            *(
                ("disk", f"{disk.target} {format_size(disk.size)} / {format_size(disk.capacity)}")
                for disk in view.disks
            ),
            ("directory", view.path),
            ("pool", view.pool),
            *(("note", messages.text(note.text, **note.facts)) for note in view.notes),
        ]
    )


def _draw_made(view: BackupView) -> None:
    say(clean(messages.text("cli.backup.made", id=view.id, size=format_size(view.size), path=view.path)))
    for note in view.notes:
        say("  " + clean(messages.text(note.text, **note.facts)))


def _draw_restored(view: GuestView) -> None:
    say(clean(messages.text("cli.backup.restored", name=view.name)))


def _draw_removed(view: RemovedBackup) -> None:
    say(clean(messages.text("cli.backup.removed", id=view.id)))
