"""Properties whose values are elements: one nested view, or a list of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module
from typing import Any, Generic, Self, TypeVar, overload

from lxml import etree

from innkeeper.libvirtxml import path as paths
from innkeeper.libvirtxml import tree
from innkeeper.libvirtxml.element import Property, View

T = TypeVar("T")
V = TypeVar("V", bound=View)
Of = Callable[[etree._Element], V]


@cache
def load(where: str) -> type[Any]:
    """A class by the `module:Name` of it in this package."""
    module, _, name = where.partition(":")
    found: type[Any] = getattr(import_module(f"innkeeper.libvirtxml.{module}"), name)
    return found


class Nested(Property[T], Generic[T, V]):
    """A property that gives out views of one class: the class itself, or its `module:Name` for what few
    documents have, so that only those load it.
    """

    def __init__(self, path: str, kind: type[V] | str) -> None:
        super().__init__(path)
        self._kind = kind

    @property
    def kind(self) -> type[V]:
        """The class of the views."""
        return load(self._kind) if isinstance(self._kind, str) else self._kind


class Child(Nested[V, V]):
    """One nested view, always given out: it need not exist yet. Setting None removes the element."""

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: View, owner: type) -> V: ...
    def __get__(self, view: View | None, owner: type) -> Self | V:
        return self if view is None else self.kind(None, parent=view, steps=paths.path(self.path).steps)

    def __set__(self, view: View, value: V | None) -> None:
        """Put this view's element in the place of the one there, or remove that."""
        node = view.find()
        steps = paths.path(self.path).steps
        there = None if node is None else paths.find(node, steps)
        if value is not None and value.find() is there:
            return
        if there is not None:
            paths.cut(there, view.anchor(), (*view.trail(), *steps))
        if value is not None:
            steps[-1].mark(value.node)
            tree.insert(paths.ensure(view.ensure(), steps[:-1]), value.node)


class ViewList(Sequence[V], Generic[V]):
    """The views of repeated elements, live: it is read from the document each time it is asked."""

    def __init__(self, view: View, steps: tuple[paths.Step, ...], of: Of[V]) -> None:
        self._view = view
        self._steps = steps
        self._of = of

    def __iter__(self) -> Iterator[V]:
        node = self._view.find()
        found = [] if node is None else list(paths.find_all(node, self._steps))
        return iter([self._of(each) for each in found])

    def __len__(self) -> int:
        node = self._view.find()
        return 0 if node is None else sum(1 for _ in paths.find_all(node, self._steps))

    @overload
    def __getitem__(self, index: int) -> V: ...
    @overload
    def __getitem__(self, index: slice) -> list[V]: ...
    def __getitem__(self, index: int | slice) -> V | list[V]:
        return list(self)[index]

    def add(self, view: V) -> V:
        """Put an element behind those already there; it leaves the document it was in. Returns its view."""
        view_node = view.node
        tree.remove(view_node)
        self._steps[-1].mark(view_node)
        tree.insert(paths.container(self._view.ensure(), self._steps), view_node)
        return view

    def remove(self, view: V) -> None:
        """Take an element out. Raises ValueError when it is not in this list."""
        if view not in self:
            raise ValueError(f"{view!r} is not in this list")
        paths.cut(view.node, self._view.anchor(), (*self._view.trail(), *self._steps))

    def clear(self) -> None:
        """Take all of them out."""
        for view in self:
            self.remove(view)

    def __repr__(self) -> str:
        return repr(list(self))


class Children(Nested[Any, V], Generic[V]):
    """A list of nested views at a path that repeats. Setting an iterable replaces all of them, None
    removes them.
    """

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: View, owner: type) -> ViewList[V]: ...
    def __get__(self, view: View | None, owner: type) -> Self | ViewList[V]:
        if view is None:
            return self
        return ViewList(view, paths.path(self.path).steps, self.kind)

    def __set__(self, view: View, value: Iterable[V] | None) -> None:
        wanted: list[Any] = list(value or ())
        there = self.__get__(view, type(view))
        if wanted or len(there):
            there.clear()
        for each in wanted:
            there.add(each)
