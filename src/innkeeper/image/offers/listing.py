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

_AT_ONCE = 4
"""Distributors asked at a time."""


def available(host: Host, get: Get | None = None) -> AvailableImages:
    """Every offer; with `get` their distributors are asked for the newest release first.

    Raises `Invalid("image.mirrors")`. A distributor that does not answer is told in its offers' `problem`.
    """
    if get:
        catalogue.forget()
    offers, faults = catalogue.load()
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

    def one(offer: Offer) -> Release | InnkeeperError:
        try:
            return resolve(offer, get)
        except InnkeeperError as error:
            return error

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(pool.map(one, offers))
    known.remember([answer for answer in answers if isinstance(answer, Release)])
    return {
        _key(offer): answer.text()
        for offer, answer in zip(offers, answers, strict=True)
        if isinstance(answer, InnkeeperError)
    }


def _key(offer: Offer) -> str:
    return f"{offer.name}/{offer.arch}"


def _view(
    offer: Offer, manifest: ImageManifest | None, news: known.Known | None, problem: str | None
) -> OfferView:
    entry, least = offer.entry, needs.of(offer)
    here = manifest if manifest and manifest.arch == offer.arch else None
    signed = entry.signature or entry.file_signature
    return OfferView(
        name=offer.name,
        title=entry.title,
        arch=offer.arch,
        distributor=offer.distributor,
        os=entry.os,
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
