"""The verbs on tokens and links. They work on the server's database, whether or not it runs: whoever may open that is
its owner. Through REST they are an admin's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from innkeeper.errors import Conflict, NotFound
from innkeeper.schema.names import check_name
from innkeeper.schema.token import (
    LinkView,
    TokenCreate,
    TokenLink,
    TokenList,
    TokenMade,
    TokenRemove,
    TokenView,
)
from innkeeper.token import place
from innkeeper.token.records import Records
from innkeeper.verbs import Verb

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["VERBS"]


@contextmanager
def _records() -> Iterator[Records]:
    from innkeeper.store import open_database

    database = open_database()
    try:
        yield Records(database)
    finally:
        database.close()


def _check_create(_host: Host, request: TokenCreate) -> None:
    check_name(request.name, "token")
    with _records() as records:
        if any(token.name == request.name for token in records.tokens()):
            raise Conflict("token.exists", name=request.name)


def _create(_host: Host, request: TokenCreate, _operation: Operation) -> TokenMade:
    with _records() as records:
        view, word = records.make_token(request.name, request.role, None if request.forever else request.days)
    return TokenMade(**msgspec.structs.asdict(view), token=word)


def _no_check(_host: Host, _request: object) -> None:
    """Whoever may open the database may look."""


def _list(_host: Host, _request: TokenList, _operation: Operation) -> list[TokenView]:
    with _records() as records:
        return records.tokens()


def _check_remove(_host: Host, request: TokenRemove) -> None:
    with _records() as records:
        if all(token.name != request.name for token in records.tokens()):
            raise NotFound("token.unknown", name=request.name)


def _remove(_host: Host, request: TokenRemove, _operation: Operation) -> TokenView:
    with _records() as records:
        found = [token for token in records.tokens() if token.name == request.name]
        records.remove_token(request.name)
    return found[0]


def _check_link(_host: Host, _request: TokenLink) -> str:
    return place.read().url


def _link(_host: Host, _request: TokenLink, operation: Operation) -> LinkView:
    with _records() as records:
        word, expires = records.make_link()
    return LinkView(url=f"{operation.decided}/#link={word}", expires=expires)


VERBS = {
    "token.create": Verb("token.create", TokenCreate, TokenMade, _check_create, _create),
    "token.list": Verb("token.list", TokenList, list[TokenView], _no_check, _list),
    "token.remove": Verb("token.remove", TokenRemove, TokenView, _check_remove, _remove),
    "token.link": Verb("token.link", TokenLink, LinkView, _check_link, _link),
}
