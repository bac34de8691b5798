"""What `--dry-run` and `--explain` show of images: the commands by which the same could be done by hand."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import msgspec

from innkeeper import libvirtxml
from innkeeper.image import publish, versions
from innkeeper.image.catalogue import POOL, manifest_name, old_versions, version_name
from innkeeper.schema.base import to_json
from innkeeper.schema.image import ImageFile, ImageManifest
from innkeeper.schema.sizes import format_size
from innkeeper.storage import volumes
from innkeeper.verbs import Plan
from innkeeper.virt import storage

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.image.removal import Going

__all__ = ["importing", "publishing", "removing"]

_SUM = "checksum"
"""Stands in the manifest where a checksum comes that only the converted file has."""


def importing(host: Host, manifest: ImageManifest, file: str, format: str) -> Plan:
    """Convert, upload, and the manifest last; sizes and the checksum are known only once it is converted."""
    made = publish.edition(host, manifest, ["qcow2"])
    argv = ["qemu-img", "convert", "-f", format, "-O", manifest.disk_format, file, made.manifest.disk]
    plan = publishing(host, made, [shlex.join(argv)])
    told = f"import {file} as image {manifest.name} ({format_size(manifest.virtual_size)}), into pool {POOL}"
    return Plan([told, *plan.summary], plan.documents, plan.commands)


def publishing(host: Host, made: publish.Edition, making: list[str]) -> Plan:
    """What an image of one disk comes to that the commands `making` leave as a file of its volume's name. The summary
    tells only what becomes of other versions."""
    manifest, documents = made.manifest, dict[str, str]()
    disk, name = manifest.disk, manifest_name(made.stem)
    kept = to_json(_with_file(manifest, ImageFile(size=0, sha256=_SUM))).decode()
    documents |= {f"{disk}.xml.in": _volume(disk), f"{name}.in": kept + "\n", f"{name}.xml.in": _volume(name)}
    here = shlex.quote(disk)
    size = f's/"size": 0/"size": \'"$(stat -c %s {here})"\'/'
    checksum = f"s/{_SUM}/'\"$(sha256sum {here} | cut -c1-64)\"'/"
    commands = [*_pool(host, documents), *making, *_upload(disk)]
    commands.append(f"sed '{size}; {checksum}' {shlex.quote(name)}.in > {shlex.quote(name)}")
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


def _with_file(manifest: ImageManifest, file: ImageFile) -> ImageManifest:
    return msgspec.structs.replace(manifest, files={manifest.disk: file})


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
