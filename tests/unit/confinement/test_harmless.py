"""The table of what in a document is harmless, held against libvirt's own schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from innkeeper.guest.keeping import foreign
from innkeeper.server.confinement.harmless import TABLE, is_harmless
from tests.unit.libvirtxml.relaxng import SCHEMAS, Pattern, elements, grammar, within

TYPES = frozenset((
    "absDirPath", "absFilePath", "deviceName", "dirPath", "filePath", "unixSocketPath", "vmwarePath", "pciaddress",
    "usbaddress", "scsiaddress", "ccwaddress",
))  # fmt: skip
"""libvirt's types of values that name something of a host"""
GUESTS_OWN = {
    "devices/disk/target@dev",
    "devices/filesystem/target@dir",
    "devices/interface/source@portgroup",
    "devices/video/model/acceleration@rendernode",
}
"""Of those types, but names inside the guest, or of libvirt's own; the last has to be absolute, and is refused so."""


class Spot(NamedTuple):
    path: str
    what: str
    types: frozenset[str]


def types_of(patterns: list[Pattern], seen: frozenset[int] = frozenset()) -> Iterator[str]:
    for pattern in patterns:
        if id(pattern) in seen or pattern.kind in ("element", "attribute"):
            continue
        if pattern.kind == "ref":
            yield pattern.name
        yield from types_of(pattern.resolved(), seen | {id(pattern)})


def spots() -> list[Spot]:
    """Every attribute and text that libvirt's schema of a guest has."""
    found: dict[tuple[str, str], set[str]] = {}
    walked: set[tuple[int, str]] = set()

    def walk(pattern: Pattern, path: str) -> None:
        if (id(pattern), path) in walked or max(map(path.split("/").count, path.split("/"))) > 2:
            return
        walked.add((id(pattern), path))
        inside = within(pattern, {})
        if inside is None:  # notAllowed
            return
        for name, patterns in inside.attributes.items():
            values = [child for one in patterns for child in one.children]
            found.setdefault((path, name), set()).update(types_of(values))
        if inside.texts:
            found.setdefault((path, "#"), set()).update(types_of([pattern]))
        for child in inside.elements:
            walk(child, f"{path}/{child.name}" if path else child.name)

    for root in elements(grammar(SCHEMAS, "domain").start):
        if root.name == "domain":
            walk(root, "")
    return [Spot(path, what, frozenset(types)) for (path, what), types in sorted(found.items())]


SPOTS = spots()


def test_the_schema_is_walked() -> None:
    assert len(SPOTS) > 1500
    paths = {(spot.path, spot.what) for spot in SPOTS}
    for path in (
        ("devices/disk/source", "file"),
        ("os/kernel", "#"),
        ("devices/hostdev/rom", "file"),
        ("devices/serial/log", "file"),
        ("devices/shmem/server", "path"),
    ):
        assert path in paths


def test_what_libvirt_calls_a_path_or_a_device_is_not_harmless() -> None:
    wrong = [
        f"{spot.path}@{spot.what}"
        for spot in SPOTS
        if spot.types & TYPES and any(is_harmless(spot.path, spot.what, word) for word in ("shadow", "sda"))
    ]
    assert set(wrong) <= GUESTS_OWN


def test_what_is_called_like_a_file_is_not_harmless() -> None:
    """Whatever type libvirt gives it."""
    named = foreign.PATHS - {"startupPolicy"}
    wrong = [
        f"{spot.path}@{spot.what}"
        for spot in SPOTS
        if spot.what in named and is_harmless(spot.path, spot.what, "x")
    ]
    assert wrong == ["devices/video/model/acceleration@rendernode"], (
        "which has to be absolute, and is refused so"
    )
    assert not is_harmless("devices/video/model/acceleration", "rendernode", "/dev/dri/renderD128")


@pytest.mark.parametrize(
    "value",
    [
        "/etc/shadow",
        "../../etc/shadow",
        "./x",
        "x/../../etc/shadow",
        "file:///etc/shadow",
        "nbd://192.0.2.1/x",
        "a\0b",
    ],
)
def test_no_place_takes_what_looks_like_a_file_but_free_texts(value: str) -> None:
    free = ("title", "description", "name", "metadata", "os/cmdline", "sysinfo/", "devices/disk/serial",
            "devices/disk/vendor", "devices/disk/product", "devices/graphics")  # fmt: skip
    wrong = [
        f"{spot.path}@{spot.what}"
        for spot in SPOTS
        if is_harmless(spot.path, spot.what, value) and not spot.path.startswith(free)
    ]
    assert wrong == []
    assert not is_harmless("devices/graphics", "listen", value)
    assert not is_harmless("sysinfo/entry", "file", value)


def test_the_table_names_what_libvirt_knows() -> None:
    """A word that is misspelt would be refused for ever; what newer versions know is let through here."""
    known = {spot.path for spot in SPOTS} | {
        spot.path.rsplit("/", count)[0] for spot in SPOTS for count in range(spot.path.count("/") + 1)
    }
    newer = (
        "throttlegroups",
        "devices/disk/throttlefilters",
        "devices/nvram",
        "devices/graphics/audio",
        "devices/crypto",
    )
    bare = ("memoryBacking/nosharepages", "memoryBacking/discard", "devices/tpm/backend/active_pcr_banks",
            "devices/disk/readonly", "devices/disk/transient", "devices/panic")  # fmt: skip
    shared = ("/alias", "/acpi", "/boot")
    said = {line.split()[0] for line in TABLE.split("\n") if line}
    assert not [
        path
        for path in sorted(said - known - set(bare))
        if not path.startswith(newer) and not path.endswith(shared)
    ]
