"""Names that a server lists: a web server's page of a directory, a table in JSON, or a file of sums."""

from __future__ import annotations

import html
import json
import re
from urllib.parse import unquote, urlsplit

from innkeeper.errors import Conflict
from innkeeper.image.offers import sums

__all__ = ["names"]

_MOST = 100_000
"""Names of one index that are looked at."""
_LINK = re.compile(r"""\bhref\s*=\s*(?:"([^"<>]{1,1000})"|'([^'<>]{1,1000})')""", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+~:-]{0,254}/?")
"""A name that cannot lead anywhere else; a directory's ends with a slash"""


def names(text: str, kind: str, url: str) -> list[str]:
    """The names in an index, in its order, each once; a directory's with a slash at its end.

    `html`: what a page links to, whatever it looks like: a mirror's page is another than its distributor's. `json`: the
    table that openSUSE's servers answer `?jsontable` with. `sums`: of what there is a sum.
    Raises `Conflict("image.index_unread")`.
    """
    if kind == "html":
        found = [_last(link[1] or link[2]) for link in _LINK.finditer(text)]
    elif kind == "json":
        found = _table(text, url)
    else:
        found = sums.names(text)
    return [name for name in dict.fromkeys(found[:_MOST]) if _NAME.fullmatch(name)]


def _last(link: str) -> str:
    """The last part of what a link points to: the rest is said by where the index is, never by the page."""
    try:
        path = unquote(urlsplit(html.unescape(link)).path)
    except ValueError:
        return ""
    slash = "/" if path.endswith("/") else ""
    return path.rstrip("/").rpartition("/")[2] + slash


def _table(text: str, url: str) -> list[str]:
    try:
        table = json.loads(text)
        rows = table["data"]
        return [row["name"] for row in rows if isinstance(row["name"], str)]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Conflict("image.index_unread", url=url) from error
