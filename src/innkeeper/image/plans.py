"""What `--dry-run` and `--explain` show of images: the commands by which the same could be done by hand."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import msgspec

from innkeeper import libvirtxml
from innkeeper.image import publish, versions
from innkeeper.image.catalogue import POOL, manifest_name, old_versions, version_name
from innkeeper.machine import local
from innkeeper.schema.base import to_json
from innkeeper.schema.image import ImageFile, ImageManifest
from innkeeper.schema.sizes import format_size
from innkeeper.storage import volumes
from innkeeper.tools import guestfs
from innkeeper.verbs import Plan
from innkeeper.virt import storage

if TYPE_CHECKING:
    from innkeeper.guest.keeping.chains import ChainFile
    from innkeeper.host import Host
    from innkeeper.image.making import Draft
    from innkeeper.image.recipes.recipe import Recipe
    from innkeeper.image.removal import Going
    from innkeeper.schema.image_make import ImageMake

__all__ = ["building", "importing", "making", "publishing", "removing"]

_SUM = "checksum"
"""Stands in the manifest where a checksum comes that only the converted file has."""


def importing(host: Host, manifest: ImageManifest, file: str, format: str) -> Plan:
    """Convert, upload, and the manifest last; sizes and the checksum are known only once it is converted."""
    made = publish.edition(host, manifest, ["qcow2"])
    argv = ["qemu-img", "convert", "-f", format, "-O", manifest.disk_format, file, made.manifest.disk]
    plan = publishing(host, made, [shlex.join(argv)])
    told = f"import {file} as image {manifest.name} ({format_size(manifest.virtual_size)}), into pool {POOL}"
    return Plan([told, *plan.summary], plan.documents, plan.commands)


def building(host: Host, recipe: Recipe, mirror: str | None, manifest: ImageManifest) -> Plan:
    """The recipe's own commands where it has them, and publishing what came of them."""
    made = publish.edition(host, manifest, ["qcow2"])
    told = recipe.told(mirror, made.manifest.disk)
    size = format_size(manifest.virtual_size)
    summary = [f"build image {manifest.name} ({size}) by {recipe.source}, into pool {POOL}"]
    if told is None:
        return Plan(summary, {}, [])
    commands, documents = told
    plan = publishing(host, made, commands)
    return Plan([*summary, *plan.summary], documents | plan.documents, plan.commands)


def making(host: Host, request: ImageMake, draft: Draft) -> Plan:
    """Copy the disk with all that it stands on, take out what is this machine's alone, and publish."""
    made = publish.edition(host, draft.manifest, draft.endings)
    disk, top = made.manifest.disk, draft.chain[0]
    copy = disk if request.keep_identity else "copy.qcow2"
    commands = _flatten(draft.chain, copy)
    if not request.keep_identity:
        env = guestfs.environment(draft.kvm)
        for argv in (
            guestfs.cleaning(local(), copy, "qcow2", draft.manifest.cloud_init),
            guestfs.sparsifying(copy, "qcow2"),
        ):
            commands.append(shlex.join(["env", *(f"{key}={value}" for key, value in env.items()), *argv]))
        commands.append(shlex.join(["qemu-img", "convert", "-f", "qcow2", "-O", "qcow2", copy, disk]))
    for ending, file in (("kernel", draft.kernel), ("initrd", draft.initrd)):
        if file:
            commands.append(_fetch(file, f"{made.stem}.{ending}"))
    plan = publishing(host, made, commands)
    size = format_size(made.manifest.virtual_size)
    told = f"make image {made.manifest.name} of {request.guest} ({size}, disk {top.path}), into pool {POOL}"
    return Plan([told, *plan.summary], plan.documents, plan.commands)


def _flatten(chain: tuple[ChainFile, ...], target: str) -> list[str]:
    """One file of all of a chain: where it is, or fetched and put together here."""
    top = chain[0]
    if all(file.direct for file in chain):
        return [shlex.join(["qemu-img", "convert", "-f", top.format, "-O", "qcow2", top.path, target])]
    names = [f"{at}.{file.format}" for at, file in enumerate(chain)]
    commands = [_fetch(file, name) for file, name in zip(chain, names, strict=True)]
    for name, under, file in zip(names, names[1:], chain[1:], strict=False):
        commands.append(shlex.join(["qemu-img", "rebase", "-u", "-b", under, "-F", file.format, name]))
    commands.append(shlex.join(["qemu-img", "convert", "-f", top.format, "-O", "qcow2", names[0], target]))
    return commands


def _fetch(file: ChainFile, name: str) -> str:
    if file.direct:
        return shlex.join(["cp", "--sparse=always", file.path, name])
    return shlex.join(["virsh", "vol-download", "--pool", str(file.pool), str(file.volume), name])


def publishing(host: Host, made: publish.Edition, commands: list[str]) -> Plan:
    """What an image comes to whose files are left by `commands` under the names of its volumes. The summary tells only
    what becomes of other versions."""
    manifest, documents = made.manifest, dict[str, str]()
    files = [file for file in (manifest.disk, manifest.kernel, manifest.initrd) if file]
    name = manifest_name(made.stem)
    documents |= {f"{file}.xml.in": _volume(file) for file in (*files, name)}
    documents[f"{name}.in"] = to_json(_with_files(manifest, files)).decode() + "\n"
    script = "; ".join(_filled(number, shlex.quote(file)) for number, file in enumerate(files))
    commands = [*_pool(host, documents), *commands, *(line for file in files for line in _upload(file))]
    commands.append(f"sed '{script}' {shlex.quote(name)}.in > {shlex.quote(name)}")
    if made.before is None:
        return Plan([], documents, [*commands, *_upload(name)])
    before = made.before
    own = manifest_name(version_name(before))
    if storage.lookup_pool(host.virt, POOL).find(own) is None:
        commands += _put_manifest(before, own, documents)
    known = manifest_name(manifest.name)
    documents[f"{known}.xml.in"] = _volume(known)
    commands += [*_upload(name), _delete(known), f"cp {shlex.quote(name)} {known}", *_upload(known)]
    told = [f"the image {before.name} that is there becomes {version_name(before)}"]
    for one in versions.superfluous(host, [before, *old_versions(host, before)]):
        told.append(f"remove the old version {version_name(one)}")
        commands += [_delete(volume) for volume in (manifest_name(version_name(one)), *one.files)]
    return Plan(told, documents, commands)


def _with_files(manifest: ImageManifest, files: list[str]) -> ImageManifest:
    """With marks where sizes and checksums come."""
    marked = {file: ImageFile(size=-1 - at, sha256=f"{_SUM}-{at}") for at, file in enumerate(files)}
    return msgspec.structs.replace(manifest, files=marked)


def _filled(at: int, file: str) -> str:
    """What sed does for the marks of a file."""
    size = f's/"size": -{at + 1},/"size": \'"$(stat -c %s {file})"\',/'
    return f"{size}; s/{_SUM}-{at}/'\"$(sha256sum {file} | cut -c1-64)\"'/"


def _pool(host: Host, documents: dict[str, str]) -> list[str]:
    """What makes the pool that the first image needs."""
    pool = storage.find_pool(host.virt, POOL)
    if pool is not None:
        return [] if pool.active else [f"virsh pool-start {POOL}"]
    document = libvirtxml.Pool.new(type="dir", name=POOL)
    document.target_path = publish.pool_path(host)
    documents[f"{POOL}.xml"] = document.to_xml()
    verbs = ("pool-build", "pool-start", "pool-autostart")
    return [f"virsh pool-define {POOL}.xml", *(f"virsh {verb} {POOL}" for verb in verbs)]


def _volume(name: str) -> str:
    """The document of a volume that many guests read; its size is filled in when its file is there."""
    return volumes.describe(name, 0, "raw", mode=volumes.SHARED).to_xml()


def _upload(name: str) -> list[str]:
    """A volume as long as the file of the same name, with its content."""
    file, document, template = (shlex.quote(name + ending) for ending in ("", ".xml", ".xml.in"))
    fill = f"s/<capacity>0</<capacity>'\"$(stat -c %s {file})\"'</"
    return [
        f"sed '{fill}' {template} > {document}",
        f"virsh vol-create {POOL} {document}",
        f"virsh vol-upload --pool {POOL} {file} {file}",
    ]


def _delete(name: str) -> str:
    return shlex.join(["virsh", "vol-delete", "--pool", POOL, name])


def removing(going: Going) -> Plan:
    """The manifests first: from then on nobody makes a guest of it. NAME.json is then of the version that is newest."""
    names = (*going.manifests, *going.files)
    documents: dict[str, str] = {}
    commands = [_delete(name) for name in going.manifests]
    if going.next and manifest_name(going.next.name) in going.manifests:
        commands += _put_manifest(going.next, manifest_name(going.next.name), documents)
    commands += [_delete(name) for name in going.files]
    told = f"remove image {going.name}: volumes {', '.join(names)} of pool {POOL}"
    return Plan([told], documents, commands)


def _put_manifest(manifest: ImageManifest, name: str, documents: dict[str, str]) -> list[str]:
    documents |= {name: to_json(manifest).decode() + "\n", f"{name}.xml.in": _volume(name)}
    return _upload(name)
