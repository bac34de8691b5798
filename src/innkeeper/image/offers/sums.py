"""Published sums: which digest a text says a file has. Whoever wrote it may lie or be careless about everything."""

from __future__ import annotations

import re
from typing import NamedTuple

from innkeeper.errors import Conflict

__all__ = ["Sum", "find", "names"]

_HEX = {"sha256": 64, "sha512": 128}
_COREUTILS = re.compile(r"(?P<digest>[0-9A-Fa-f]{64,128})(?: \*|  ?)(?P<name>\S.*)")
"""`DIGEST  NAME`, `DIGEST *NAME` of a binary file, and with one blank, as openSUSE's build service once wrote it"""
_BSD = re.compile(r"(?P<kind>SHA256|SHA512) \((?P<name>.+)\) = (?P<digest>[0-9A-Fa-f]{64,128})")
_SIZE = re.compile(r"# (?P<name>\S.*): (?P<size>[0-9]{1,19}) bytes")
"""A comment of Fedora's, CentOS's and Rocky's files"""


class Sum(NamedTuple):
    """A digest, and the size where one is said."""

    digest: str
    """`sha256:…`"""
    size: int | None


def find(text: str, name: str, algorithm: str, bare: bool, url: str) -> Sum:
    """What the text from that URL says of the file of exactly that name; `bare`: of the one file that it is about.

    Raises `Conflict("image.sums_lack")` when it says nothing of it, `Conflict("image.sums_differ")` when it says two
    things.
    """
    lines = [line.strip() for line in text.splitlines()]
    digests = _alone(text, algorithm) if bare else _named(lines, name, algorithm)
    sizes = {int(found["size"]) for found in map(_SIZE.fullmatch, lines) if found and found["name"] == name}
    if not digests:
        raise Conflict("image.sums_lack", url=url, name=name, digest=algorithm)
    if len(digests) > 1 or len(sizes) > 1:
        raise Conflict("image.sums_differ", url=url, name=name)
    return Sum(f"{algorithm}:{digests.pop()}", sizes.pop() if sizes else None)


def names(text: str) -> list[str]:
    """Every name that the text has a digest of, as it is written there."""
    found = (_COREUTILS.fullmatch(line.strip()) or _BSD.fullmatch(line.strip()) for line in text.splitlines())
    return [_base(line["name"]) for line in found if line]


def _named(lines: list[str], name: str, algorithm: str) -> set[str]:
    digests = set[str]()
    for line in lines:
        found = _COREUTILS.fullmatch(line)
        if found is None:
            found = _BSD.fullmatch(line)
            if found and found["kind"].lower() != algorithm:
                continue
        if found and _base(found["name"]) == name and len(found["digest"]) == _HEX[algorithm]:
            digests.add(found["digest"].lower())
    return digests


def _alone(text: str, algorithm: str) -> set[str]:
    """The one digest that is all the text."""
    words = text.split()
    if len(words) == 1 and re.fullmatch(rf"[0-9A-Fa-f]{{{_HEX[algorithm]}}}", words[0]):
        return {words[0].lower()}
    return set()


def _base(name: str) -> str:
    """`./NAME` is NAME, as `find` and `sha256sum` write it; any other path is another file."""
    return name.removeprefix("./")
