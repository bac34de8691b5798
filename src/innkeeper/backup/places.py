"""Where backups are: a directory of the guest's host, or one in a libvirt pool whose volumes are files.

A backup is a directory there, `NAME@TIME`, and is whole when its `SHA256SUMS` are there, which are written last.
"""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from innkeeper import config
from innkeeper.errors import Conflict, Denied, NotFound, Unsupported
from innkeeper.schema.kept import SUMS
from innkeeper.schema.sizes import format_size
from innkeeper.storage import pools
from innkeeper.virt import storage

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.machine import Machine

__all__ = ["Place", "every", "find", "machine_of", "new_id", "refuse_full", "refuse_unreachable", "whole"]

IN_POOL = "innkeeper-backups"
"""The directory in a pool that holds them."""
_NO_NAME = re.compile(r"[^A-Za-z0-9._-]")
_LONGEST = 180


@dataclass(frozen=True)
class Place:
    """A directory of the host that holds backups."""

    path: str
    pool: str | None = None
    said: bool = True
    """whether the user named it; the one of the settings is made when it is missing"""

    def ids(self, machine: Machine) -> list[str]:
        """Whole ones, by name."""
        found = [name for name in machine.files.list(self.path) if "@" in name and not name.startswith(".")]
        return [name for name in found if whole(machine, f"{self.path}/{name}")]


def machine_of(host: Host) -> Machine:
    """Where the files are. Raises `Denied("machine.root_needed")`, since what QEMU wrote for libvirt's system daemon is
    root's."""
    assert host.machine is not None, "the verbs need a machine"
    if not host.is_session and not host.machine.is_root:
        raise Denied("machine.root_needed", verb="backup")
    return host.machine


def whole(machine: Machine, directory: str) -> bool:
    return machine.files.exists(f"{directory}/{SUMS}")


def find(host: Host, said: str | None) -> Place:
    """The directory or pool that is meant, or that of the settings.

    Raises `NotFound("backup.no_directory")`, `Unsupported("backup.pool_kind")`, and what `storage.pools.ready` raises.
    """
    machine = machine_of(host)
    if said is None:
        said = config.get("backup_dir")
        if not said:
            return Place(f"{machine.state_dir}/backups", said=False)
    if said.startswith("/"):
        path = os.path.normpath(said)
        if machine.run(["test", "-d", path], check=False).status != 0:
            raise NotFound("backup.no_directory", path=said)
        return Place(path)
    pool = pools.ready(host, said)
    if not pools.is_directory(pool):
        raise Unsupported("backup.pool_kind", pool=said)
    return Place(f"{pools.target(pool)}/{IN_POOL}", said)


def every(host: Host) -> list[Place]:
    """That of the settings, and all pools that hold some."""
    machine = machine_of(host)
    found = [find(host, None)]
    for pool in storage.pools(host.virt):
        if pool.active and pools.is_directory(pool):
            place = Place(f"{pools.target(pool)}/{IN_POOL}", pool.name)
            if machine.files.exists(place.path) and place.path != found[0].path:
                found.append(place)
    return found


def new_id(machine: Machine, place: Place, name: str) -> str:
    """`web1@20261122T101500Z`: free in that place."""
    plain = _NO_NAME.sub("_", name)[:_LONGEST].lstrip(".-") or "guest"
    stem = f"{plain}@{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}"
    found, number = stem, 1
    while machine.files.exists(f"{place.path}/{found}"):
        number += 1
        found = f"{stem}.{number}"
    return found


def refuse_full(machine: Machine, place: Place, need: int) -> None:
    """Raises `Conflict("disk.no_space")` when the file system there has less than `need` bytes free."""
    existing = place.path
    while existing != "/" and not machine.files.exists(existing):
        existing = os.path.dirname(existing)
    blocks, size = machine.run(["stat", "-f", "-c", "%a %S", "--", existing]).stdout.split()
    free = int(blocks) * int(size)
    if need > free:
        raise Conflict("disk.no_space", path=existing, need=format_size(need), free=format_size(free))


def refuse_unreachable(host: Host, place: Place) -> None:
    """Raises `Denied("backup.unreachable")` for a directory that root can enter and QEMU's user cannot.

    By the modes on the way: what only an access list grants is not seen.
    """
    machine, ids = machine_of(host), host.support.qemu_ids
    if host.is_session or ids is None or ids[0] == 0:
        return
    parents = [place.path]
    while parents[-1] != "/":
        parents.append(os.path.dirname(parents[-1]))
    there = [path for path in parents if machine.files.exists(path)]
    told = machine.run(["stat", "-L", "-c", "%a %u %g", "--", *there]).stdout.decode().splitlines()
    for line, path in zip(told, there, strict=True):
        mode, owner, group = line.split()
        shift = 6 if int(owner) == ids[0] else 3 if int(group) == ids[1] else 0
        if not int(mode, 8) >> shift & 1:
            raise Denied("backup.unreachable", path=path, uid=ids[0])
