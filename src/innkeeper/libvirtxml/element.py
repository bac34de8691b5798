"""The mechanism: a view holds a live lxml element, and its typed properties read and edit that element in
place.

    class Rng(Device):
        model = Choice("@model", "virtio")
        rate_bytes = Integer("rate/@bytes")

Nothing is copied out and nothing is printed anew, so what no property knows of stays as it is. Setting a
property makes the elements on its way; setting it to None removes the value, and what was left saying
nothing at all. The kinds of property are in values.py, those for elements within elements in children.py.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, ClassVar, Generic, Self, TypeVar, overload

from lxml import etree

from innkeeper.errors import Invalid
from innkeeper.libvirtxml import build, tree
from innkeeper.libvirtxml import path as paths

T = TypeVar("T")


class View:
    """A typed view of one element.

    A view that a property of another view gave out may stand for an element that is not there yet: `exists`
    says so, its properties read as None, and the element is made by the first of them that is set.
    """

    TAG: ClassVar[str] = ""

    def __init__(
        self, node: etree._Element | None, *, parent: View | None = None, steps: tuple[paths.Step, ...] = ()
    ) -> None:
        self._held = node
        self._parent = parent
        self._steps = steps

    @classmethod
    def new(cls, **values: object) -> Self:
        """A new element that belongs to no document yet, with these properties set."""
        view = cls(build.new_node(cls.TAG))
        view.update(**values)
        return view

    @property
    def exists(self) -> bool:
        """Whether the element is in the document."""
        return self.find() is not None

    @property
    def node(self) -> etree._Element:
        """The element. Raises LookupError when it does not exist."""
        node = self.find()
        if node is None:
            raise LookupError(f"no <{self.TAG}> here")
        return node

    def find(self) -> etree._Element | None:
        """The element, or None."""
        if self._held is not None or self._parent is None:
            return self._held
        above = self._parent.find()
        return None if above is None else paths.find(above, self._steps)

    def ensure(self) -> etree._Element:
        """The element, made where it is missing."""
        if self._held is not None or self._parent is None:
            return self.node
        return paths.ensure(self._parent.ensure(), self._steps)

    def anchor(self) -> etree._Element:
        """The nearest element that this view may not prune away: the one it, or a view above it, was made
        for.
        """
        if self._held is not None or self._parent is None:
            return self.node
        return self._parent.anchor()

    def trail(self) -> tuple[paths.Step, ...]:
        """The steps that lead from the anchor to this element."""
        if self._held is not None or self._parent is None:
            return ()
        return (*self._parent.trail(), *self._steps)

    def update(self, **values: object) -> Self:
        """Set several properties at once. Raises TypeError for a name that is not a property."""
        known = type(self).properties()
        for name, value in values.items():
            if name not in known:
                raise TypeError(f"{type(self).__name__} has no property {name!r}")
            setattr(self, name, value)
        return self

    def to_xml(self) -> str:
        """The element and what is in it, as text."""
        copy = deepcopy(self.node)
        copy.tail = None
        etree.cleanup_namespaces(copy)  # those that only the rest of the document uses
        return etree.tostring(copy, encoding="unicode")

    @classmethod
    def properties(cls) -> dict[str, Property[Any]]:
        """Every typed property of this class by name, inherited ones first."""
        found: dict[str, Property[Any]] = {}
        for base in reversed(cls.__mro__):
            found |= {name: value for name, value in vars(base).items() if isinstance(value, Property)}
        return found

    def __eq__(self, other: object) -> bool:
        return isinstance(other, View) and self.find() is not None and self.find() is other.find()

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.TAG))

    def __repr__(self) -> str:
        node = self.find()
        facts = (
            "absent"
            if node is None
            else " ".join(f"{key}={node.get(key)!r}" for key in map(str, node.attrib))
        )
        return f"<{type(self).__name__} {facts}>"


class Document(View):
    """A view of a whole document."""

    @classmethod
    def from_xml(cls, text: str | bytes) -> Self:
        """Read a document. Raises Invalid (`xml.…`) when it is not one, not safe, or has another root."""
        from innkeeper.libvirtxml.parse import parse

        return cls(parse(text, cls.TAG))

    @classmethod
    def new(cls, **values: object) -> Self:
        """A new document with these properties set; printed with a line for each element."""
        node = build.new_node(cls.TAG)
        node.text = "\n"
        return cls(node).update(**values)

    def to_xml(self) -> str:
        """The document as text, with what stands before and after its root; unedited it is what was read."""
        if self.node.getparent() is not None:
            return super().to_xml()
        before = reversed(list(self.node.itersiblings(preceding=True)))
        parts = [*before, self.node, *self.node.itersiblings()]
        return "".join(etree.tostring(part, encoding="unicode", with_tail=False) + "\n" for part in parts)


class Property(Generic[T]):
    """One typed value of a view, kept at a path below its element (path.py)."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: View, owner: type) -> T | None: ...
    def __get__(self, view: View | None, owner: type) -> Self | T | None:
        if view is None:
            return self
        node = view.find()
        return None if node is None else self.load(node)

    def __set__(self, view: View, value: T | None) -> None:
        if value is None:
            self.forget(view)
        elif self.says(view, value):
            return  # what already says the same, perhaps in another unit, is left as it was written
        elif (text := self.write(value)) == "" and not paths.path(self.path).attribute:
            self.__set__(view, None)
        else:
            self.store(view.ensure(), text)

    def says(self, view: View, value: T) -> bool:
        """Whether the document has this value already."""
        try:
            return self.__get__(view, type(view)) == value
        except Invalid:
            return False  # it cannot be read: whatever it is, it is not this

    def forget(self, view: View) -> None:
        """Remove the value, also from an element that a broken document has a second time."""
        node = view.find()
        while node is not None:
            self.clear(node, view)
            last, node = node, view.find()
            if node is last:
                return

    def load(self, node: etree._Element) -> T | None:
        """The value below this element; None where it says nothing."""
        way = paths.path(self.path)
        for found in paths.find_all(node, way.steps):
            text = self.told(found)
            if text is not None:
                return self.read(text, found)
        return None

    def told(self, found: etree._Element) -> str | None:
        """The text of the value in the element at the end of the path."""
        attribute = paths.path(self.path).attribute
        return found.get(attribute) if attribute else tree.text_of(found)

    def store(self, node: etree._Element, text: str) -> None:
        """Write the value below this element."""
        way = paths.path(self.path)
        build.checked(text)
        holder = next(
            (found for found in paths.find_all(node, way.steps) if self.told(found) is not None), None
        )
        target = paths.ensure(node, way.steps) if holder is None else holder
        if way.attribute:
            target.set(way.attribute, text)
        else:
            tree.set_text(target, text)

    def clear(self, node: etree._Element, view: View) -> None:
        """Remove the value below `node`, the element of `view`, and the elements that were there for it alone."""
        way = paths.path(self.path)
        for found in list(paths.find_all(node, way.steps)):
            if self.told(found) is None:
                continue
            if way.attribute:
                build.drop_attribute(found, way.attribute)
            else:
                tree.set_text(found, None)
            paths.prune(found, view.anchor(), (*view.trail(), *way.steps))

    def cut(self, node: etree._Element, view: View) -> None:
        """Remove the elements at the end of the path, whatever they say."""
        steps = paths.path(self.path).steps
        for found in list(paths.find_all(node, steps)):
            paths.cut(found, view.anchor(), (*view.trail(), *steps))

    def read(self, text: str, node: etree._Element) -> T:
        """The value that the text means; `node` holds it. Raises Invalid `xml.bad_value`."""
        raise NotImplementedError

    def write(self, value: T) -> str:
        """The text for a value. Raises Invalid when there is none."""
        raise NotImplementedError
