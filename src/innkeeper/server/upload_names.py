"""Uploads in what is told of them: by the names that their senders gave them, never by where they stand here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from innkeeper.errors import InnkeeperError, NotFound

__all__ = ["Names"]


class Names:
    """`name(id)` is what an upload's sender calls it, if anything; it raises `NotFound` for one that is gone."""

    def __init__(self, folder: str, name: Callable[[str], str | None]) -> None:
        self._path = re.compile(rf"(?P<folder>{re.escape(folder)}/)?(?P<id>[0-9a-f]{{24}})\.data")
        self._name = name

    @contextmanager
    def told_of(self) -> Iterator[None]:
        """What the body raises tells of uploads as `told` does."""
        try:
            yield
        except InnkeeperError as error:
            error.facts = self.told(error.facts)
            raise

    def told(self, value: Any) -> Any:
        """The same plain data, in which uploads have their names."""
        match value:
            case str() if ".data" in value:
                return self._path.sub(self._called, value)
            case dict():
                return {key: self.told(one) for key, one in value.items()}
            case list() | tuple():
                return type(value)(self.told(one) for one in value)
        return value

    def _called(self, found: re.Match[str]) -> str:
        """As a path where it was one, else by its last part alone."""
        try:
            name = self._name(found["id"]) or f"upload:{found['id']}"
        except NotFound:
            name = f"upload:{found['id']}"
        return name if found["folder"] else name.rpartition("/")[2]
