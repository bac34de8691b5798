"""A kept guest for this host: who it is to be here, and what of its document changes for that.

newcomer = rebuild.decide(host, kept, document, Wanted(name="web1"))     # refuses; touches nothing
domain = arriving.bring(host, operation, newcomer, pieces)               # makes it, file by file
"""

from __future__ import annotations

import re
import secrets
import time
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from innkeeper import config
from innkeeper.errors import Denied, Invalid, Unsupported
from innkeeper.guest import metadata, naming
from innkeeper.guest.firmware import nvram_directory
from innkeeper.guest.keeping import cards, fitting, foreign, state_files, variables
from innkeeper.guest.running import admission
from innkeeper.guest.watching.serial_log import directory
from innkeeper.image import catalogue
from innkeeper.libvirtxml import tree
from innkeeper.schema.kept import KeptFile, KeptGuest, Note
from innkeeper.schema.names import CREATING, check_name, mark
from innkeeper.storage import pools
from innkeeper.virt import domains

if TYPE_CHECKING:
    from innkeeper.doctor.accelerator import Choice
    from innkeeper.guest.metadata import Facts
    from innkeeper.host import Host
    from innkeeper.libvirtxml import Domain

__all__ = ["Newcomer", "Wanted", "decide", "standing"]

_USER = re.compile(r"[A-Za-z_][A-Za-z0-9._-]{0,31}", re.ASCII)


@dataclass(frozen=True)
class Wanted:
    """What is asked of it here."""

    name: str
    pool: str | None = None
    """for its volumes; the configured one when None"""
    networks: tuple[str, ...] = ()
    """for its cards, one after the other, the last for all that follow; its own when empty"""
    accel: Literal["auto", "kvm", "tcg"] = "auto"
    trust: bool = False
    """take its document with devices and paths of the host that it names"""
    overcommit: bool = False
    replaces: str | None = None
    """name of a guest that will be out of the way by then: its name, and what addresses it has, are free"""


@dataclass(frozen=True)
class Newcomer:
    """A guest that is to be made from what was kept."""

    name: str
    uuid: str
    kept: KeptGuest
    document: Domain
    """for this host, whole, called `NAME~creating`: its disks, variables and log are where they will be"""
    facts: Facts
    """ours, without the operation's id"""
    pool: str
    volumes: dict[str, str]
    """file of the kept guest → volume of `pool` that is made for it"""
    paths: dict[str, str]
    """file of the kept guest → where it will be; of what is an image here already, where that is"""
    nvram_path: str | None
    tpm_directory: str | None
    log_file: str
    notes: tuple[Note, ...]
    """what is different from what was kept, and what is left out"""


def decide(host: Host, kept: KeptGuest, document: Domain, wanted: Wanted) -> Newcomer:
    """Who it is to be, or a refusal; nothing is touched. `kept` is one that `manifest.decode` found sound.

    Name, then UUID and MACs kept when free, else new ones; machine type, accelerator, CPU and emulator that this host
    has; networks. Raises `Conflict("guest.exists")`, what `fitting.fit` and `cards.plug` raise,
    `Invalid("kept.host_path")`, `NotFound("pool.unknown")`, `Unsupported("kept.pool_kind")`, `Conflict("pool.full")`.
    """
    _refuse(host, wanted)
    pool = config.get("pool") if wanted.pool is None else wanted.pool
    place = _pool(host, pool)
    notes = [] if wanted.trust else [_left(what) for what in foreign.strip(document)]
    choice, fitted = fitting.fit(host, document, wanted.accel)
    notes += fitted + cards.plug(host, document, wanted.networks, wanted.trust, wanted.replaces)
    identity = _identity(host, kept, document, notes)
    stem = _stem(host, pool, f"{wanted.name}-{identity[:8]}", kept)
    volumes, there = _places(host, kept, pool, stem, wanted.overcommit)
    paths = there | {name: f"{place}/{volume}" for name, volume in volumes.items()}
    _disks(document, kept, paths, wanted.trust, notes)
    _kernel(document, kept, paths, wanted.trust, notes)
    document.name, document.uuid = mark(wanted.name, CREATING), identity
    if kept.autostart:
        notes.append(Note(text="kept.note.autostart", facts={"name": wanted.name}))
    return Newcomer(
        name=wanted.name,
        uuid=identity,
        kept=kept,
        document=document,
        facts=_facts(document, choice, tuple((pool, volume) for volume in volumes.values())),
        pool=pool,
        volumes=volumes,
        paths=paths,
        nvram_path=_nvram(host, document, kept, stem),
        tpm_directory=_tpm(host, document, kept, identity),
        log_file=_log(document, f"{directory(host)}/{stem}.serial.log"),
        notes=tuple(notes),
    )


def _refuse(host: Host, wanted: Wanted) -> None:
    check_name(wanted.name)
    if wanted.replaces != wanted.name:
        naming.free(host, wanted.name)
    if not host.support.is_qemu:
        raise Unsupported("kept.hypervisor", name=wanted.name, type=host.virt.driver)


def _left(what: str) -> Note:
    return Note(text="kept.note.left_out", facts={"what": what})


def _places(
    host: Host, kept: KeptGuest, pool: str, stem: str, overcommit: bool
) -> tuple[dict[str, str], dict[str, str]]:
    """File → the volume that is made for it, and file → where it is already."""
    there = standing(host, kept)
    needed = _needed(kept, there)
    _refuse_room(host, pool, kept, needed, overcommit)
    return {file.name: f"{stem}-{file.name}" for file in needed}, there


def _pool(host: Host, name: str) -> str:
    """Its directory: a file of a chain is as long as it is, which volumes of other pools are not."""
    pool = pools.ready(host, name)
    if not pools.is_directory(pool):
        raise Unsupported("kept.pool_kind", name=name)
    return pools.target(pool)


def _identity(host: Host, kept: KeptGuest, document: Domain, notes: list[Note]) -> str:
    """Its UUID, unless a guest here has it, or left a TPM behind that the newcomer must not get."""
    wanted = str(uuid.UUID(kept.uuid))
    if document.generation_id:
        document.generation_id = str(uuid.uuid4())  # by it a system learns that it is another copy
    if domains.find(host.virt, wanted) is None and not _has_state(host, document, wanted):
        return wanted
    made = str(uuid.uuid4())
    for entry in document.node.iterfind("sysinfo/system/entry[@name='uuid']"):
        entry.text = made  # libvirt refuses two that differ
    notes.append(Note(text="kept.note.uuid", facts={"was": wanted, "now": made}))
    return made


def _has_state(host: Host, document: Domain, identity: str) -> bool:
    if host.machine is None or not len(document.devices.tpms):
        return False
    found = state_files.tpm_directory(host, identity, document.devices.tpms[0].backend_version)
    return found is not None and host.machine.run(["test", "-e", found], check=False).status == 0


def _stem(host: Host, pool: str, stem: str, kept: KeptGuest) -> str:
    """Of the names of its volumes. Disks that a purge kept may have those of its UUID."""
    there = pools.ready(host, pool)
    if any(there.find(f"{stem}-{file.name}") for file in kept.files):
        return f"{stem}-{secrets.token_hex(4)}"
    return stem


def standing(host: Host, kept: KeptGuest) -> dict[str, str]:
    """Files that this host has already, as images: the same bytes by SHA-256."""
    sums = {file.sha256 for file in kept.files if file.sha256}
    if not sums:
        return {}
    here: dict[tuple[str, int], str] = {}
    for manifest in catalogue.manifests(host, old=True):
        here |= {(file.sha256, file.size): volume for volume, file in manifest.files.items()}
    if not here:
        return {}
    base = pools.target(pools.ready(host, catalogue.POOL))
    found = {file.name: here.get((file.sha256 or "", file.size)) for file in kept.files}
    return {name: f"{base}/{volume}" for name, volume in found.items() if volume}


def _needed(kept: KeptGuest, there: dict[str, str]) -> list[KeptFile]:
    """Files that volumes are made for: of a chain only what is above an image."""
    needed: dict[str, KeptFile] = {}
    for disk in kept.disks:
        for file in disk.files:
            if file.name in there:
                break
            needed[file.name] = file
    for one in (kept.kernel, kept.initrd):
        if one is not None and one.name not in there:
            needed[one.name] = one
    return list(needed.values())


def _refuse_room(host: Host, pool: str, kept: KeptGuest, needed: list[KeptFile], overcommit: bool) -> None:
    if needed:
        largest = (
            max(disk.capacity for disk in kept.disks) if kept.disks else max(file.size for file in needed)
        )
        admission.refuse_disk(host, pool, largest, sum(file.data or 0 for file in needed), overcommit)


def _disks(document: Domain, kept: KeptGuest, paths: dict[str, str], trust: bool, notes: list[Note]) -> None:
    known = {disk.target: disk for disk in kept.disks}
    for disk in list(document.devices.disks):
        found = known.pop(disk.target_dev or "", None)
        if found is not None:
            for child in list(
                disk.node.iterchildren("source", "backingStore", "mirror", "auth", "encryption")
            ):
                tree.remove(child)
            disk.update(type="file", device="disk", driver_name="qemu", driver_type=found.format)
            disk.source.file = paths[found.files[0].name]
        elif disk.source.exists and not trust:
            notes.append(_left(f"disk {disk.target_dev or '-'}"))
            document.devices.disks.remove(disk)
    for target in known:
        raise Invalid("kept.disk_unknown", target=target)


def _kernel(document: Domain, kept: KeptGuest, paths: dict[str, str], trust: bool, notes: list[Note]) -> None:
    for word, file in (("kernel", kept.kernel), ("initrd", kept.initrd)):
        if file is not None:
            setattr(document.os, word, paths[file.name])
        elif getattr(document.os, word) and not trust:
            notes.append(_left(f"os {word} {getattr(document.os, word)}"))
            setattr(document.os, word, None)


def _log(document: Domain, log_file: str) -> str:
    for number, serial in enumerate(document.devices.serials):
        serial.log_file = log_file if number == 0 else None
        serial.log_append = True if number == 0 else None
    return log_file


def _nvram(host: Host, document: Domain, kept: KeptGuest, stem: str) -> str | None:
    if not fitting.has_uefi(document):
        return None
    where = nvram_directory(host)
    path = f"{where}/{stem}_VARS.fd" if where else None
    if path is not None:
        document.os.nvram = path
    if kept.nvram is not None:
        _refuse_state(host, path)
        variables.fit(host, document, kept.nvram.size)
    return path


def _tpm(host: Host, document: Domain, kept: KeptGuest, identity: str) -> str | None:
    if not kept.tpm or not len(document.devices.tpms):
        return None
    found = state_files.tpm_directory(host, identity, document.devices.tpms[0].backend_version)
    _refuse_state(host, found)
    return found


def _refuse_state(host: Host, path: str | None) -> None:
    """These are libvirt's own files: on the system's they are root's."""
    if host.machine is None or path is None:
        raise Unsupported("kept.no_machine", path=path or "-", uri=host.uri)
    if not host.is_session and not host.machine.is_root:
        raise Denied("kept.state_write", path=path)


def _facts(document: Domain, choice: Choice, volumes: tuple[tuple[str, str], ...]) -> Facts:
    """Those of the guest that it was, but for what was the other host's. They reach command lines: see `check_user`."""
    was = metadata.read(document)
    return replace(
        was,
        created=str(int(time.time())),
        operation=None,
        boot_pattern=was.boot_pattern if _is_pattern(was.boot_pattern) else None,
        user=was.user if was.user and _USER.fullmatch(was.user) else None,
        login=was.login if was.login in ("ssh", "serial") else None,
        accel_reason=choice.reason_id,
        accel_facts={key: str(value) for key, value in choice.facts.items()},
        autostart=None,
        ssh_port=None,
        volumes=volumes,
        address=None,
    )


def _is_pattern(text: str | None) -> bool:
    try:
        return bool(text) and len(text or "") < 1000 and re.compile(text or "") is not None
    except re.error:
        return False
