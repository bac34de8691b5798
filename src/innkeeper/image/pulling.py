"""`image.pull`: an image that the catalogue offers. Fetched to this computer, checked against what its distributor
published, then uploaded to the host.

Two who pull the same image wait for each other: the second finds it there.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from innkeeper.errors import Busy, Conflict, NotFound, Unsupported
from innkeeper.image import downloads, offers, publish, pull_plans
from innkeeper.image.catalogue import find, view
from innkeeper.image.getting import Getter
from innkeeper.image.offers import known
from innkeeper.machine import local
from innkeeper.schema.image import ImageManifest, ImageOrigin
from innkeeper.schema.image_pull import ImagePull, Pulled
from innkeeper.schema.names import check_name
from innkeeper.tools import curl, gpgv, programs, qemu_img, unpacking
from innkeeper.tools.image_facts import refuse_unsafe
from innkeeper.verbs import Plan, Verb

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.image.offers import Offer, Release
    from innkeeper.operation import Operation, Reporter

__all__ = ["VERBS"]

_OTHER_NAMES = {"amd64": "x86_64", "arm64": "aarch64"}
_SLACK = 64 << 20
"""Bytes that a qcow2 file may have beyond its disk's size and a 64th of it, for its tables."""
_TURN = 0.3
"""Seconds between two looks whether the other pull is over."""


@dataclass(frozen=True)
class _Decided:
    """What is to be fetched; no release where the image that is there does."""

    there: ImageManifest | None
    release: Release | None
    take: bool
    getter: Getter
    built: float


def _name(request: ImagePull) -> str:
    return request.new_name or request.name


def _check(host: Host, request: ImagePull) -> _Decided:
    check_name(_name(request), "image")
    arch = _arch(host, request)
    offer = _offer(request.name, arch)
    there = find(host, _name(request))
    getter, built = Getter(), float(round(time.time()))
    if there is None:
        publish.refuse_taken(host, _name(request))
    elif there.origin is None or (there.origin.offer, there.arch) != (request.name, arch):
        raise Conflict("image.not_pulled", name=_name(request), offer=request.name, arch=arch)
    elif not request.refresh:
        return _Decided(there, None, False, getter, built)
    _refuse_lacking({**curl.PROGRAMS, **(gpgv.PROGRAMS if offer.key else {}), "qemu-img": "qemu-utils"})
    release = offers.resolve(offer, getter)
    if release.packing:
        _refuse_lacking(unpacking.programs_of(release.packing))
    return _Decided(there, release, _is_newer(release, there), getter, built)


def _arch(host: Host, request: ImagePull) -> str:
    said = request.arch or host.support.arch
    return _OTHER_NAMES.get(said, said)


def _offer(name: str, arch: str) -> Offer:
    found = offers.find(name, arch)
    if found is not None:
        return found
    known = offers.all()
    arches = [one.arch for one in known if one.name == name]
    if arches:
        raise NotFound("image.not_offered_for", name=name, arch=arch, choices=", ".join(arches))
    from difflib import get_close_matches

    near = get_close_matches(name, sorted({one.name for one in known}), 3, 0.5)
    raise NotFound("image.not_offered", name=name[:80], near=", ".join(near) or "-")


def _refuse_lacking(needed: dict[str, str]) -> None:
    absent = programs.missing(local(), needed)
    if absent:
        packages = " ".join(dict.fromkeys(absent.values()))
        raise Unsupported("image.programs", programs=", ".join(absent), packages=packages)


def _is_newer(release: Release, there: ImageManifest | None) -> bool:
    """A mirror that is behind offers nothing newer, and the same file is the same image whatever it is called."""
    if there is None or there.origin is None:
        return True
    if there.origin.digest == release.digest:
        return False
    return offers.newer(release.version, there.origin.version or there.release or "")


def _run(host: Host, request: ImagePull, operation: Operation) -> Pulled:
    decided: _Decided = operation.decided
    release, there = decided.release, decided.there
    if release is not None:
        known.remember([release])
    if there is not None and not decided.take:
        version = release.version if release else None
        return Pulled(
            image=view(there),
            outcome="current" if release else "there",
            version=version,
            signed=release.signed if release else None,
        )
    assert release is not None
    source = downloads.Source(release.url, release.digest, release.most, release.size)
    workdir = operation.workdir()
    with operation.step("download"):
        disk = downloads.take(source, f"{workdir}/published", operation)
        if release.signature:
            decided.getter.check_file(release.url, disk, release.signature)
    with operation.step("unpack"):
        disk = _unpack(release, disk, f"{workdir}/unpacked", operation)
    with operation.step("convert"):
        disk, virtual_size = _convert(release, disk, f"{workdir}/disk.qcow2", operation)
    manifest = _manifest(_name(request), release, virtual_size, decided.built)

    def answer(made: ImageManifest) -> Pulled:
        return Pulled(image=view(made), outcome="pulled", version=release.version, signed=release.signed)

    replace = there is not None
    made = publish.publish(host, operation, manifest, {"qcow2": disk}, replace, answer)
    downloads.drop(source)
    return answer(made)


def _unpack(release: Release, path: str, target: str, operation: Operation) -> str:
    if release.packing is None:
        return path

    def tell(fraction: float) -> None:
        operation.check_cancel()
        operation.progress("image.progress.unpack", fraction)

    local().files.remove(target)
    most = release.virtual_most + (release.virtual_most >> 6) + _SLACK
    unpacking.unpack(path, release.packing, release.member, target, most, tell)
    local().files.remove(path)
    return target


def _convert(release: Release, path: str, target: str, operation: Operation) -> tuple[str, int]:
    """A qcow2 file that may be read, and its disk's size. Nothing has looked into what was fetched before."""
    facts = qemu_img.inspect(local(), path, release.format)
    refuse_unsafe(facts, release.url, release.virtual_most)
    if release.format == "qcow2":
        return path, facts.virtual_size

    def tell(fraction: float | None) -> None:
        operation.progress("image.progress.convert", fraction)
        operation.check_cancel()

    source = qemu_img.DiskFile(path, release.format)
    qemu_img.convert(local(), source, qemu_img.DiskFile(target, "qcow2"), on_fraction=tell)
    made = qemu_img.inspect(local(), target, "qcow2")
    refuse_unsafe(made, target)
    return target, made.virtual_size


def _manifest(name: str, release: Release, virtual_size: int, built: float) -> ImageManifest:
    manifest = ImageManifest(
        version=1,
        name=name,
        arch=release.arch,
        disk=f"{name}.qcow2",
        disk_format="qcow2",
        virtual_size=virtual_size,
        files={},
        built=built,
        source=f"{release.name} {release.version}",
        release=re.sub(r"[^A-Za-z0-9._-]+", "-", release.version).strip("-._")[:40] or None,
        origin=ImageOrigin(
            offer=release.name, url=release.url, digest=release.digest, version=release.version
        ),
    )
    return msgspec.structs.replace(manifest, **release.facts)


def _wait(_host: Host, request: ImagePull, busy: Busy, report: Reporter | None) -> None:
    """Another one pulls it: tell how far that is. Whoever else holds the image's lock is not waited for."""
    owner = str(busy.facts.get("owner", ""))
    if not owner.startswith("image.pull "):
        raise busy
    if report:
        from innkeeper.operation import Progress

        facts: dict[str, object] = {"owner": owner}
        report(Progress("", _name(request), "image.progress.shared", facts, _fraction(request)))
    time.sleep(_TURN)


def _fraction(request: ImagePull) -> float | None:
    """How much came to the other one; None where that is not known, or it does something else by now."""
    from innkeeper.operation import journal

    for entry in journal.read_all():
        if (entry.verb, entry.target) == ("image.pull", _name(request)) and entry.owner.alive:
            name, size = entry.notes.get("download"), entry.notes.get("size")
            if name and size and entry.steps[-1:] == ["download"]:
                return min(downloads.part_size(str(name)) / int(size), 1.0)
    return None


def _plan(host: Host, request: ImagePull, decided: _Decided) -> Plan:
    if not decided.take or decided.release is None:
        return Plan([f"image {_name(request)} is there; nothing is fetched"], {}, [])
    release = decided.release
    manifest = _manifest(_name(request), release, 0, decided.built)
    return pull_plans.pulling(host, manifest, release, decided.getter.fetched)


VERBS = {
    "image.pull": Verb(
        "image.pull",
        ImagePull,
        Pulled,
        _check,
        _run,
        steps=("download", "unpack", "convert", *publish.STEPS),
        target=_name,
        plan=_plan,
        wait=_wait,
    )
}
