"""`image.import`: an image from a disk file of this computer, with what the user knows of it."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, NamedTuple

from innkeeper.errors import Invalid, Unsupported
from innkeeper.image import plans, publish, said
from innkeeper.image.catalogue import view
from innkeeper.machine import local
from innkeeper.schema.image import ImageImport, ImageManifest, ImageView
from innkeeper.tools import programs, qemu_img
from innkeeper.tools.image_facts import ImageFacts, refuse_unsafe
from innkeeper.verbs import Plan, Verb

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["VERBS"]

PROGRAMS = {"qemu-img": "qemu-utils"}


def _name(request: ImageImport) -> str:
    """The name said, or the file's without its ending."""
    return request.name or os.path.splitext(os.path.basename(request.file))[0]


class _Decided(NamedTuple):
    facts: ImageFacts
    built: float


def _check(host: Host, request: ImageImport) -> _Decided:
    publish.refuse_taken(host, _name(request), request.replace)
    _refuse_facts(request)
    absent = programs.missing(local(), PROGRAMS)
    if absent:
        raise Unsupported("image.programs", programs=", ".join(absent), packages=" ".join(absent.values()))
    facts = qemu_img.inspect(local(), os.path.abspath(request.file), request.format)
    refuse_unsafe(facts, request.file)
    return _Decided(facts, float(round(time.time())))


def _refuse_facts(request: ImageImport) -> None:
    """What the user says of it must be able to be true."""
    said.refuse_pattern(request.boot_pattern)
    said.refuse_user(request.user)
    said.refuse_word("--arch", request.arch)
    said.refuse_word("--os", request.os)
    if not request.firmware:
        raise Invalid("request.choice", what="--firmware", value="", choices="bios, uefi")


def _run(host: Host, request: ImageImport, operation: Operation) -> ImageView:
    decided: _Decided = operation.decided
    target = f"{operation.workdir()}/disk.qcow2"
    with operation.step("convert"):
        source = qemu_img.DiskFile(os.path.abspath(request.file), decided.facts.format)

        def tell(fraction: float | None) -> None:
            operation.progress("image.progress.convert", fraction)
            operation.check_cancel()

        qemu_img.convert(local(), source, qemu_img.DiskFile(target, "qcow2"), on_fraction=tell)
        made = qemu_img.inspect(local(), target, "qcow2")
        refuse_unsafe(made, target)
    manifest = _manifest(request, made.virtual_size, decided.built)
    return view(publish.publish(host, operation, manifest, {"qcow2": target}, request.replace))


def _manifest(request: ImageImport, virtual_size: int, built: float) -> ImageManifest:
    name = _name(request)
    return ImageManifest(
        version=1,
        name=name,
        arch=request.arch,
        disk=f"{name}.qcow2",
        disk_format="qcow2",
        virtual_size=virtual_size,
        files={},
        built=built,
        source=os.path.basename(request.file),
        os=request.os,
        firmware=request.firmware,
        boot_pattern=request.boot_pattern,
        user=request.user,
        login=request.login,
        cloud_init=request.cloud_init,
        agent=request.agent,
        min_memory=request.min_memory,
    )


def _plan(host: Host, request: ImageImport, decided: _Decided) -> Plan:
    manifest = _manifest(request, decided.facts.virtual_size, decided.built)
    return plans.importing(host, manifest, os.path.abspath(request.file), decided.facts.format)


VERBS = {
    "image.import": Verb(
        "image.import",
        ImageImport,
        ImageView,
        _check,
        _run,
        steps=("convert", *publish.STEPS),
        target=_name,
        plan=_plan,
    )
}
