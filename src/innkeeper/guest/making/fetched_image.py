"""An image that a new guest wants, that is not there, and that the catalogue offers: it is pulled first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from innkeeper.guest import naming
from innkeeper.guest.making import contradictions
from innkeeper.guest.making.draft import names_of
from innkeeper.image.catalogue import POOL, find, manifest_name
from innkeeper.schema.names import RELEASE, check_name
from innkeeper.verbs import Plan, Preparation, verb
from innkeeper.virt import storage

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Reporter
    from innkeeper.schema.guest import GuestCreate
    from innkeeper.schema.image_pull import ImagePull

__all__ = ["prepare"]


def prepare(host: Host, request: GuestCreate) -> Preparation | None:
    """None where the image is there, or nobody offers it. What is refused without a look at the image is refused now,
    before hundreds of megabytes are fetched for it."""
    image = request.image
    if not image or RELEASE in image or _is_there(host, image):
        return None
    from innkeeper.image import offers  # TOML, curl and all that they load
    from innkeeper.schema.image_pull import ImagePull

    check_name(image, "image")
    wanted = ImagePull(name=image, arch=request.arch or host.support.arch)
    if offers.find(image, str(wanted.arch)) is None:
        return None
    names = names_of(request)
    for name in names:
        check_name(name)
        naming.free(host, name)
    contradictions.refuse(request)

    def plan() -> Plan:
        return _plan(host, wanted, names)

    def run(report: Reporter | None) -> object:
        return verb("image.pull").perform(host, wanted, report)

    return Preparation(plan, run)


def _is_there(host: Host, image: str) -> bool:
    """A look at one volume where it is, as it nearly always is."""
    pool = storage.find_pool(host.virt, POOL)
    if pool is None or not pool.active:
        return False
    return pool.find(manifest_name(image)) is not None or find(host, image) is not None


def _plan(host: Host, wanted: ImagePull, names: list[str]) -> Plan:
    """The guest's own plan needs the image: what it asks for, and how large its disk is."""
    pulled: Plan = verb("image.pull").planned(host, wanted)
    after = f"then create {', '.join(names)} of it; what that comes to can be told once the image is there"
    return replace(pulled, summary=[*pulled.summary, after])
