"""The only door through which XML text becomes lxml nodes.

What others wrote is not trusted: a document type (and with it every entity, the billion laughs and the files
of the host) is refused before the parser sees it, nothing is loaded from disk or network, and size and depth
are limited.
"""

from __future__ import annotations

import re

from lxml import etree

from innkeeper.errors import Invalid

SIZE_LIMIT = 4 * 1024 * 1024
"""Bytes. libvirt's protocol allows no longer string (VIR_NET_MESSAGE_STRING_MAX), so none of its documents
is longer.
"""

DEPTH_LIMIT = 240
"""Elements within elements. The deepest that libvirt writes is a backing chain, which it limits to 200; the
parser itself stops at 256.
"""

_DECLARATION = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_PROLOG = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)


def parse(text: str | bytes, root: str, *, limit: int = SIZE_LIMIT) -> etree._Element:
    """The root element of a document whose root must be called `root`; comments and whitespace are kept.

    Raises Invalid: `xml.too_large`, `xml.forbidden_dtd`, `xml.malformed`, `xml.too_deep`, `xml.wrong_root`.
    """
    if len(text) > limit:
        raise Invalid("xml.too_large", limit=limit)
    content = _decoded(text) if isinstance(text, bytes) else text.removeprefix("\ufeff")
    _refuse_document_type(content)
    # A parser for each call: it keeps its last document and is not for several threads.
    parser = etree.XMLParser(
        encoding="utf-8",  # overrides the declaration, which no longer says what these bytes are
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        strip_cdata=False,
        remove_comments=False,
        remove_pis=False,
    )
    try:
        node = etree.fromstring(content.encode("utf-8", "surrogatepass"), parser)
    except etree.XMLSyntaxError as error:
        raise Invalid("xml.malformed", line=error.lineno or 1, reason=error.msg or "not XML") from error
    if node.getroottree().docinfo.internalDTD is not None:
        raise Invalid("xml.forbidden_dtd")
    _refuse_depth(node)
    if node.tag != root:
        raise Invalid("xml.wrong_root", expected=root, found=str(node.tag))
    return node


def _decoded(data: bytes) -> str:
    """The text of a file. What states no encoding is UTF-8."""
    declared = _DECLARATION.match(data)
    name = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    if declared and name != "utf-16":
        stated = declared[1].decode("ascii")
        name = name if stated.lower() in ("utf-8", "utf8") else stated
    try:
        return data.decode(name)
    except (UnicodeError, LookupError) as error:
        raise Invalid("xml.malformed", line=1, reason=str(error)) from error


def _refuse_document_type(content: str) -> None:
    # A document type can stand only before the first element: walk over what else may stand there.
    at = 0
    while found := _PROLOG.match(content, at):
        at = found.end()
    if content.startswith("<!", at):
        raise Invalid("xml.forbidden_dtd")


def _refuse_depth(root: etree._Element) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEPTH_LIMIT:
            raise Invalid("xml.too_deep", limit=DEPTH_LIMIT)
