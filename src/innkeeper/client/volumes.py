"""`volume.download` through a server, to a file of this computer or to standard output."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from innkeeper.client.fetching import fetch
from innkeeper.errors import Conflict, NotFound
from innkeeper.machine import local
from innkeeper.machine.extents import SparseWriter
from innkeeper.machine.filtered import PIPE
from innkeeper.operation import Progress
from innkeeper.routes import API, ROUTES
from innkeeper.schema.volume import VolumeDownload, VolumeDownloaded, VolumeList
from innkeeper.verbs import Plan, verb
from innkeeper.volume.carrying import plan_download, write

if TYPE_CHECKING:
    from innkeeper.client.client import Client
    from innkeeper.operation import Reporter
    from innkeeper.verbs import Verb

__all__ = ["perform", "planned"]


def perform(
    client: Client, _verb: Verb[Any, Any], request: VolumeDownload, report: Reporter | None
) -> VolumeDownloaded:
    """Refused here is what this computer has against its file."""
    _refuse(request.file)
    path = API + ROUTES["volume.download"].path.format(pool=quote(request.pool), name=quote(request.name))

    def tell(fraction: float) -> None:
        if report:
            report(Progress("", f"{request.pool}/{request.name}", "volume.progress.download", {}, fraction))

    if request.file == PIPE:
        size = fetch(client, path, write, tell)
        return VolumeDownloaded(pool=request.pool, name=request.name, file=request.file, size=size)
    part = f"{request.file}.part-{os.urandom(4).hex()}"
    try:
        local().files.create(part).close()
        with SparseWriter(part) as target:
            at = 0

            def keep(piece: bytes) -> None:
                nonlocal at
                if piece.strip(b"\0"):  # what is not written is a hole
                    target.write(at, piece)
                at += len(piece)

            size = fetch(client, path, keep, tell)
            target.finish(size)
        local().files.link(part, request.file)  # what came there meanwhile is never written over
    finally:
        local().files.remove(part)
    return VolumeDownloaded(pool=request.pool, name=request.name, file=request.file, size=size)


def planned(client: Client, _verb: Verb[Any, Any], request: VolumeDownload) -> Plan:
    """As on the host itself."""
    _refuse(request.file)
    there = client.ask(verb("volume.list"), VolumeList(pool=request.pool))
    if request.name not in {view.name for view in there}:
        raise NotFound("volume.unknown", name=request.name, pool=request.pool)
    return plan_download(request)


def _refuse(path: str) -> None:
    if path != PIPE and local().files.exists(path):
        raise Conflict("cli.file_exists", path=path)
