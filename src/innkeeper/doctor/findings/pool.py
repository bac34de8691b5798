"""Storage pools: `default`, that of the images, and how much room is left in each."""

from __future__ import annotations

from innkeeper import config, libvirtxml
from innkeeper.doctor.finding import Check, Found, Site
from innkeeper.doctor.repairs import Repair
from innkeeper.schema.host import Status
from innkeeper.schema.sizes import format_size
from innkeeper.virt import storage

__all__ = ["CHECKS", "judged"]

NAME = "default"
PLACE = "/var/lib/libvirt/images"
MODE = "711"
"""What libvirt's packages give it: QEMU's user passes through, nobody lists."""
IMAGES = "innkeeper-images"
LITTLE, NEARLY_NOTHING = 0.10, 0.01
"""Parts of the whole."""
LEAST = 256 * 1024**2
"""Bytes: with less, a guest that begins to write is stopped in a moment (it is paused with an I/O error)."""


def _unseen(site: Site) -> list[Found] | None:
    if site.virt is None:
        return [Found("unknown", "pool.no_libvirt", {"reason": str(site.virt_error)})]
    return None


def _default(site: Site) -> Found | list[Found]:
    if site.host.is_session:
        return []
    unseen = _unseen(site)
    if unseen is not None:
        return unseen
    pool = storage.find_pool(site.host.virt, NAME)
    if pool is not None:
        return _state(site, pool, "pool.default")
    if config.get("pool") != NAME:
        return Found("ok", "pool.default.other", {"name": config.get("pool")})
    document = libvirtxml.Pool.new(type="dir", name=NAME)
    document.target_path = PLACE
    value = {"xml": document.to_xml(), "active": True, "autostart": True}
    repair = (Repair("directory", PLACE, MODE), Repair("pool", NAME, value))
    remedy = (
        f"virsh pool-define-as {NAME} dir --target {PLACE} && virsh pool-build {NAME} && "
        f"virsh pool-start {NAME} && virsh pool-autostart {NAME}"
    )
    return Found("problem", "pool.default.missing", {"name": NAME, "path": PLACE}, remedy, repair)


def _images(site: Site) -> Found | list[Found]:
    """The pool of images comes with the first image."""
    unseen = _unseen(site)
    if unseen is not None:
        return unseen
    pool = storage.find_pool(site.host.virt, IMAGES)
    if pool is None:
        return Found("ok", "pool.images.later", {"name": IMAGES})
    return _state(site, pool, "pool.images")


def _state(site: Site, pool: storage.Pool, id: str) -> Found:
    path = libvirtxml.Pool.from_xml(pool.stored_xml()).target_path or ""
    facts: dict[str, object] = {"name": pool.name, "path": path or "-"}
    autostart = pool.persistent and pool.autostart
    if pool.active and autostart:
        return Found("ok", f"{id}.ok", facts)
    now = {"active": pool.active, "autostart": autostart}
    wanted = {piece: True for piece, is_so in now.items() if not is_so}
    repair: tuple[Repair, ...] = (Repair("pool", pool.name, wanted),)
    start, always = f"virsh pool-start {pool.name}", f"virsh pool-autostart {pool.name}"
    if pool.active:
        return Found("problem", f"{id}.no_autostart", facts, always, repair)
    remedy = [start] if autostart else [start, always]
    is_directory = libvirtxml.Pool.from_xml(pool.stored_xml()).type == "dir"
    if path and is_directory and not site.exists(path):
        repair = (Repair("directory", path, MODE), *repair)
        remedy.insert(0, f"virsh pool-build {pool.name}")
        return Found("problem", f"{id}.no_directory", facts, " && ".join(remedy), repair)
    return Found("problem", f"{id}.inactive", facts, " && ".join(remedy), repair)


def _space(site: Site) -> list[Found]:
    """Each pool that is active."""
    unseen = _unseen(site)
    if unseen is not None:
        return unseen
    found = []
    fine = []
    for pool in storage.pools(site.host.virt):
        if not pool.active:
            continue
        capacity, free = _room(site, pool)
        status = judged(capacity, free)
        percent = round(100 * free / capacity) if capacity else 0
        facts: dict[str, object] = {"name": pool.name, "free": format_size(free), "percent": percent}
        if status == "ok":
            fine.append(f"{pool.name} {format_size(free)}")
        else:
            variant = "full" if status == "problem" else "little"
            found.append(Found(status, f"pool.space.{variant}", facts))
    if fine:
        found.append(Found("ok", "pool.space.enough", {"pools": ", ".join(fine)}))
    return found


def judged(capacity: int, free: int) -> Status:
    """Of a pool's bytes in all and those free; one without a size of its own (iSCSI, RBD …) is fine."""
    if capacity == 0:
        return "ok"
    if free < LEAST or free < capacity * NEARLY_NOTHING:
        return "problem"
    return "advice" if free < capacity * LITTLE else "ok"


def _room(site: Site, pool: storage.Pool) -> tuple[int, int]:
    """Bytes in all and free; of a directory as they are now, of others as libvirt saw them last."""
    document = libvirtxml.Pool.from_xml(pool.xml())
    if document.target_path and document.type in ("dir", "fs", "netfs"):
        argv = ["df", "-B1", "--output=size,avail", "--", document.target_path]
        lines = site.run(argv).stdout.decode().splitlines()
        if len(lines) == 2:
            size, free = lines[1].split()
            return int(size), int(free)
    return pool.space()


CHECKS = (
    Check("pool.default", _default),
    Check("pool.images", _images),
    Check("pool.space", _space),
)
