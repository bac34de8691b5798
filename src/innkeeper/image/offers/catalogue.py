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

__all__ = ["Catalogues", "all", "find", "forget", "load", "mirrors"]

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
    if found is None and known.faults:
        raise known.faults[0]
    return found


@cache
def load(fetch: bool = True) -> Catalogues:
    """All catalogues of this process's settings. Without `fetch` nothing is asked of a server: only what is here."""
    offers: dict[tuple[str, str], Offer] = {}
    faults: list[InnkeeperError] = []
    for source in _own():
        try:
            text = _text(source, fetch)
        except InnkeeperError as error:
            faults.append(error)
            continue
        if text is None:
            continue
        good, bad = reading.read(text, source)
        offers = {(offer.name, offer.arch): offer for offer in good} | offers
        faults += bad
    for name in local().files.list(DATA):
        good, bad = reading.read(local().files.read(f"{DATA}/{name}").decode(), name)
        assert not bad, str(bad[0])
        offers = {(offer.name, offer.arch): offer for offer in good} | offers
    instead = mirrors()
    mirrored = [_mirrored(offer, instead) for offer in offers.values()]
    mirrored.sort(key=lambda offer: (order(offer.name), ARCHES.index(offer.arch)))
    return Catalogues(tuple(mirrored), tuple(faults))


def forget() -> None:
    """Read everything anew when next asked; a catalogue at a URL is fetched again."""
    load.cache_clear()
    for source in _own():
        if web.is_url(source):
            local().files.remove(_kept(source))


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


def _own() -> list[str]:
    return _listed("catalogues")


def _listed(key: str) -> list[str]:
    return [part.strip() for part in config.get(key).split(",") if part.strip()]


def _text(source: str, fetch: bool) -> str | None:
    """None for one that would have to be fetched first.

    Raises `NotFound("image.catalogue_missing")`, `Conflict("image.catalogue_unread")`,
    `Invalid("image.catalogue_relative")`.
    """
    data = _fetched(source, fetch) if web.is_url(source) else _read(source)
    if data is None:
        return None
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


def _fetched(url: str, fetch: bool) -> bytes | None:
    """What is there goes on to count when a server does not answer, or answers with what is no catalogue."""
    files, path = local().files, _kept(url)
    kept = files.read(path) if files.exists(path) else None
    if not fetch or (kept is not None and 0 <= time.time() - files.modified(path) < _DAY):
        return kept
    try:
        data = web.text(url, reading.MOST)
    except InnkeeperError as error:
        if kept is None:
            raise Conflict("image.catalogue_unread", file=url, reason=error.text()) from error
        data = kept
    if reading.read(data.decode(errors="replace"), url)[1]:
        if kept is None:
            return data
        data = kept
    files.make_dir(os.path.dirname(path), 0o755)
    files.write(path, data)  # the same again is asked for again tomorrow, not at each command
    return data


def _kept(url: str) -> str:
    digest = hashlib.sha256(url.encode()).hexdigest()
    return f"{local().state_dir}/catalogues/{digest[:32]}.toml"
