"""Volumes that a request names: of an active pool, no links, and nobody else's."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from lxml import etree

from innkeeper.errors import Conflict, Denied, InnkeeperError, Refused
from innkeeper.libvirtxml import Domain
from innkeeper.storage import pools
from innkeeper.storage import volumes as stored
from innkeeper.tools import qemu_img
from innkeeper.virt import domains, storage

if TYPE_CHECKING:
    from innkeeper.host import Host

__all__ = ["is_own", "refuse_link", "volume"]

_DEEPEST = 16
"""Files that a chain may have."""
_NO_VOLUME = re.compile(r"[/~]|[^/]*:|.*(\0|%2f|://|/\.\.?(/|$))", re.DOTALL | re.IGNORECASE)
_PLAIN = frozenset(("file", "dev", "pool", "volume", "index", "startupPolicy"))


def volume(host: Host, said: str) -> str:
    """`POOL/VOLUME`, as it was said.

    Raises `Denied("request.host_path")` for anything else and for a link, and what `storage.volumes.lookup` raises.
    """
    pool, slash, name = said.partition("/")
    if not (pool and slash and name) or _NO_VOLUME.match(said):
        raise Denied("request.host_path", path=said)
    refuse_link(host, pool, stored.lookup(host, pool, name).path)
    return said


def refuse_link(host: Host, pool: str, path: str) -> None:
    """A link in a pool's directory leads out of it: libvirt lists it as a volume all the same."""
    if host.machine is None or not pools.is_directory(pools.ready(host, pool)):
        return
    if host.machine.run(["test", "-L", path], check=False).status == 0:
        raise Denied("request.host_path", path=path)


def is_own(host: Host, guest: str, disk: etree._Element, others: Counter[tuple[str, str, str]]) -> bool:
    """Whether all that a disk claims is a volume of an active pool that leads nowhere else, in the format that is said,
    and that no other guest has. CDs may be shared."""
    source = disk.find("source")
    if others or source is None or len(source) or not set(map(str, source.attrib)) <= _PLAIN:
        return False
    kind = _format(disk)
    try:
        path = _path(host, disk.get("type", "file"), source)
        if path is None or not _leads_nowhere(host, path, kind):
            return False
    except Refused:
        return False
    if disk.get("device") != "cdrom":
        _refuse_used(host, guest, path, kind)
    return True


def _path(host: Host, kind: str, source: etree._Element) -> str | None:
    if kind == "volume":
        pool, name = source.get("pool") or "", source.get("volume") or ""
        found = stored.lookup(host, pool, name)
        refuse_link(host, pool, found.path)
        return found.path
    path = source.get({"file": "file", "block": "dev"}.get(kind, "")) or ""
    by_path = storage.find_volume_by_path(host.virt, path) if path.startswith("/") else None
    if by_path is None:
        return None
    refuse_link(host, by_path[0], by_path[1].path)
    return path if by_path[1].path == path else None


def _leads_nowhere(host: Host, path: str, kind: str) -> bool:
    """Whether QEMU, opening it in that format, opens nothing that is no volume. What is inside was perhaps written by a
    guest."""
    for _ in range(_DEEPEST):
        if kind == "raw" or host.machine is None:
            return kind == "raw"
        facts = qemu_img.inspect(host.machine, path, kind)
        if facts.data_file is not None or facts.extents or facts.detected != kind:
            return False
        if facts.backing is None:
            return True
        below = (
            storage.find_volume_by_path(host.virt, facts.backing) if facts.backing.startswith("/") else None
        )
        if below is None or below[1].path != facts.backing or facts.backing_format is None:
            return False
        refuse_link(host, *(below[0], below[1].path))
        path, kind = facts.backing, facts.backing_format
    return False


def _refuse_used(host: Host, guest: str, path: str, kind: str) -> None:
    """No other guest has it, now or at its next start. The guest itself does not run on it in another format: what it
    writes there now would be read as a header then, which can name any file."""
    for name in domains.all_documents(host.virt):
        for document in _documents(host, name):
            for disk in document.node.findall("devices/disk"):
                source = disk.find("source")
                if source is None or not _same(host, source, path):
                    continue
                if name != guest or (document.node.get("id") is not None and _format(disk) != kind):
                    raise Conflict("guest.disk_used", disk=path, name=name)


def _documents(host: Host, name: str) -> list[Domain]:
    """Its stored one, and that of its present run."""
    domain = domains.find(host.virt, name)
    if domain is None:
        return []
    texts = [domain.xml(), *([domain.xml(live=True)] if domain.active else [])]
    return [Domain.from_xml(text) for text in texts]


def _format(disk: etree._Element) -> str:
    driver = disk.find("driver")
    return (driver.get("type") if driver is not None else None) or "raw"


def _same(host: Host, source: etree._Element, path: str) -> bool:
    if source.get("pool") is None:
        return path in (source.get("file"), source.get("dev"))
    try:
        return stored.lookup(host, source.get("pool") or "", source.get("volume") or "").path == path
    except InnkeeperError:
        return False  # it is no more
