"""The offers of all catalogues: ours, and those that the setting `catalogues` names, which go before ours.

A catalogue at a URL is kept on this computer and fetched anew once a day; what was fetched is as good as a file until
the next one comes whole. A catalogue with a fault offers nothing; the others do.
"""

from __future__ import annotations

import hashlib
import os
import time
from functools import cache
from typing import NamedTuple

import msgspec

from innkeeper import config
from innkeeper.errors import Conflict, InnkeeperError, Invalid, NotFound
from innkeeper.image.offers import reading
from innkeeper.image.offers.offer import ARCHES, Offer
from innkeeper.image.offers.resolving import order
from innkeeper.machine import local
from innkeeper.tools import web

__all__ = ["Catalogues", "all", "find", "load", "mirrors", "renew"]

DATA = f"{os.path.dirname(__file__)}/data"
_DAY = 24 * 3600.0
"""Seconds after which a catalogue at a URL is fetched again."""


class Catalogues(NamedTuple):
    """What they offer, and what is wrong with them."""

    offers: tuple[Offer, ...]
    faults: tuple[InnkeeperError, ...]


def all() -> list[Offer]:
    """Every offer, by name and architecture.

    Raises `Invalid("image.mirrors")`. What is wrong with a catalogue of the settings is in `load().faults`.
    """
    return list(load().offers)


def find(name: str, arch: str) -> Offer | None:
    """The offer of that name for that architecture (`x86_64`, `aarch64`), or None.

    Raises a fault of a catalogue of the settings when none that is whole offers it: it might have stood there.
    """
    known = load()
    found = next((offer for offer in known.offers if (offer.name, offer.arch) == (name, arch)), None)
    unread = [fault for fault in known.faults if fault.code.startswith("image.catalogue_")]
    if found is None and unread:
        raise unread[0]
    return found


@cache
def load(fetch: bool = True, anew: bool = False) -> Catalogues:
    """All catalogues of this process's settings. Without `fetch` no server is asked: only what is here counts; with
    `anew` it is asked for what was fetched today too."""
    offers: dict[tuple[str, str], Offer] = {}
    faults: list[InnkeeperError] = []
    for source in _listed("catalogues"):
        for text in _texts(source, fetch, anew, faults):
            good, bad = reading.read(text, source)
            offers = {(offer.name, offer.arch): offer for offer in good} | offers
            faults += bad
    for name in local().files.list(DATA):
        good, bad = reading.read(local().files.read(f"{DATA}/{name}").decode(), name)
        assert not bad, str(bad[0])
        offers = {(offer.name, offer.arch): offer for offer in good} | offers
    instead, known = mirrors(), {offer.distributor for offer in offers.values()}
    choices = ", ".join(sorted(known))
    faults += [
        Invalid("image.mirror_unknown", name=name, choices=choices) for name in instead if name not in known
    ]
    mirrored = [_mirrored(offer, instead) for offer in offers.values()]
    mirrored.sort(key=lambda offer: (order(offer.name), ARCHES.index(offer.arch)))
    return Catalogues(tuple(mirrored), tuple(faults))


def renew() -> Catalogues:
    """Read everything anew, and ask for every catalogue at a URL."""
    load.cache_clear()
    renewed = load(anew=True)
    load.cache_clear()
    return renewed


def mirrors() -> dict[str, str]:
    """Distributor → the address that the setting `mirrors` says instead of its own: `debian=https://…, fedora=https://…`.

    Raises `Invalid("image.mirrors")`.
    """
    found: dict[str, str] = {}
    for one in _listed("mirrors"):
        name, equals, url = one.partition("=")
        name, url = name.strip(), url.strip()
        if not equals or not name or not reading.is_base(url):
            raise Invalid("image.mirrors", mirror=one[:120])
        found[name] = url.rstrip("/")
    return found


def _mirrored(offer: Offer, instead: dict[str, str]) -> Offer:
    base = instead.get(offer.distributor)
    return msgspec.structs.replace(offer, base=base) if base else offer


def _listed(key: str) -> list[str]:
    return [part.strip() for part in config.get(key).split(",") if part.strip()]


def _texts(source: str, fetch: bool, anew: bool, faults: list[InnkeeperError]) -> list[str]:
    """What is to be read of that source: nothing where it would have to be fetched first."""
    try:
        data = _fetched(source, fetch, anew, faults) if web.is_url(source) else _read(source)
        return [] if data is None else [_decoded(data, source)]
    except InnkeeperError as error:
        faults.append(error)
        return []


def _decoded(data: bytes, source: str) -> str:
    if len(data) > reading.MOST:
        raise Conflict("image.catalogue_unread", file=source, reason=f"more than {reading.MOST} bytes")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Conflict("image.catalogue_unread", file=source, reason=str(error)) from error


def _read(source: str) -> bytes:
    path = os.path.expanduser(source)
    if not os.path.isabs(path):
        raise Invalid("image.catalogue_relative", file=source)
    try:
        return local().files.read(path, 0, reading.MOST + 1)
    except InnkeeperError as error:
        raise NotFound("image.catalogue_missing", file=source, reason=error.text()) from error


def _fetched(url: str, fetch: bool, anew: bool, faults: list[InnkeeperError]) -> bytes | None:
    """What is there goes on to count when a server does not answer, or answers with what is no catalogue. The latter is
    told, and the former to who asks for it anew."""
    files, path = local().files, _kept(url)
    kept = files.read(path) if files.exists(path) else None
    young = kept is not None and not anew and 0 <= time.time() - files.modified(path) < _DAY
    if not fetch or young:
        return kept
    try:
        data = web.text(url, reading.MOST)
        bad = _wrong(data, url)
    except InnkeeperError as error:
        data, bad = b"", [Conflict("image.catalogue_unread", file=url, reason=error.text())]
    if bad and kept is None:
        raise bad[0]
    faults += bad if data or anew else []
    good = kept if bad and kept else data
    files.make_dir(os.path.dirname(path), 0o755)
    files.write(path, good)  # asked for again tomorrow, not at each command
    return good


def _wrong(data: bytes, url: str) -> list[InnkeeperError]:
    try:
        return [*reading.read(_decoded(data, url), url)[1]]
    except InnkeeperError as error:
        return [error]


def _kept(url: str) -> str:
    digest = hashlib.sha256(url.encode()).hexdigest()
    return f"{local().state_dir}/catalogues/{digest[:32]}.toml"
