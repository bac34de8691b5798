"""Reading a catalogue strictly: what is not understood whole is not used, and each fault is told in a line."""

from __future__ import annotations

import re
import tomllib
from typing import Any
from urllib.parse import urlsplit

import msgspec

from innkeeper.errors import Invalid
from innkeeper.image.offers.offer import INLINE, Arch, CatalogueFile, ImageEntry, Offer, fill
from innkeeper.image.offers.release import SigningKey
from innkeeper.schema.sizes import parse_size

__all__ = ["MOST", "is_base", "read"]

MOST = 1024 * 1024
"""Bytes of a catalogue."""
_FINGERPRINT = re.compile(r"[0-9A-F]{40}|[0-9A-F]{64}")
_WHEN_FOUND = {"version": "1", "found": "x", "file": "x", "name": "x", "sums": "x"}
"""Words of a path that only a release fills in."""


def read(text: str, source: str) -> tuple[list[Offer], list[Invalid]]:
    """The offers of a catalogue, and what is wrong with it; with any fault there are no offers.

    `source` is the file or URL that it came from. Each fault is `Invalid("image.catalogue_…")`.
    """
    try:
        written = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return [], [Invalid("image.catalogue_syntax", file=source, reason=str(error))]
    shared = written.pop("shared", {})
    try:
        catalogue = msgspec.convert(written, CatalogueFile)
    except msgspec.ValidationError as error:
        return [], [_field(source, "-", error)]
    reader = _Reader(catalogue, source)
    if not is_base(catalogue.base):
        reader.fault("url", "-", url=catalogue.base)
    if not isinstance(shared, dict):
        reader.fault("field", "shared", reason="Expected `object`")
    else:
        for number, image in enumerate(catalogue.image, 1):
            reader.image({**shared, **image}, f"image {number} ({str(image.get('name', '?'))[:63]})")
    return ([] if reader.faults else reader.offers), reader.faults


def is_base(url: str) -> bool:
    """Whether it is the address of a web server's directory that paths may be put behind."""
    try:
        parts = urlsplit(url)
        usual = parts.scheme in ("http", "https") and parts.hostname and not (parts.query or parts.fragment)
    except ValueError:
        return False
    return bool(usual) and url.isascii() and url.isprintable() and not set(" '\"\\{}<>") & set(url)


def _field(source: str, where: str, error: msgspec.ValidationError) -> Invalid:
    reason, _, path = str(error).partition(" - at ")
    named = path.strip("`$.")
    place = ": ".join(part for part in (where, named) if part and part != "-") or "-"
    return Invalid("image.catalogue_field", file=source, where=place, reason=reason)


class _Reader:
    """Gathers the offers of one catalogue, and its faults."""

    def __init__(self, catalogue: CatalogueFile, source: str) -> None:
        self.catalogue, self.source = catalogue, source
        self.offers: list[Offer] = []
        self.faults: list[Invalid] = []

    def fault(self, kind: str, where: str, **facts: str) -> None:
        self.faults.append(Invalid(f"image.catalogue_{kind}", file=self.source, where=where, **facts))

    def image(self, written: dict[str, Any], where: str) -> None:
        """One image and all its architectures."""
        try:
            entry = msgspec.convert(written, ImageEntry)
        except msgspec.ValidationError as error:
            self.faults.append(_field(self.source, where, error))
            return
        self._key(entry, where)
        sizes = self._sizes(entry, where)
        for arch in entry.arches:
            if any((offer.name, offer.arch) == (entry.name, arch) for offer in self.offers):
                self.fault("twice", where, name=entry.name, arch=arch)
            offer = self._offer(entry, arch, sizes)
            self._paths(offer, f"{where} {arch}")
            self.offers.append(offer)

    def _offer(self, entry: ImageEntry, arch: Arch, sizes: dict[str, int]) -> Offer:
        return Offer(
            entry=entry,
            arch=arch,
            distributor=self.catalogue.distributor,
            base=self.catalogue.base.rstrip("/"),
            catalogue=self.source,
            words={"arch": arch, **entry.words, **entry.arches[arch].words},
            key=entry.key or self.catalogue.key,
            min_memory=sizes.get("min_memory"),
            most=sizes.get("most", 0),
            virtual_most=sizes.get("virtual_most", 0),
        )

    def _sizes(self, entry: ImageEntry, where: str) -> dict[str, int]:
        """Bytes of what is written for people."""
        said = {
            "min_memory": entry.min_memory,
            "most": entry.most,
            "virtual_most": entry.virtual_most,
            "needs.memory": entry.needs.memory,
            "needs.disk": entry.needs.disk,
        }
        sizes: dict[str, int] = {}
        for name, text in said.items():
            try:
                sizes.update({name: parse_size(text, name)} if text is not None else {})
            except Invalid:
                self.fault("size", f"{where}: {name}", value=str(text)[:32])
        return sizes

    def _key(self, entry: ImageEntry, where: str) -> None:
        """A signature is nothing without the key it has to be of."""
        key: SigningKey | None = entry.key or self.catalogue.key
        if (entry.signature or entry.file_signature) and key is None:
            self.fault("key", where)
        if key and not _FINGERPRINT.fullmatch(key.fingerprint):
            self.fault("fingerprint", where, fingerprint=key.fingerprint[:80])
        if key and (key.url is not None and not _is_url(key.url)):
            self.fault("url", where, url=key.url)
        if key and not key.url and not key.file:
            self.fault("key_source", where)

    def _paths(self, offer: Offer, where: str) -> None:
        """Everything that a release is found by can be filled in."""
        entry = offer.entry
        known = {**offer.words, **_WHEN_FOUND}
        signature = entry.signature if entry.signature != INLINE else None
        paths = {"file": offer.file, "sums": offer.sums, "file_signature": entry.file_signature}
        for name, path in paths.items():
            self._path(path, known, f"{where}: {name}")
        early = {**offer.words, "sums": "x"} if entry.index_kind == "sums" else known
        self._path(signature, early, f"{where}: signature")
        self._path(offer.index, offer.words, f"{where}: index")
        for name, text in (("os", entry.os), ("osinfo", entry.osinfo)):
            if text and offer.of_osinfo(text, _WHEN_FOUND) is None:
                self.fault("word", f"{where}: {name}", word=text)
        if (offer.index is None) == (entry.version is None) or (offer.index is None) != (
            entry.pattern is None
        ):
            self.fault("version", where)
        self._pattern(offer, where)
        if entry.boot_pattern is not None:
            self._expression(entry.boot_pattern, f"{where}: boot_pattern")

    def _path(self, path: str | None, words: dict[str, str], where: str) -> None:
        if path is None:
            return
        try:
            filled = fill(path, words)
        except KeyError as error:
            self.fault("word", where, word=str(error.args[0]))
            return
        if "{" in filled or "}" in filled or ".." in filled.split("/") or "//" in filled:
            self.fault("path", where, path=path)

    def _pattern(self, offer: Offer, where: str) -> None:
        if offer.entry.pattern is None:
            return
        try:
            filled = fill(offer.entry.pattern, offer.words, literal=True)
        except KeyError as error:
            self.fault("word", f"{where}: pattern", word=str(error.args[0]))
            return
        expression = self._expression(filled, f"{where}: pattern")
        if expression is not None and not expression.groups:
            self.fault("pattern", f"{where}: pattern", reason="no group ( ) holds the version")

    def _expression(self, text: str, where: str) -> re.Pattern[str] | None:
        try:
            return re.compile(text)
        except (re.error, RecursionError, OverflowError) as error:
            self.fault("pattern", where, reason=str(error))
            return None


def _is_url(url: str) -> bool:
    """Whether a key may be fetched from there; unlike a base it may ask a question."""
    return is_base(url.partition("?")[0]) and url.isascii() and url.isprintable() and " " not in url
