"""The kinds of value that a property can hold: how each is read from text and written to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Self, overload

from lxml import etree

from innkeeper.errors import Invalid
from innkeeper.libvirtxml import build, tree
from innkeeper.libvirtxml import path as paths
from innkeeper.libvirtxml.element import Property, View


class Text(Property[str]):
    """Any text. An empty child element reads as None, and setting an empty text removes it."""

    def read(self, text: str, node: etree._Element) -> str:
        return text

    def write(self, value: str) -> str:
        return build.checked(value)


class Choice(Property[str]):
    """One of the words that libvirt's schema knows.

    Reading gives whatever is there, for a newer libvirt may know more. Setting refuses anything else
    (Invalid `xml.not_a_choice`): what this view does not know is set on `node` itself.
    """

    def __init__(self, path: str, *choices: str) -> None:
        super().__init__(path)
        self.choices = choices

    def read(self, text: str, node: etree._Element) -> str:
        return text

    def write(self, value: str) -> str:
        if value not in self.choices:
            raise Invalid(
                "xml.not_a_choice", property=self.name, value=value, choices=", ".join(self.choices)
            )
        return value


_NUMBER = re.compile(r"\s*([-+]?)(0[xX](?=[0-9a-fA-F]))?([0-9a-fA-F]+)\s*", re.ASCII)


def number(text: str, base: int = 10) -> int | None:
    """The number that libvirt takes a text for, or None: digits in this base, or hexadecimal ones behind
    `0x`. Base 0 is C's: a leading 0 makes it octal.
    """
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    sign, prefix, digits = found.groups()
    if prefix:
        base = 16
    elif base == 0:
        base = 8 if digits.startswith("0") else 10
    try:
        return int(sign + digits, base)
    except ValueError:
        return None


class Integer(Property[int]):
    """A whole number, read in decimal or, with `0x`, in hexadecimal.

    `digits` writes it in hexadecimal with at least so many digits, as libvirt does for addresses on a bus,
    and reads it as C does (`010` is 8); with `base=16` what has no `0x` is hexadecimal too. Base 8 is for
    file modes (`0644`), also when written. The bases are those of libvirt's parsers (src/conf).
    """

    def __init__(
        self, path: str, *, digits: int = 0, base: int | None = None, least: int | None = None
    ) -> None:
        super().__init__(path)
        self.digits = digits
        self.base = base if base is not None else 0 if digits else 10
        self.least = least

    def read(self, text: str, node: etree._Element) -> int:
        value = number(text, self.base)
        if value is None:
            raise bad_value(self.name, text, node)
        return value

    def write(self, value: int) -> str:
        if self.least is not None and value < self.least:
            raise Invalid("xml.out_of_range", property=self.name, value=value, least=self.least)
        if self.base == 8:
            return f"{value:04o}"
        return f"0x{value:0{self.digits}x}" if self.digits and value >= 0 else str(value)


class YesNo(Property[bool]):
    """True and False as `yes` and `no`."""

    WORDS = ("yes", "no")

    def read(self, text: str, node: etree._Element) -> bool:
        # Both pairs of words are read everywhere: elements of the same name differ in which they use.
        if text not in ("yes", "no", "on", "off", "1", "0", "true", "false"):
            raise bad_value(self.name, text, node)
        return text in ("yes", "on", "1", "true")

    def write(self, value: bool) -> str:
        return self.WORDS[0] if value else self.WORDS[1]


class OnOff(YesNo):
    """True and False as `on` and `off`."""

    WORDS = ("on", "off")


class OneZero(YesNo):
    """True and False as `1` and `0`."""

    WORDS = ("1", "0")


class State(OnOff):
    """A feature that is on by being there (`<pmu/>`), unless its `state` says off. The path is the
    element's.
    """

    def told(self, found: etree._Element) -> str | None:
        return found.get("state", "on")

    def store(self, node: etree._Element, text: str) -> None:
        paths.ensure(node, paths.path(self.path).steps).set("state", text)

    def clear(self, node: etree._Element, view: View) -> None:
        self.cut(node, view)


_EXPONENTS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5, "e": 6}


def unit_bytes(unit: str) -> int | None:
    """Bytes in a unit as libvirt reads it (virScaleInteger): `KiB`, `k`, `K` are 1024, `KB` is 1000; None
    if unknown.
    """
    plain = unit.lower()
    if plain in ("b", "byte", "bytes"):
        return 1
    letter, rest = plain[:1], plain[1:]
    if letter not in _EXPONENTS or rest not in ("", "b", "ib"):
        return None
    return int((1000 if rest == "b" else 1024) ** _EXPONENTS[letter])


class Size(Property[int]):
    """An amount of memory or storage in bytes, kept as a number and the `unit` attribute beside it.

    `default` is the unit that libvirt takes when none is stated, and the one written when the value is a
    multiple of it; else bytes are written (libvirt itself rounds memory up to KiB).
    """

    def __init__(self, path: str, *, default: str = "KiB", unit: str = "unit") -> None:
        super().__init__(path)
        self.default = default
        self.unit = unit

    def read(self, text: str, node: etree._Element) -> int:
        factor = unit_bytes(node.get(self.unit) or self.default)
        value = number(text)
        if value is None or value < 0:
            raise bad_value(self.name, text, node)
        if factor is None:
            raise bad_value(self.name, f"{text} {node.get(self.unit)}", node)
        return value * factor

    def write(self, value: int) -> str:
        if value < 0:
            raise Invalid("xml.out_of_range", property=self.name, value=value, least=0)
        return str(value)

    def store(self, node: etree._Element, text: str) -> None:
        value, factor = int(text), unit_bytes(self.default) or 1
        unit = "bytes" if value % factor else self.default
        super().store(node, text if unit == "bytes" else str(value // factor))
        for found in paths.find_all(node, paths.path(self.path).steps):
            if self.told(found) is not None:
                found.set(self.unit, unit)

    def clear(self, node: etree._Element, view: View) -> None:
        for found in paths.find_all(node, paths.path(self.path).steps):
            if self.told(found) is not None:
                build.drop_attribute(found, self.unit)
        super().clear(node, view)


class Flag(Property[bool]):
    """True when the element is there. Setting False or None removes it, with all that is in it."""

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: View, owner: type) -> bool: ...
    def __get__(self, view: View | None, owner: type) -> Self | bool:
        if view is None:
            return self
        node = view.find()
        return node is not None and paths.find(node, paths.path(self.path).steps) is not None

    def __set__(self, view: View, value: bool | None) -> None:
        if value:
            paths.ensure(view.ensure(), paths.path(self.path).steps)
        else:
            self.forget(view)

    def clear(self, node: etree._Element, view: View) -> None:
        self.cut(node, view)


class Values(Property[tuple[str, ...]]):
    """The texts, or one attribute, of elements that repeat (`os/boot/@dev`), in order; empty when there
    are none.
    """

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: View, owner: type) -> tuple[str, ...]: ...
    def __get__(self, view: View | None, owner: type) -> Self | tuple[str, ...]:
        if view is None:
            return self
        node = view.find()
        told = [] if node is None else [self.told(found) for found in self._elements(node)]
        return tuple(text for text in told if text is not None)

    def __set__(self, view: View, value: Sequence[str] | None) -> None:
        wanted = tuple(build.checked(text) for text in value or ())
        if wanted == self.__get__(view, type(view)):
            return
        if not wanted:
            self.forget(view)
            return
        way = paths.path(self.path)
        node = view.ensure()
        there = list(self._elements(node))
        for surplus in there[len(wanted) :]:
            paths.cut(surplus, view.anchor(), (*view.trail(), *way.steps))
        for i, text in enumerate(wanted):
            found = (
                there[i] if i < len(there) else paths.make(paths.container(node, way.steps), way.steps[-1])
            )
            if way.attribute:
                found.set(way.attribute, text)
            else:
                tree.set_text(found, text)

    def clear(self, node: etree._Element, view: View) -> None:
        self.cut(node, view)

    def _elements(self, node: etree._Element) -> list[etree._Element]:
        return list(paths.find_all(node, paths.path(self.path).steps))


def bad_value(name: str, text: str, node: etree._Element) -> Invalid:
    """The refusal of a value that cannot be read, with its place."""
    return Invalid(
        "xml.bad_value", property=name, value=text[:60], element=str(node.tag), line=node.sourceline
    )
