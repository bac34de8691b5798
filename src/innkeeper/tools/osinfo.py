"""osinfo-db: what is known of operating systems. Its XML files are read as they are; libosinfo itself needs GObject.

Where they are, and that an OS with the id `http://HOST/NAME/VERSION` stands in `os/HOST/NAME-VERSION.xml`, is said by
libosinfo's docs/database-layout.txt. What an administrator put below /etc/osinfo goes before what the package brought.
"""

from __future__ import annotations

import os
import re
from functools import cache
from typing import NamedTuple

from lxml import etree

from innkeeper.errors import InnkeeperError
from innkeeper.machine import local

__all__ = ["PACKAGE", "Os", "find"]

PACKAGE = "osinfo-db"
_ID = re.compile(r"https?://(?P<host>[A-Za-z0-9._-]+)/(?P<rest>[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*)")
_MOST = 4 * 1024 * 1024
"""Bytes of a file of it. The largest has half a megabyte."""


class Os(NamedTuple):
    """Sizes in bytes; None where it does not say."""

    name: str
    memory: int | None
    disk: int | None
    cpus: int | None
    supported_until: str | None


@cache
def find(identity: str, arch: str) -> Os | None:
    """What it knows of the OS with that id on that architecture, or None: it is not installed, or too old."""
    found = _ID.fullmatch(identity)
    if found is None or ".." in identity:
        return None
    name = found["rest"].replace("/", "-")
    for directory in _directories():
        node = _read(f"{directory}/os/{found['host']}/{name}.xml", identity)
        if node is not None:
            return _os(node, arch)
    return None


def _directories() -> list[str]:
    """The first goes before the second, as in libosinfo."""
    return [
        os.environ.get("OSINFO_LOCAL_DIR", "/etc/osinfo"),
        os.environ.get("OSINFO_SYSTEM_DIR", "/usr/share/osinfo"),
    ]


def _read(path: str, identity: str) -> etree._Element | None:
    """A file that cannot be read is one that knows nothing."""
    try:
        text = local().files.read(path, 0, _MOST) if local().files.exists(path) else b""
    except InnkeeperError:
        return None
    if not text:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError:
        return None
    return next((node for node in root.iter("os") if node.get("id") == identity), None)


def _os(node: etree._Element, arch: str) -> Os:
    return Os(
        name=_plain(node, "name") or "",
        memory=_least(node, arch, "ram"),
        disk=_least(node, arch, "storage"),
        cpus=_least(node, arch, "n-cpus"),
        supported_until=_plain(node, "eol-date"),
    )


def _plain(node: etree._Element, tag: str) -> str | None:
    """The text of a child that is of no one language."""
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    texts = (child.text for child in node.findall(tag) if child.get(language) is None)
    return next((text.strip() for text in texts if text), None)


def _least(node: etree._Element, arch: str, tag: str) -> int | None:
    """A minimum of that architecture, else of all of them."""
    for wanted in (arch, "all"):
        for resources in node.findall("resources"):
            text = resources.findtext(f"minimum/{tag}") if resources.get("arch") == wanted else None
            if text and text.strip().isascii() and text.strip().isdigit() and len(text.strip()) < 19:
                return int(text) or None
    return None
