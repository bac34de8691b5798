"""`image.list --available`: what can be had, what of it is there, and of what a newer release is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.errors import InnkeeperError
from innkeeper.image.catalogue import manifests, release_of
from innkeeper.image.offers import catalogue, known, needs
from innkeeper.image.offers.offer import Offer
from innkeeper.image.offers.release import Get, Release
from innkeeper.image.offers.resolving import resolve
from innkeeper.schema.image_offers import AvailableImages, OfferView

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.schema.image import ImageManifest

__all__ = ["ask", "available"]

_AT_ONCE = 8
"""Distributors asked at a time."""


def available(host: Host, get: Get | None = None) -> AvailableImages:
    """Every offer; with `get` their distributors are asked for the newest release first.

    Raises `Invalid("image.mirrors")`. A distributor that does not answer is told in its offers' `problem`.
    """
    offers, faults = catalogue.renew() if get else catalogue.load()
    problems = ask(list(offers), get) if get else {}
    there = {manifest.name: manifest for manifest in manifests(host)}
    news = known.all()
    views = [
        _view(offer, there.get(offer.name), news.get(_key(offer)), problems.get(_key(offer)))
        for offer in offers
    ]
    return AvailableImages(offers=tuple(views), faults=tuple(fault.text() for fault in faults))


def ask(offers: list[Offer], get: Get) -> dict[str, str]:
    """Ask distributors for the newest release of each, and remember it. NAME/ARCH → why that could not be found out."""
    from concurrent.futures import ThreadPoolExecutor

    of_each: dict[str, list[Offer]] = {}
    for offer in offers:
        of_each.setdefault(offer.base, []).append(offer)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(pool.map(lambda some: _ask_one(some, get), of_each.values()))
    known.remember([release for releases, _ in answers for release in releases])
    return {key: why for _, problems in answers for key, why in problems.items()}


def _ask_one(offers: list[Offer], get: Get) -> tuple[list[Release], dict[str, str]]:
    """One distributor. Where nobody answers, nobody is asked again and again."""
    releases: list[Release] = []
    problems: dict[str, str] = {}
    dead = ""
    for offer in offers:
        if dead:
            problems[_key(offer)] = dead
            continue
        try:
            releases.append(resolve(offer, get))
        except InnkeeperError as error:
            problems[_key(offer)] = error.text()
            dead = error.text() if error.code == "web.unreachable" else ""
    return releases, problems


def _key(offer: Offer) -> str:
    return f"{offer.name}/{offer.arch}"


def _view(
    offer: Offer, manifest: ImageManifest | None, news: known.Known | None, problem: str | None
) -> OfferView:
    words = {"version": news.version} if news else None
    entry, least = offer.entry, needs.of(offer, words)
    here = manifest if manifest and manifest.arch == offer.arch else None
    signed = entry.signature or entry.file_signature
    return OfferView(
        name=offer.name,
        title=entry.title,
        arch=offer.arch,
        distributor=offer.distributor,
        os=offer.of_osinfo(entry.os, words),
        memory=least.memory,
        disk=least.disk,
        cpus=least.cpus,
        firmware=offer.firmware,
        user=entry.user,
        login=entry.login,
        cloud_init=entry.cloud_init,
        agent=entry.agent,
        supported_until=least.supported_until,
        signed_by=offer.key.owner if signed and offer.key else None,
        there=release_of(here) if here else None,
        newest=news.version if news else None,
        asked=news.asked if news else None,
        newer=known.behind(here, offer, news) if here else None,
        problem=problem,
        catalogue=offer.catalogue,
    )
