"""`inn pool`: list, show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper import messages
from innkeeper.cli.framework import Argument, command
from innkeeper.cli.names import POOL
from innkeeper.cli.output import clean, pairs, state, table, tell
from innkeeper.schema.sizes import format_size

if TYPE_CHECKING:
    from innkeeper.cli.session import Session
    from innkeeper.schema.pool import PoolRow, PoolView

__all__ = ["list_", "show"]


@command("pool.list")
def list_(session: Session) -> None:
    """Where volumes are, and how much room there is."""
    session.answer(session.look("pool.list"), _draw_list)


@command("pool.show", Argument(["name"], type=POOL))
def show(session: Session, name: str) -> None:
    """A pool whole; what is in it is `inn volume list`."""
    session.answer(session.look("pool.show", name=name), _draw)


def _draw_list(views: list[PoolRow]) -> None:
    if not views:
        tell(messages.text("cli.pool.none"))
        return
    table(
        ["name", "state", "kind", "size", "free", "volumes", "path"],
        [
            [
                clean(view.name),
                state("active" if view.active else "inactive"),
                view.kind,
                _size(view.capacity) or "-",
                _size(view.available) or "-",
                "-" if view.volumes is None else str(view.volumes),
                clean(view.path or "-"),
            ]
            for view in views
        ],
        right=("size", "free", "volumes"),
    )


def _size(size: int | None) -> str | None:
    return None if size is None else format_size(size)


def _draw(view: PoolView) -> None:
    pairs(
        [
            ("name", view.name),
            ("uuid", view.uuid),
            ("state", state("active" if view.active else "inactive")),
            ("autostart", messages.text("cli.yes" if view.autostart else "cli.no")),
            ("kind", view.kind),
            ("source", ", ".join(view.source)),
            ("path", view.path),
            ("size", _size(view.capacity)),
            ("free", _size(view.available)),
            ("volumes", None if view.volumes is None else str(view.volumes)),
            ("taken", _size(view.taken)),
            ("promised", _size(view.promised)),
        ]
    )
