"""`image.build`: an image from a recipe. Built on this computer, then uploaded to the host."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from innkeeper.errors import Invalid, NotFound, Unsupported
from innkeeper.image import plans, publish
from innkeeper.image.catalogue import view
from innkeeper.image.recipes.debian import Packaged
from innkeeper.image.recipes.recipe import Recipe, Site
from innkeeper.image.recipes.suites import SUITES
from innkeeper.image.recipes.tiny import Tiny
from innkeeper.machine import local
from innkeeper.schema.image import ImageBuild, ImageManifest, ImageView
from innkeeper.tools import fence, programs, qemu_img
from innkeeper.verbs import Plan, Verb

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["RECIPES", "VERBS"]

STAGES = ("bootstrap", "assemble", "convert")
RECIPES: dict[str, Recipe] = {recipe.name: recipe for recipe in (*map(Packaged, SUITES), Tiny())}


def _name(request: ImageBuild) -> str:
    return request.name or request.recipe


class _Decided(NamedTuple):
    recipe: Recipe
    built: float


def _check(host: Host, request: ImageBuild) -> _Decided:
    recipe = RECIPES.get(request.recipe)
    if recipe is None:
        raise NotFound("image.recipe_unknown", recipe=request.recipe[:40], choices=", ".join(RECIPES))
    publish.refuse_taken(host, _name(request), request.replace)
    if request.mirror is not None:
        _refuse_mirror(request.mirror)
    absent = programs.missing(local(), recipe.programs)
    if absent:
        packages = " ".join(dict.fromkeys(absent.values()))
        raise Unsupported("image.programs", programs=", ".join(absent), packages=packages)
    recipe.check(local())
    return _Decided(recipe, float(round(time.time())))


def _refuse_mirror(mirror: str) -> None:
    """It becomes a line of sources.list: an http or https URL without blanks."""
    parts = urlsplit(mirror)
    plain = mirror.isascii() and mirror.isprintable() and not any(sign in mirror for sign in " []#")
    if parts.scheme not in ("http", "https") or not parts.hostname or not plain:
        raise Invalid("image.mirror", mirror=mirror[:80])


def _run(host: Host, request: ImageBuild, operation: Operation) -> ImageView:
    recipe, built = operation.decided
    workdir = operation.workdir()
    stage = ""

    def tell(fraction: float | None) -> None:
        operation.progress(f"image.progress.{stage}", fraction)

    # A root file system holds files of ids that an ordinary user can remove only in a user namespace.
    operation.undo("fence.delete_tree", path=f"{workdir}/site")
    local().files.make_dir(f"{workdir}/site")
    site = Site(local(), f"{workdir}/site", request.mirror, tell)
    for stage in STAGES:
        with operation.step(stage):
            tell(None)
            getattr(recipe, stage)(site)
    files = recipe.files(site)
    size = qemu_img.inspect(local(), files["qcow2"], "qcow2").virtual_size
    manifest = _manifest(recipe, _name(request), built, size)
    manifest = publish.publish(host, operation, manifest, files, request.replace)
    fence.remove_tree(local(), site.directory)
    return view(manifest)


def _manifest(recipe: Recipe, name: str, built: float, size: int) -> ImageManifest:
    base = ImageManifest(
        version=1,
        name=name,
        arch="x86_64",
        disk=f"{name}.qcow2",
        disk_format="qcow2",
        virtual_size=size,
        files={},
        built=built,
        source=recipe.source,
    )
    return recipe.describe(base)


def _plan(host: Host, request: ImageBuild, decided: _Decided) -> Plan:
    return plans.building(
        host,
        decided.recipe,
        request.mirror,
        _manifest(decided.recipe, _name(request), decided.built, decided.recipe.disk_size),
    )


VERBS = {
    "image.build": Verb(
        "image.build",
        ImageBuild,
        ImageView,
        _check,
        _run,
        steps=(*STAGES, *publish.STEPS),
        target=_name,
        plan=_plan,
    )
}
