"""What `--dry-run` and `--explain` show of images: the commands by which the same could be done by hand."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from innkeeper import libvirtxml
from innkeeper.image import publish
from innkeeper.image.catalogue import POOL, manifest_name
from innkeeper.schema.base import to_json
from innkeeper.schema.image import ImageFile, ImageManifest
from innkeeper.schema.sizes import format_size
from innkeeper.storage import volumes
from innkeeper.verbs import Plan
from innkeeper.virt import storage

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.image.removal import Going

__all__ = ["importing", "removing"]

_SUM = "checksum"
"""Stands in the manifest where a checksum comes that only the converted file has."""


def importing(host: Host, manifest: ImageManifest, file: str, format: str) -> Plan:
    """Convert, upload, and the manifest last; sizes and the checksum are known only once it is converted."""
    name, disk = manifest.name, manifest.disk
    kept = to_json(_with_file(manifest, ImageFile(size=0, sha256=_SUM))).decode()
    documents = {
        f"{disk}.xml.in": volumes.describe(disk, 0, "raw", mode=volumes.SHARED).to_xml(),
        f"{name}.json.in": kept + "\n",
        f"{name}.json.xml.in": volumes.describe(f"{name}.json", 0, "raw", mode=volumes.SHARED).to_xml(),
    }
    source, here = shlex.quote(file), shlex.quote(disk)
    size = f's/"size": 0/"size": \'"$(stat -c %s {here})"\'/'
    checksum = f"s/{_SUM}/'\"$(sha256sum {here} | cut -c1-64)\"'/"
    commands = [
        *_pool(host, documents),
        f"qemu-img convert -f {format} -O {manifest.disk_format} {source} {here}",
        *_upload(disk),
        f"sed '{size}; {checksum}' {shlex.quote(name)}.json.in > {shlex.quote(name)}.json",
        *_upload(f"{name}.json"),
    ]
    told = f"import {file} as image {name} ({format_size(manifest.virtual_size)}), into pool {POOL}"
    return Plan([told], documents, commands)


def _with_file(manifest: ImageManifest, file: ImageFile) -> ImageManifest:
    import msgspec

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


def _upload(name: str) -> list[str]:
    """A volume as long as the file of the same name, with its content."""
    file, document, template = (shlex.quote(name + ending) for ending in ("", ".xml", ".xml.in"))
    fill = f"s/<capacity>0</<capacity>'\"$(stat -c %s {file})\"'</"
    return [
        f"sed '{fill}' {template} > {document}",
        f"virsh vol-create {POOL} {document}",
        f"virsh vol-upload --pool {POOL} {file} {file}",
    ]


def removing(going: Going) -> Plan:
    """The manifests first: from then on nobody makes a guest of it. NAME.json is then of the version that is newest."""
    names = (*going.manifests, *going.files)
    documents: dict[str, str] = {}
    commands = [shlex.join(["virsh", "vol-delete", "--pool", POOL, name]) for name in going.manifests]
    if going.next and manifest_name(going.next.name) in going.manifests:
        commands += _put_manifest(going.next, manifest_name(going.next.name), documents)
    commands += [shlex.join(["virsh", "vol-delete", "--pool", POOL, name]) for name in going.files]
    told = f"remove image {going.name}: volumes {', '.join(names)} of pool {POOL}"
    return Plan([told], documents, commands)


def _put_manifest(manifest: ImageManifest, name: str, documents: dict[str, str]) -> list[str]:
    documents[name] = to_json(manifest).decode() + "\n"
    documents[f"{name}.xml.in"] = volumes.describe(name, 0, "raw", mode=volumes.SHARED).to_xml()
    return _upload(name)
