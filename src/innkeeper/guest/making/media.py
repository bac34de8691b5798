"""CDs of a new guest: volumes and files that are there, and files of this computer that become volumes first."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from innkeeper.errors import InnkeeperError, Invalid
from innkeeper.machine import LocalMachine, local
from innkeeper.storage import volumes
from innkeeper.tools import qemu_img
from innkeeper.tools.image_facts import refuse_unsafe
from innkeeper.virt import storage

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.machine import Files

__all__ = ["Medium", "find"]

_DESCRIPTORS, _SECTOR = 16, 2048
"""Volume descriptors of a CD begin at its sixteenth sector (ECMA-119, 6.2.1)."""
_MARKS = (b"CD001", b"BEA01", b"NSR02", b"NSR03")
"""ISO 9660, and UDF (ECMA-167, 2/9.1)."""
_BOOTED_BY_CD = ("x86_64", "i686", "aarch64")
"""Architectures whose firmware boots CDs by El Torito."""


@dataclass(frozen=True)
class Medium:
    """A CD: at `path` on the host, or in `file` on this computer, of `size` bytes, to be uploaded."""

    kind: str
    """`cd` or `drivers`: part of its volume's name"""
    path: str | None
    file: str | None = None
    size: int = 0
    foreign: bool = False
    """QEMU may read it as it is, so that its owner stays who it is"""


def find(host: Host, kind: str, said: str, arch: str | None = None) -> Medium:
    """The CD that is meant: POOL/VOLUME, or a file of this computer. With `arch` it has to boot that architecture.

    Raises `Invalid("guest.iso_name")`, `Invalid("guest.not_an_iso")`, `Invalid("guest.iso_not_bootable")`, what
    `storage.volumes.lookup` raises, and `disk.…` for what is no readable file.
    """
    if not said.startswith("/"):
        pool, slash, name = said.partition("/")
        if not slash or not pool or not name:
            raise Invalid("guest.iso_name", iso=said[:60])
        path = volumes.lookup(host, pool, name).path
        if host.machine is not None:
            _judge(host.machine.files, path, said, arch)
        return Medium(kind, path)
    path = os.path.realpath(said)
    facts = qemu_img.inspect(local(), path, "raw")
    refuse_unsafe(facts, said)
    _judge(local().files, path, said, arch)
    if isinstance(host.machine, LocalMachine):
        if host.is_session:
            return Medium(kind, path)
        ids = host.support.qemu_ids
        if ids is None or _readable(path, *ids):
            return Medium(kind, path, foreign=ids is not None)
        if storage.find_volume_by_path(host.virt, path):
            return Medium(kind, path)
    return Medium(kind, None, path, facts.size)


def _judge(files: Files, path: str, said: str, arch: str | None) -> None:
    try:
        sectors = files.read(path, _DESCRIPTORS * _SECTOR, 8 * _SECTOR)
    except InnkeeperError as error:
        raise Invalid("request.file", path=said, reason=str(error)) from error
    if not any(sectors[at + 1 : at + 6] in _MARKS for at in range(0, len(sectors), _SECTOR)):
        raise Invalid("guest.not_an_iso", iso=said)
    if arch in _BOOTED_BY_CD and b"\0CD001\1EL TORITO SPECIFICATION" not in sectors:
        raise Invalid("guest.iso_not_bootable", iso=said)


def _readable(path: str, uid: int, gid: int) -> bool:
    """Whether that user may read it, by the modes on the way. What only an access list grants is not seen, and uploaded
    for nothing."""
    if uid == 0:
        return True
    parents = [path]
    while parents[-1] != "/":
        parents.append(os.path.dirname(parents[-1]))
    for line, one in zip(_modes(parents), parents, strict=True):
        mode, owner, group = int(line[0], 8), int(line[1]), int(line[2])
        wanted = 4 if one == path else 1
        shift = 6 if owner == uid else 3 if group == gid else 0
        if not mode >> shift & wanted:
            return False
    return True


def _modes(paths: list[str]) -> list[list[str]]:
    """Mode in octal, owner and group of each."""
    told = local().run(["stat", "-c", "%a %u %g", "--", *paths]).stdout.decode()
    return [line.split() for line in told.splitlines()]
