"""From an offer to its newest release, by what its distributor publishes. Nothing that comes back is believed further
than it has to be: names stay below the offer's own address, and the digest of just that file must be said once."""

from __future__ import annotations

import re
from typing import NamedTuple

from innkeeper.errors import Conflict
from innkeeper.image.offers import indexes, needs, sums
from innkeeper.image.offers.offer import INLINE, Offer, fill
from innkeeper.image.offers.release import FileSignature, Get, Release

__all__ = ["INDEX_MOST", "SUMS_MOST", "newer", "order", "resolve"]

INDEX_MOST = 8 * 1024 * 1024
SUMS_MOST = 2 * 1024 * 1024
"""Bytes of an index, and of a file of sums. The largest known are a tenth of that."""
_SHOWN = 8
_FIXED = re.compile(r"(?P<version>.+)_(?P<digest>[0-9a-f]{8})")
"""The version of an offer without an index, and the beginning of the digest, which alone tells two apart."""
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,50}")
"""It becomes a part of a name."""


class _Found(NamedTuple):
    version: str
    name: str
    """in the index; a directory's without its slash"""


def newer(one: str, other: str) -> bool:
    """Whether version `one` comes after version `other`: numbers count as numbers; and of an offer without an index,
    which cannot tell, what is something else comes after."""
    first, second = _FIXED.fullmatch(one), _FIXED.fullmatch(other)
    if first and second and first["version"] == second["version"]:
        return first["digest"] != second["digest"]
    return order(one) > order(other)


def order(version: str) -> list[tuple[int, int, str]]:
    """What versions, and names with a version, are sorted by: `9.10` comes after `9.9`."""
    parts = re.findall(r"[0-9]+|[^0-9.-]+", version)
    return [(1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts]


def resolve(offer: Offer, get: Get) -> Release:
    """The newest release of that offer.

    Raises what `get` raises, and `Conflict`: `image.index_unread`, `image.no_release` where nothing is listed that
    looks like it, `image.sums_lack`, `image.sums_differ`, `image.offer_large`.
    """
    entry, texts = offer.entry, _Texts(offer, get)
    found = _newest(offer, texts)
    words = {**offer.words, "version": found.version, "found": found.name}
    words["file"] = fill(offer.file, words)
    words["name"] = words["file"].rpartition("/")[2]
    path = fill(offer.sums, words)
    known = sums.find(
        texts.sums(path, words), words["name"], entry.digest, entry.bare, f"{offer.base}/{path}"
    )
    if known.size is not None and known.size > offer.most:
        raise Conflict("image.offer_large", name=offer.name, size=known.size, most=offer.most)
    return Release(
        name=offer.name,
        arch=offer.arch,
        version=found.version if offer.index is not None else _fixed(found.version, known.digest),
        url=f"{offer.base}/{words['file']}",
        digest=known.digest,
        size=known.size,
        most=offer.most,
        virtual_most=offer.virtual_most,
        format=entry.format,
        packing=entry.packing,
        member=entry.member,
        signed=_signer(offer) if entry.signature else None,
        signature=_file_signature(offer, words),
        facts={**offer.facts(words), "default_memory": needs.of(offer, words).memory},
    )


def _fixed(version: str, digest: str) -> str:
    return f"{version}_{digest.partition(':')[2][:_SHOWN]}"


def _signer(offer: Offer) -> str | None:
    return f"{offer.key.owner} ({offer.key.fingerprint})".strip() if offer.key else None


def _file_signature(offer: Offer, words: dict[str, str]) -> FileSignature | None:
    if not offer.entry.file_signature or offer.key is None:
        return None
    return FileSignature(url=f"{offer.base}/{fill(offer.entry.file_signature, words)}", key=offer.key)


def _newest(offer: Offer, texts: _Texts) -> _Found:
    """The highest version that the index has, or the one that the catalogue says where there is none."""
    if offer.index is None or offer.entry.pattern is None:
        return _Found(offer.entry.version or "", "")
    index = fill(offer.index, offer.words)
    url = f"{offer.base}/{index}"
    pattern = re.compile(fill(offer.entry.pattern, offer.words, literal=True))
    found = []
    for name in indexes.names(texts.index(index), offer.entry.index_kind, url):
        matched = pattern.fullmatch(name)
        if matched:
            version = "-".join(part for part in matched.groups() if part)
            if _VERSION.fullmatch(version):
                found.append(_Found(version, name.rstrip("/")))
    if not found:
        raise Conflict("image.no_release", name=offer.name, arch=offer.arch, url=url)
    return max(found, key=lambda one: order(one.version))


class _Texts:
    """What is fetched for an offer, each text once."""

    def __init__(self, offer: Offer, get: Get) -> None:
        self._offer, self._get = offer, get
        self._read: dict[str, str] = {}

    def index(self, path: str) -> str:
        """Where it is a file of sums, it is signed as sums are: the choice of the newest is the distributor's too."""
        if self._offer.entry.index_kind == "sums":
            return self.sums(path, self._offer.words)
        return self._get.text(f"{self._offer.base}/{path}", INDEX_MOST)

    def sums(self, path: str, words: dict[str, str]) -> str:
        """Sums, after their signature was checked."""
        if path not in self._read:
            self._read[path] = self._fetch(path, words)
        return self._read[path]

    def _fetch(self, path: str, words: dict[str, str]) -> str:
        offer, url = self._offer, f"{self._offer.base}/{path}"
        signature = offer.entry.signature
        if signature is None or offer.key is None:
            return self._get.text(url, SUMS_MOST)
        beside = None
        if signature != INLINE:
            beside = f"{offer.base}/{fill(signature, {**words, 'sums': path})}"
        return self._get.signed_text(url, beside, offer.key, SUMS_MOST)
