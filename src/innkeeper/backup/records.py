"""What a backup's directory says: read as from a stranger, written once.

guest.json, guest.xml, a file for each disk and for what else there is, and SHA256SUMS of all of them, as `sha256sum -c`
reads it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from innkeeper.backup import places
from innkeeper.errors import Failed, InnkeeperError, Invalid, NotFound
from innkeeper.guest.keeping import manifest
from innkeeper.schema.backup import BackupDisk, BackupView
from innkeeper.schema.kept import DOCUMENT, MANIFEST, SUMS, KeptGuest
from innkeeper.tools.sums import sums

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.machine import Machine

__all__ = [
    "Record",
    "document",
    "find",
    "newest",
    "publish",
    "read",
    "readable",
    "refuse_links",
    "verify",
    "view",
]

_LONGEST = 16 << 20
"""Bytes of guest.json, guest.xml and SHA256SUMS that are read."""
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,200}", re.ASCII)
_SUM = re.compile(r"([0-9a-f]{64}) [ *](.+)")


@dataclass(frozen=True)
class Record:
    """A backup that is there."""

    id: str
    path: str
    """its directory"""
    pool: str | None
    kept: KeptGuest
    sums: dict[str, str]
    """file → SHA-256"""

    @property
    def size(self) -> int:
        return sum(file.size for file in self.kept.files)


def read(machine: Machine, place: places.Place, id: str) -> Record:
    """The backup in that directory. Raises `Invalid("backup.unreadable")` for what is none."""
    path = f"{place.path}/{id}"
    try:
        text = _bounded(machine, f"{path}/{MANIFEST}")
        listed = _bounded(machine, f"{path}/{SUMS}").decode(errors="replace").splitlines()
        kept = manifest.decode(text)
    except InnkeeperError as error:
        raise Invalid("backup.unreadable", path=path, detail=str(error)) from error
    found = {one[2]: one[1] for line in listed if (one := _SUM.fullmatch(line))}
    record = Record(id, path, place.pool, kept, found)
    _refuse_strange(record)
    return record


def _bounded(machine: Machine, path: str) -> bytes:
    """A link could lead anywhere, and a pipe keeps silent."""
    if machine.run(["sh", "-c", '[ -f "$1" ] && [ ! -L "$1" ]', "sh", path], check=False).status != 0:
        raise NotFound("machine.file_missing", path=path)
    if machine.files.size(path) > _LONGEST:
        raise Invalid("request.file", path=path, reason=f"more than {_LONGEST} bytes")
    return machine.files.read(path)


def _refuse_strange(record: Record) -> None:
    """Files without a sum, or with two."""

    def no(detail: str) -> Invalid:
        return Invalid("backup.unreadable", path=record.path, detail=detail)

    for file in record.kept.files:
        if file.sha256 is None or record.sums.get(file.name) != file.sha256:
            raise no(f"{MANIFEST} and {SUMS} differ about {file.name}")
    if not {MANIFEST, DOCUMENT} <= record.sums.keys():
        raise no(f"{SUMS} lacks {MANIFEST} or {DOCUMENT}")


def refuse_links(machine: Machine, record: Record) -> None:
    """Raises `Failed("backup.damaged")` for files that are missing, or that lead elsewhere."""
    look = 'for f; do [ -f "$f" ] && [ ! -L "$f" ] || echo "${f##*/}"; done'
    paths = [f"{record.path}/{file.name}" for file in record.kept.files]
    found = machine.run(["sh", "-c", look, "sh", *paths]).stdout.decode().split()
    if found:
        raise Failed("backup.damaged", id=record.id, files=", ".join(found))


def document(machine: Machine, record: Record) -> str:
    """The text of its guest.xml, as it was kept. Raises `Failed("backup.damaged")`."""
    import hashlib

    text = _bounded(machine, f"{record.path}/{DOCUMENT}")
    if hashlib.sha256(text).hexdigest() != record.sums[DOCUMENT]:
        raise Failed("backup.damaged", id=record.id, files=DOCUMENT)
    return text.decode(errors="replace")


def find(host: Host, said: str, place: str | None) -> Record:
    """The backup of that id, in that directory, or the newest of the guest of that name.

    Raises `NotFound("backup.unknown")`, `Invalid("backup.unreadable")`.
    """
    machine = places.machine_of(host)
    if said.startswith("/"):
        parent, _, id = said.rstrip("/").rpartition("/")
        if not places.whole(machine, f"{parent}/{id}"):
            raise NotFound("backup.unknown", backup=said)
        pools = {one.path: one.pool for one in places.every(host)}
        return read(machine, places.Place(parent, pools.get(parent)), id)
    searched = [places.find(host, place)] if place else places.every(host)
    for one in searched:
        if "/" not in said and "@" in said and places.whole(machine, f"{one.path}/{said}"):
            return read(machine, one, said)
    found = newest(machine, searched, said)
    if found is None:
        raise NotFound("backup.unknown", backup=said)
    return found


def newest(machine: Machine, searched: list[places.Place], name: str) -> Record | None:
    """Of the guest of that name."""
    found = [record for place in searched for record in readable(machine, place) if record.kept.name == name]
    return max(found, key=lambda record: (record.kept.made, record.id), default=None)


def readable(machine: Machine, place: places.Place) -> list[Record]:
    """Every backup there; directories that only look like one are passed over."""
    found = []
    for id in place.ids(machine):
        try:
            found.append(read(machine, place, id))
        except Invalid:
            continue
    return found


def verify(machine: Machine, record: Record, on_bytes: Callable[[int], None]) -> None:
    """Raises `Failed("backup.damaged")` naming every file that is not what it was."""
    names = sorted(record.sums)
    strange = [name for name in names if not _FILE.fullmatch(name)]
    if strange:
        raise Invalid("backup.unreadable", path=record.path, detail=f"file {strange[0][:60]!r}")
    missing = [name for name in names if not machine.files.exists(f"{record.path}/{name}")]
    there = [name for name in names if name not in missing]
    found = dict(
        zip(there, sums(machine, [f"{record.path}/{name}" for name in there], on_bytes), strict=True)
    )
    sizes = {file.name: file.size for file in record.kept.files}
    wrong = [
        name
        for name, one in found.items()
        if one.sha256 != record.sums[name] or one.size != sizes.get(name, one.size)
    ]
    if wrong or missing:
        raise Failed("backup.damaged", id=record.id, files=", ".join(sorted(wrong + missing)))


def publish(machine: Machine, path: str, kept: KeptGuest, document: str) -> None:
    """Write what is said of the files that are there. It is a backup when this returns, and none before."""
    import hashlib

    held = {MANIFEST: manifest.encode(kept), DOCUMENT: document.encode()}
    listed = {name: hashlib.sha256(data).hexdigest() for name, data in held.items()}
    listed |= {file.name: file.sha256 or "" for file in kept.files}
    for name, data in held.items():
        machine.files.write(f"{path}/{name}", data, 0o600)
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(listed.items()))
    machine.run(["chmod", "700", "--", path])
    machine.files.write(f"{path}/{SUMS}", lines.encode(), 0o600)


def view(record: Record) -> BackupView:
    kept = record.kept
    return BackupView(
        id=record.id,
        guest=kept.name,
        uuid=kept.uuid,
        made=kept.made,
        state=kept.state,
        frozen=kept.frozen,
        size=record.size,
        disks=tuple(
            BackupDisk(target=disk.target, capacity=disk.capacity, size=sum(file.size for file in disk.files))
            for disk in kept.disks
        ),
        path=record.path,
        pool=record.pool,
        notes=kept.notes,
    )
