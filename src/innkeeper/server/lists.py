"""Lists over REST: filter, sort, fields and pages, typed by the view of a row.

    state=running            equal; said again: any of them        name~=web        part of a text, whatever its case
    state!=running           not equal                             labels.env=prod  of a field with keys
    memory>=1073741824       at least; `<=` at most                fields=name,state
    sort=-memory,name        descending by memory, then by name    limit=100&offset=200, or `after` of the header Link

The answer is the plain array that `--json` prints; how many rows there are in all stands in `X-Total-Count`, the way to
the next page in `Link`. Without `limit` it is the whole list. `after` goes on behind a row wherever that stands by now:
rows that come and go meanwhile make no other appear twice or never.
"""

from __future__ import annotations

import base64
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import cache
from operator import attrgetter
from threading import Lock
from types import NoneType, UnionType
from typing import Any, Generic, Literal, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from innkeeper.errors import Invalid
from innkeeper.server.asking import Words

__all__ = ["MOST", "OPERATORS", "Choice", "Column", "Kept", "Page", "Shelf", "choice", "columns"]

MOST = 1000
"""Rows of a page."""
OPERATORS = ("!", "~", ">", "<")
"""What may stand between a field's name and `=`."""
_OWN = ("limit", "offset", "after", "sort", "fields")
_KEPT = 64
"""Orders of one list that are kept while it is as it is."""
T = TypeVar("T")
Order = tuple[tuple[str, bool], ...]
"""Fields, each with whether it descends."""
_WORD = 1000
"""Characters of a cursor, and filters of one question: more is no honest question."""


class Column(NamedTuple):
    """A field of a row. `kind`: str, int, float, bool, tuple or dict (of texts); None for what cannot be compared."""

    name: str
    kind: type[Any] | None
    choices: tuple[str, ...] = ()


class Filter(NamedTuple):
    field: str
    key: str
    """of a field with keys"""
    operator: str
    values: tuple[Any, ...]


class Choice(NamedTuple):
    """What is asked of a list. It is hashable: the same question twice has one answer."""

    filters: tuple[Filter, ...] = ()
    order: Order = ()
    fields: tuple[str, ...] = ()
    """all when empty"""
    limit: int | None = None
    offset: int = 0
    after: str | None = None


class Page(NamedTuple):
    rows: Sequence[Any]
    total: int
    """of all pages"""
    next: str | None
    """`after` of the next page; None when there is none, or no page was asked for"""


@cache
def columns(view: Hashable) -> dict[str, Column]:
    """The fields of a row, by name."""
    row: Any = view
    hints = get_type_hints(row)
    return {name: _column(name, hints[name]) for name in row.__struct_fields__}


def _column(name: str, annotation: Any) -> Column:
    union = get_origin(annotation) in (Union, UnionType)
    parts = [part for part in get_args(annotation) if part is not NoneType] if union else [annotation]
    if len(parts) != 1:
        return Column(name, None)
    (plain,) = parts
    outer = get_origin(plain)
    if outer is Literal:
        return Column(name, str, tuple(map(str, get_args(plain))))
    if outer in (dict, tuple):
        held = get_args(plain)[-1 if outer is dict else 0]
        return Column(name, outer if held is str else None)
    return Column(name, plain if plain in (str, int, float, bool) else None)


def choice(view: Any, words: Words) -> Choice:
    """What a query asks of a list of these rows. Raises `Invalid` naming what is no field, or no value of one."""
    if len(words) > _WORD:
        raise Invalid("request.invalid", field="query", reason=f"> {_WORD}")
    known = columns(view)
    own = {name: _once(name, words[name]) for name in _OWN if name in words}
    filters = [_filter(known, name, values) for name, values in words.items() if name not in _OWN]
    return Choice(
        filters=tuple(sorted(filters, key=repr)),
        order=tuple(_order(known, part) for part in _listed(own.get("sort"))),
        fields=tuple(_known(known, part, "fields") for part in _listed(own.get("fields"))),
        limit=_number(own, "limit", 1, MOST),
        offset=_number(own, "offset", 0, 2**53) or 0,
        after=own.get("after"),
    )


def _once(name: str, values: list[str]) -> str:
    if len(values) > 1:
        raise Invalid("request.repeated", field=name)
    return values[0]


def _listed(said: str | None) -> list[str]:
    return [part for part in (said or "").split(",") if part]


def _number(own: dict[str, str], name: str, least: int, most: int) -> int | None:
    if name not in own:
        return None
    said = own[name]
    number = int(said) if said.isascii() and said.isdigit() and len(said) < 20 else -1
    if not least <= number <= most:
        raise Invalid("request.number", what=name, value=repr(said[:40]), least=least, most=most)
    return number


def _known(known: dict[str, Column], name: str, where: str) -> str:
    if name not in known:
        raise Invalid("request.choice", what=where, value=name, choices=", ".join(known))
    return name


def _order(known: dict[str, Column], part: str) -> tuple[str, bool]:
    name = _known(known, part.removeprefix("-"), "sort")
    if known[name].kind in (None, tuple, dict):
        able = (column.name for column in known.values() if column.kind not in (None, tuple, dict))
        raise Invalid("request.choice", what="sort", value=name, choices=", ".join(able))
    return name, part.startswith("-")


def _filter(known: dict[str, Column], said: str, values: list[str]) -> Filter:
    operator = said[-1:] if said[-1:] in OPERATORS else "="
    field, dot, key = (said if operator == "=" else said[:-1]).partition(".")
    column = known.get(field)
    if column is None or column.kind is None or (bool(dot) != (column.kind is dict)):
        able = (f"{one.name}.KEY" if one.kind is dict else one.name for one in known.values() if one.kind)
        raise Invalid("request.parameter", field=said, choices=", ".join((*able, *_OWN)))
    if operator in "<>" and (column.kind not in (int, float, str) or "" in values):
        raise Invalid("request.invalid", field=f"{said}=", reason=f"{operator}= ?")
    kind = str if operator == "~" else column.kind
    return Filter(field, key, operator, tuple(_value(kind, said, value) for value in values))


def _value(kind: type[Any], said: str, word: str) -> Any:
    """Nothing behind the `=` is what has no value."""
    if kind in (str, tuple, dict):
        return word
    if word == "":
        return None
    try:
        return msgspec.convert(word, kind, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid("request.invalid", field=said, reason=str(error)) from error


class Kept(Generic[T]):
    """What was made once, by what it was asked for; the oldest goes when there are many. For several threads."""

    def __init__(self, most: int = _KEPT) -> None:
        self._most = most
        self._made: dict[Hashable, T] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        with self._lock:
            if key in self._made:
                return self._made[key]
        made = make()
        with self._lock:
            while len(self._made) >= self._most:
                del self._made[next(iter(self._made))]
            self._made[key] = made
        return made


class Shelf:
    """One list as it is now, and the orders in which it was asked for. `order` is how it is paged when nobody says
    otherwise, and ends with what no two rows share."""

    def __init__(self, rows: Sequence[Any], order: Order) -> None:
        self.rows = rows
        self._order = order
        self._orders: Kept[Sequence[Any]] = Kept()

    def page(self, chosen: Choice) -> Page:
        """The rows asked for. Raises `Invalid("request.cursor")`."""
        paged = chosen.limit is not None or chosen.after is not None
        order = (*chosen.order, self._order[-1]) if chosen.order else self._order if paged else ()
        rows = self._ordered(chosen.filters, order)
        begin = chosen.offset
        if chosen.after is not None:
            begin += _behind(rows, order, chosen.after)
        end = len(rows) if chosen.limit is None else begin + chosen.limit
        taken = rows[begin:end]
        follows = taken and end < len(rows)
        return Page(taken, len(rows), _mark(taken[-1], order) if follows else None)

    def _ordered(self, filters: tuple[Filter, ...], order: Order) -> Sequence[Any]:
        if not filters and not order:
            return self.rows

        def make() -> Sequence[Any]:
            rows = self.rows
            for one in filters:
                rows = list(filter(_test(one), rows))
            for field, descends in reversed(order):
                rows = _sorted(rows, field, descends)
            return rows

        return self._orders.get((filters, order), make)


def _test(asked: Filter) -> Callable[[Any], bool]:
    get, values = _getter(asked), asked.values
    if asked.operator == "~":
        parts = [part.casefold() for part in values]
        return lambda row: any(part in text for text in _texts(get(row)) for part in parts)
    if asked.operator == ">":
        least = min(value for value in values if value is not None)
        return lambda row: (value := get(row)) is not None and value >= least
    if asked.operator == "<":
        most = max(value for value in values if value is not None)
        return lambda row: (value := get(row)) is not None and value <= most
    wanted, empty = frozenset(values), "" in values or None in values

    def equal(row: Any) -> bool:
        value = get(row)
        if isinstance(value, tuple):
            return not wanted.isdisjoint(value) or (empty and not value)
        return value in wanted or (empty and value is None)

    return equal if asked.operator == "=" else lambda row: not equal(row)


def _getter(asked: Filter) -> Callable[[Any], Any]:
    whole = attrgetter(asked.field)
    return (lambda row: (whole(row) or {}).get(asked.key)) if asked.key else whole


def _texts(value: Any) -> Iterable[str]:
    if value is None:
        return ()
    return (str(one).casefold() for one in (value if isinstance(value, tuple) else (value,)))


def _sorted(rows: Sequence[Any], field: str, descends: bool) -> Sequence[Any]:
    """What has no value comes last, whichever way it goes."""
    get = attrgetter(field)
    having = sorted((row for row in rows if get(row) is not None), key=get, reverse=descends)
    return having + [row for row in rows if get(row) is None] if len(having) < len(rows) else having


def _mark(row: Any, order: Order) -> str:
    """The place of that row in that order."""
    place = [getattr(row, field) for field, _descends in order]
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def _behind(rows: Sequence[Any], order: Order, mark: str) -> int:
    """How many rows stand at that place or before it."""
    try:
        place = _place(mark)
        return bisect_left(rows, True, key=lambda row: _stands_behind(row, order, place))
    except (ValueError, TypeError, msgspec.MsgspecError, RecursionError) as error:
        raise Invalid("request.cursor", value=repr(mark[:40])) from error


def _stands_behind(row: Any, order: Order, place: list[Any]) -> bool:
    for (field, descends), there in zip(order, place, strict=True):
        here = getattr(row, field)
        if here != there:
            if here is None or there is None:
                return here is None
            return bool((here > there) != descends)
    return False


def _place(mark: str) -> list[Any]:
    if len(mark) > _WORD:
        raise ValueError(mark)
    text = base64.b64decode(mark + "=" * (-len(mark) % 4), b"-_", validate=True)
    return msgspec.json.decode(text, type=list[Any])
