"""`volume.upload` and `volume.download`: files of this computer into a pool and out of it, through libvirt's streams.

A file is looked at before anything of it is sent: what points outside itself is refused as `image.import` does. The
volume has its name only when it is whole, or goes with what interrupted it: where it takes another's place it comes
beside that one first, and where a server's own file goes into a directory on the same file system it is just moved.
"""

from __future__ import annotations

import os
import shlex
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from innkeeper.errors import Conflict, Failed, Invalid
from innkeeper.machine import local
from innkeeper.machine.extents import SparseReader, SparseWriter
from innkeeper.schema.names import check_name
from innkeeper.schema.sizes import format_size
from innkeeper.schema.volume import VolumeDownload, VolumeDownloaded, VolumeUpload, VolumeView
from innkeeper.storage import pools, volumes
from innkeeper.tools import qemu_img
from innkeeper.tools.image_facts import ImageFacts, refuse_unsafe
from innkeeper.verbs import Plan, Verb
from innkeeper.virt import storage
from innkeeper.virt.streams import SparseUpload, sparse_download
from innkeeper.volume.holdings import refuse_used, view

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["VERBS", "plan_download", "write"]

_PIPE = "-"
_STDOUT = 1
_ZEROS = bytes(1 << 20)


class _Decided(NamedTuple):
    facts: ImageFacts
    replaces: bool


def _check_upload(host: Host, request: VolumeUpload) -> _Decided:
    check_name(request.name, "volume")
    pool = pools.ready(host, request.pool)
    pool.refresh()
    there = pool.find(request.name)
    if there is not None:
        if not request.replace:
            raise Conflict("volume.exists", name=request.name, pool=request.pool)
        refuse_used(host, request.pool, there)
    facts = qemu_img.inspect(local(), request.file, request.format)
    refuse_unsafe(facts, request.file)
    free = pool.space()[1]
    if facts.actual_size > free:
        needed = format_size(facts.actual_size)
        raise Conflict("pool.full", name=request.pool, free=format_size(free), needed=needed)
    return _Decided(facts, there is not None)


def _upload(host: Host, request: VolumeUpload, operation: Operation) -> VolumeView:
    decided: _Decided = operation.decided
    pool = pools.ready(host, request.pool)
    with operation.step("upload"):
        if not _moved(host, pool, request):
            operation.undo("volume.delete", pool=request.pool, name=request.name)
            if decided.replaces:
                volumes.delete(host, request.pool, request.name)
            volumes.create(host, request.pool, request.name, decided.facts.size, "raw")
            _send(host, request, operation)
    pool.refresh()  # libvirt looks what format it is
    return view(host, request.pool, pool.lookup(request.name), ())


def _send(host: Host, request: VolumeUpload, operation: Operation) -> None:
    volume = volumes.lookup(host, request.pool, request.name)
    with SparseReader(request.file) as source, SparseUpload(volume) as upload:
        whole, sent = max(source.size, 1), 0
        for offset, data in source.pieces():
            upload.write(offset, data)
            if offset + len(data) - sent >= whole // 100:
                sent = offset + len(data)
                operation.progress("volume.progress.upload", sent / whole)
                operation.check_cancel()
        upload.finish(source.size)
        if source.changed():
            raise Failed("volume.changed", file=request.file)


def _moved(host: Host, pool: storage.Pool, request: VolumeUpload) -> bool:
    """Whether it could be moved: what was uploaded to this computer's server is nobody else's."""
    uploads = f"{local().state_dir}/uploads/"
    if host.machine is not local() or not local().is_root or not request.file.startswith(uploads):
        return False
    if not pools.is_directory(pool):
        return False
    try:
        local().files.rename(request.file, f"{pools.target(pool)}/{request.name}")
    except Failed:  # another file system: it is sent
        return False
    pool.refresh()
    return True


def _check_download(host: Host, request: VolumeDownload) -> storage.Volume:
    volume = volumes.lookup(host, request.pool, request.name)
    if request.file != _PIPE and local().files.exists(request.file):
        raise Conflict("cli.file_exists", path=request.file)
    return volume


def _download(_host: Host, request: VolumeDownload, operation: Operation) -> VolumeDownloaded:
    volume: storage.Volume = operation.decided
    size = volume.file_size()
    if request.file == _PIPE:
        _pour(volume, size)
    else:
        part = f"{request.file}.part-{os.urandom(4).hex()}"
        try:
            local().files.create(part).close()
            with SparseWriter(part) as target:
                for offset, data in sparse_download(volume):
                    target.write(offset, data)
                    operation.progress("volume.progress.download", offset / max(size, 1))
                target.finish(size)
            local().files.link(part, request.file)  # what came there meanwhile is never written over
        finally:
            local().files.remove(part)
    return VolumeDownloaded(pool=request.pool, name=request.name, file=request.file, size=size)


def _pour(volume: storage.Volume, size: int) -> None:
    """To standard output, holes as zeros."""
    at = 0
    for offset, data in sparse_download(volume):
        _zeros(offset - at)
        write(data)
        at = offset + len(data)
    _zeros(size - at)


def _zeros(count: int) -> None:
    while count > 0:
        write(_ZEROS[:count])
        count -= len(_ZEROS)


def write(data: bytes) -> None:
    """To standard output, whole."""
    rest = memoryview(data)
    while rest:
        with suppress(InterruptedError):
            rest = rest[os.write(_STDOUT, rest) :]


def _plan_upload(_host: Host, request: VolumeUpload, decided: _Decided) -> Plan:
    pool, name, facts = request.pool, request.name, decided.facts
    create = ["virsh", "vol-create-as", pool, name, str(facts.size), "--format", "raw", "--allocation", "0"]
    commands = [["virsh", "vol-delete", "--pool", pool, name]] if decided.replaces else []
    commands += [create, ["virsh", "vol-upload", "--pool", pool, name, request.file, "--sparse"]]
    commands.append(["virsh", "pool-refresh", pool])
    told = (
        f"upload {request.file} ({facts.format}, {format_size(facts.size)}) as volume {name} of pool {pool}"
    )
    return Plan([told], {}, [shlex.join(one) for one in commands])


def _plan_download(_host: Host, request: VolumeDownload, _volume: storage.Volume) -> Plan:
    return plan_download(request)


def plan_download(request: VolumeDownload) -> Plan:
    """The same for a host and through a server."""
    if request.file == _PIPE:
        raise Invalid("request.together", first="--explain", second="-")
    command = ["virsh", "vol-download", "--pool", request.pool, request.name, request.file, "--sparse"]
    told = f"download volume {request.name} of pool {request.pool} to {request.file}"
    return Plan([told], {}, [shlex.join(command), shlex.join(["chmod", "600", request.file])])


VERBS = {
    "volume.upload": Verb(
        "volume.upload",
        VolumeUpload,
        VolumeView,
        _check_upload,
        _upload,
        steps=("upload",),
        target=lambda request: f"{request.pool}/{request.name}",
        plan=_plan_upload,
    ),
    "volume.download": Verb(
        "volume.download",
        VolumeDownload,
        VolumeDownloaded,
        _check_download,
        _download,
        target=lambda request: f"{request.pool}/{request.name}",
        plan=_plan_download,
    ),
}
