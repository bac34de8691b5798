"""The newest release of each offer that this computer knows of: what its distributor said when it was last asked."""

from __future__ import annotations

import time

import msgspec
from msgspec import Struct

from innkeeper.errors import InnkeeperError
from innkeeper.image.offers.offer import Offer
from innkeeper.image.offers.release import Release
from innkeeper.image.offers.resolving import newer
from innkeeper.machine import local
from innkeeper.schema.image import ImageManifest

__all__ = ["Known", "all", "behind", "remember"]


class Known(Struct, frozen=True, kw_only=True):
    """A release, and when it was the newest (Unix seconds)."""

    version: str
    digest: str
    url: str
    asked: float


def all() -> dict[str, Known]:
    """By `NAME/ARCH`. A file that cannot be read is one in which nothing is known."""
    path = _path()
    try:
        text = local().files.read(path) if local().files.exists(path) else b"{}"
        return msgspec.json.decode(text, type=dict[str, Known])
    except (InnkeeperError, msgspec.DecodeError):
        return {}


def remember(releases: list[Release]) -> None:
    """Keep what distributors just said. It is only news: who cannot write it goes on without."""
    now = time.time()
    found = {
        f"{one.name}/{one.arch}": Known(version=one.version, digest=one.digest, url=one.url, asked=now)
        for one in releases
    }
    try:
        local().files.make_dir(local().state_dir)
        local().files.write(_path(), msgspec.json.encode(all() | found))
    except (InnkeeperError, OSError):
        return


def behind(manifest: ImageManifest, offer: Offer, known: Known | None) -> bool | None:
    """Whether a newer release is known than the one that the image was fetched from; None where nobody can say."""
    origin = manifest.origin
    if known is None or origin is None or origin.offer != offer.name or manifest.arch != offer.arch:
        return None
    if origin.digest == known.digest:
        return False
    return newer(known.version, origin.version or manifest.release or "")


def _path() -> str:
    return f"{local().state_dir}/offers.json"
