"""Which verbs list, and how their lists are answered: guests from the inventory, the rest by the verb."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, get_args, get_origin

import anyio.to_thread
import msgspec

from innkeeper.inventory import Snapshot
from innkeeper.schema.guest import GuestList
from innkeeper.schema.image import ImageView
from innkeeper.server import etags, lists
from innkeeper.server.asking import Asked
from innkeeper.server.routes import ROUTES
from innkeeper.verbs import verb

if TYPE_CHECKING:
    from innkeeper.inventory import Snapshot
    from innkeeper.server.keeper import Keeper

__all__ = ["Listed", "answer", "page", "row_of"]

_ROWS = {"image.list": ImageView}
"""verb → its rows, where its view does not say so"""
_ORDER: dict[str, lists.Order] = {
    "backup.list": (("made", True), ("id", False)),
    "guest.list": (("name", False), ("uuid", False)),
    "image.list": (("name", False), ("release", False)),
    "network.list": (("name", False), ("id", False)),
    "operation.list": (("requested", True), ("id", False)),
}
"""verb → how its list is paged when nobody says otherwise, ended by what no two rows share; others by `name` or `id`"""
_LONG = ("autostart", "start_order", "protected", "labels", "title")
"""Fields of a guest's row that stand only in the long list, or when they are asked for by name."""


class Listed(NamedTuple):
    body: bytes
    tag: str
    total: int
    next: str | None


@cache
def row_of(name: str) -> Any:
    """The view of a row, of a verb that only lists; else None."""
    if name not in ROUTES or ROUTES[name].method != "GET":
        return None
    view = verb(name).view
    return _ROWS.get(name) or (get_args(view)[0] if get_origin(view) is list else None)


async def answer(keeper: Keeper, name: str, want: Asked) -> Listed:
    """The page of that list that the query asks for."""
    row = row_of(name)
    chosen = lists.choice(row, want.rest)
    if name == "guest.list":
        return await anyio.to_thread.run_sync(keeper.page, want.request, chosen)
    rows, _stored = await anyio.to_thread.run_sync(keeper.look, name, want.request, None)
    return _listed(lists.Shelf(rows, _order(name, row)), chosen)


def _order(name: str, row: Any) -> lists.Order:
    columns = lists.columns(row)
    return _ORDER.get(name) or ((next(one for one in ("name", "id", *columns) if one in columns), False),)


def page(snapshot: Snapshot, request: GuestList, chosen: lists.Choice) -> Listed:
    """Of the guests, from memory: what one snapshot was asked before, it has ready. On the keeper's side."""
    which = (request.deleted, request.all)
    shelf, pages = snapshot.keep(("shelf", which), lambda: _shelf(snapshot, which))

    def make() -> Listed:
        return _listed(shelf, chosen, () if request.long else _LONG)

    return pages.get((request.long, chosen), make)


def _shelf(snapshot: Snapshot, which: tuple[bool, bool]) -> tuple[lists.Shelf, lists.Kept[Listed]]:
    """The list, and pages of it that were asked for."""
    return lists.Shelf(snapshot.listed(*which), _ORDER["guest.list"]), lists.Kept()


def _listed(shelf: lists.Shelf, chosen: lists.Choice, unsaid: tuple[str, ...] = ()) -> Listed:
    page = shelf.page(chosen)
    rows: Sequence[Any] = page.rows
    if chosen.fields:
        rows = [{field: getattr(row, field) for field in chosen.fields} for row in rows]
    elif unsaid:
        nothing: dict[str, Any] = dict.fromkeys(unsaid)
        rows = [msgspec.structs.replace(row, **nothing) for row in rows]
    body = msgspec.json.encode(rows)
    return Listed(body, etags.join(None, body), page.total, page.next)
