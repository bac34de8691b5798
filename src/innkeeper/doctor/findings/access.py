"""Whether the user that QEMU runs as gets to the disks: every directory above them has to let it pass."""

from __future__ import annotations

import shlex
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from innkeeper import libvirtxml
from innkeeper.doctor.finding import Check, Found, Site
from innkeeper.doctor.findings.kvm import qemu_user
from innkeeper.doctor.repairs import Repair
from innkeeper.virt import domains, storage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from innkeeper.doctor.finding import FileFacts

__all__ = ["CHECKS"]

FOLDERS = ("dir", "fs", "netfs")
"""Kinds of pools whose volumes are files below a directory."""
ASK = 'for path; do test -x "$path" || printf "%s\\n" "$path"; done'
"""test(1) asks the kernel (faccessat(2)), who knows of access lists too."""


def _images(site: Site) -> list[Found]:
    if site.host.is_session:
        return []  # QEMU runs as the user
    if site.virt is None:
        return [Found("unknown", "access.images.no_libvirt", {"reason": str(site.virt_error)})]
    user = qemu_user(site)
    if user in ("root", "0"):
        return [Found("ok", "access.images.root")]
    places = _places(site)
    folders = sorted({str(one) for place in places for one in (*_parents(place), place)})
    shut = _shut(site, user, [folder for folder in folders if site.exists(folder)])
    first = [one for one in shut if not any(str(parent) in shut for parent in _parents(one))]
    if not first:
        return [Found("ok", "access.images.open", {"user": user, "count": len(places)})]
    return [_closed(site, user, folder, places) for folder in first]


def _parents(path: str) -> list[PurePosixPath]:
    return list(PurePosixPath(path).parents)


def _places(site: Site) -> list[str]:
    """Directories that hold disks: of the pools that are active, and of what guests name."""
    found = set()
    for pool in storage.pools(site.host.virt):
        document = libvirtxml.Pool.from_xml(pool.stored_xml())
        if pool.active and document.type in FOLDERS and document.target_path:
            found.add(document.target_path.rstrip("/"))
    for text in domains.all_documents(site.host.virt).values():
        found |= {str(PurePosixPath(path).parent) for path in _files(text)}
    return sorted(found)


def _files(text: str) -> Iterable[str]:
    for disk in libvirtxml.Domain.from_xml(text).devices.disks:
        path = disk.source.file
        if path and path.startswith("/"):
            yield path


def _shut(site: Site, user: str, folders: list[str]) -> list[str]:
    """Those that the user cannot pass through; what is below one of them cannot be told from it."""
    if site.machine.is_root:
        ids = ["setpriv", "--reuid", user, "--regid", _group(site, user), "--init-groups", "--"]
        argv = [*ids, "sh", "-c", ASK, "sh", *map(site.path, folders)]
        said = site.run(argv)
        if said.status == 0:
            return [line.removeprefix(site.root) for line in said.stdout.decode().splitlines()]
    groups = site.shell('id -G -- "$1"', user).split()
    uid = _uid(site, user)
    seen = {folder: site.stat(folder) for folder in folders}
    return [folder for folder, facts in seen.items() if facts and not _passes(facts, uid, groups)]


def _group(site: Site, user: str) -> str:
    return site.shell('id -g -- "$1"', user).strip() or "0"


def _uid(site: Site, user: str) -> str:
    return site.shell('id -u -- "$1"', user).strip()


def _passes(facts: FileFacts, uid: str, groups: list[str]) -> bool:
    """By the mode alone, where access lists cannot be asked for."""
    if str(facts.uid) == uid:
        return bool(facts.mode & 0o100)
    return bool(facts.mode & (0o010 if str(facts.gid) in groups else 0o001))


def _closed(site: Site, user: str, folder: str, places: list[str]) -> Found:
    facts = site.stat(folder)
    mode = facts.mode if facts else 0
    inside = [place for place in places if place == folder or place.startswith(f"{folder}/")]
    told: dict[str, object] = {
        "folder": folder,
        "user": user,
        "mode": f"{mode:o}",
        "places": ", ".join(inside[:3]) + (" …" if len(inside) > 3 else ""),
    }
    quoted = shlex.quote(folder)
    if site.program("setfacl"):
        repair = Repair("acl", folder, {"add": f"user:{_uid(site, user)}:--x"})
        return Found("problem", "access.images.shut", told, f"setfacl -m u:{user}:x {quoted}", (repair,))
    repair = Repair("mode", folder, f"{mode | 0o001:o}")
    return Found("problem", "access.images.shut", told, f"chmod o+x {quoted}", (repair,))


CHECKS = (Check("access.images", _images, reads=("/etc/libvirt/qemu.conf", "/etc/passwd")),)
