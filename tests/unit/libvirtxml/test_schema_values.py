"""What libvirt's schemas let a value be, the views read; and setting what was read leaves it as it was written."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from hypothesis import assume, given, note, settings
from hypothesis import strategies as st
from lxml import etree

from innkeeper.libvirtxml import path as paths
from innkeeper.libvirtxml import tree
from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Flag, Integer, State, Values
from tests.unit.libvirtxml.reach import Owner, Walk
from tests.unit.libvirtxml.relaxng import SCHEMAS, Pattern, data_types, grammar, words
from tests.unit.libvirtxml.views import DOCUMENTS

RANGES = {
    "unsignedShort": (0, 2**16 - 1), "unsignedInt": (0, 2**32 - 1), "unsignedLong": (0, 2**64 - 1),
    "short": (-(2**15), 2**15 - 1), "int": (-(2**31), 2**31 - 1), "long": (-(2**63), 2**63 - 1),
    "integer": (-(2**70), 2**70), "positiveInteger": (1, 2**70),
}  # fmt: skip
LOOSE = {"master_start_port": "a port of a hub, says the schema; libvirt's parser takes a whole number"}
"""Where the schema allows what libvirt refuses."""

UNITS = (
    "b",
    "byte",
    "bytes",
    "Bytes",
    "k",
    "K",
    "KB",
    "kB",
    "KiB",
    "kib",
    "M",
    "MiB",
    "GB",
    "g",
    "TiB",
    "P",
    "EB",
)


@cache
def cases() -> list[tuple[Owner, Pattern]]:
    """Each property that holds one value, with each pattern of the schema for it, once."""
    found: dict[tuple[int, Pattern], tuple[Owner, Pattern]] = {}
    for name, kind in DOCUMENTS.items():
        if name in ("domainsnapshot", "domaincheckpoint"):
            continue  # whole domains over again
        for owner, places in Walk().document(kind, grammar(SCHEMAS, name).start).reached.items():
            if isinstance(owner.prop, Child | Children | Flag | State | Values) or owner.name in LOOSE:
                continue
            for path, patterns in places.items():
                if not path.endswith(f"/@{getattr(owner.prop, 'unit', None)}"):
                    for pattern in (inner for each in patterns for inner in each.children):
                        found.setdefault((id(owner.prop), pattern), (owner, pattern))
    return list(found.values())


@st.composite
def texts(draw: st.DrawFn, pattern: Pattern) -> str:
    """A text that the pattern allows."""
    stated, _ = words([pattern])
    data = list(data_types([pattern]))
    if stated and (not data or draw(st.booleans())):
        return draw(st.sampled_from(sorted(stated)))
    if not data:
        return draw(st.text(st.characters(min_codepoint=32, max_codepoint=0xFFFD, exclude_categories=["Cs"])))
    one = draw(st.sampled_from(data))
    params = dict(each.name.split("=", 1) for each in one.children if each.kind == "param")
    if one.name in RANGES and params.get("pattern", "[0-9]+") == "[0-9]+":
        least, most = RANGES[one.name]
        least, most = int(params.get("minInclusive", least)), int(params.get("maxInclusive", most))
        return str(draw(st.integers(max(least, 0) if "pattern" in params else least, most)))
    if "pattern" in params:
        # In the schemas' own language a dollar is a dollar.
        return draw(st.from_regex(params["pattern"].replace("$", r"\$"), fullmatch=True))
    assert one.name in ("string", "NCName", "anyURI", "dateTime", "double"), one.name
    return draw(st.text(st.sampled_from("aZ0-_./ "), max_size=20))


def write(view: View, path: str, text: str) -> etree._Element:
    """Put a text where a property reads its value, past the property."""
    way = paths.path(path)
    node = paths.ensure(view.node, way.steps)
    if way.attribute:
        node.set(way.attribute, text)
    else:
        tree.set_text(node, text)
    return node


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_what_the_schema_allows_can_be_read(data: st.DataObject) -> None:
    owner, pattern = cases()[data.draw(st.integers(0, len(cases()) - 1))]  # short, when hypothesis shows it
    assume(not isinstance(owner.prop, Integer) or any(words([pattern])[0]) or any(data_types([pattern])))
    text = data.draw(texts(pattern))
    assume(re.fullmatch("[^\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]*", text))
    view: Any = owner.view(etree.Element(owner.view.TAG))
    node = write(view, owner.prop.path, text)
    if hasattr(owner.prop, "unit"):
        node.set(owner.prop.unit, data.draw(st.sampled_from(UNITS)))
    if isinstance(owner.prop, Integer) and re.fullmatch("[0-9a-fA-F]*[a-fA-F89][0-9a-fA-F]*", text.strip()):
        # Where C's rules hold, the schemas let digits of 16 stand without 0x; libvirt's own parser does not.
        assume(owner.prop.base == 16 or (text.isdigit() and not text.startswith("0")))
    note(f"{owner.view.__name__}.{owner.name}: {text!r}")
    value = getattr(view, owner.name)
    before = etree.tostring(view.node)
    setattr(view, owner.name, value)
    if value is not None:
        assert etree.tostring(view.node) == before
    elif text.strip():
        raise AssertionError(f"{owner.view.__name__}.{owner.name} does not see {text!r}")
