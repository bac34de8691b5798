"""The host's memory: huge pages, merged pages, swap, and how much the kernel promises."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from innkeeper.doctor.finding import Check, Found, Site
from innkeeper.doctor.kernel_settings import sysctl, sysfs
from innkeeper.doctor.kinds.sysfs import chosen
from innkeeper.libvirtxml import Domain
from innkeeper.schema.names import DELETED, unmark
from innkeeper.schema.sizes import GIB, KIB, format_size
from innkeeper.virt import domains

if TYPE_CHECKING:
    from innkeeper.virt.connection import Connection

__all__ = ["CHECKS"]

TRANSPARENT = "/sys/kernel/mm/transparent_hugepage/enabled"
KSM = "/sys/kernel/mm/ksm"
POOLS = "/sys/kernel/mm/hugepages"

FULL = 0.8
"""Of the host's memory: more than that promised to running guests is tight."""
SWAPPY = 60
"""The kernel's own default of vm.swappiness (Documentation/admin-guide/sysctl/vm.rst)."""
CALM = "10"
"""What tuned's profiles for hosts of guests take (throughput-performance, virtual-host)."""


def _meminfo(site: Site) -> dict[str, int]:
    """Bytes (proc(5)); pages are counted, not measured."""
    found = re.findall(r"^(\w+):\s+(\d+)( kB)?$", site.read("/proc/meminfo"), re.MULTILINE)
    return {name: int(number) * (KIB if unit else 1) for name, number, unit in found}


# --- huge pages -------------------------------------------------------------------------------------------------------


def _pools(site: Site) -> dict[int, tuple[int, int]]:
    """Size of a page in bytes → how many are set aside, how many of these are free."""
    found = {}
    for name in site.list(POOLS):
        size = int(name.removeprefix("hugepages-").removesuffix("kB")) * KIB
        numbers = (site.read(f"{POOLS}/{name}/{file}_hugepages").strip() for file in ("nr", "free"))
        total, free = (int(number or 0) for number in numbers)
        found[size] = (total, free)
    return found


def _wanted(connection: Connection | None, standard: int) -> list[tuple[str, int, int, bool]]:
    """Guests that ask for huge pages: name, size of a page, how many, whether it runs (and has them)."""
    if connection is None:
        return []
    running = {row.name for row in domains.rows(connection) if row.state != "stopped"}
    found = []
    for name, text in domains.all_documents(connection).items():
        if "hugepages" not in text or unmark(name)[1] == DELETED:
            continue
        document = Domain.from_xml(text)
        if document.memory_backing.huge_pages:
            size = next((page.size for page in document.memory_backing.pages if page.size), None) or standard
            found.append((name, size, -(-(document.memory or 0) // size), name in running))
    return found


def _mounted(site: Site, size: int, standard: int) -> bool:
    """libvirt takes the first hugetlbfs with pages of that size (virFileFindHugeTLBFS)."""
    for line in site.read("/proc/mounts").splitlines():
        _source, _place, kind, options = line.split()[:4]
        if kind == "hugetlbfs":
            said = re.search(r"pagesize=(\d+)([KMG]?)", options)
            factor = {"K": KIB, "M": KIB**2, "G": GIB}.get(said[2], 1) if said else 1
            if (int(said[1]) * factor if said else standard) == size:
                return True
    return False


def _huge_pages(site: Site) -> list[Found]:
    standard = _meminfo(site).get("Hugepagesize", 0)
    if not standard:
        return [Found("ok", "memory.huge_pages.unknown_to_kernel")]
    pools = _pools(site)
    wanted = _wanted(site.virt, standard)
    largest: dict[int, tuple[int, str]] = {}
    for name, size, count, running in wanted:
        if not running and count > pools.get(size, (0, 0))[1]:
            largest[size] = max(largest.get(size, (0, "")), (count, name))
    found = [
        _missing(site, name, size, count, pools.get(size, (0, 0)), standard)
        for size, (count, name) in largest.items()
    ]
    for size in sorted({size for _, size, _, _ in wanted} | {size for size in pools if pools[size][0]}):
        if not _mounted(site, size, standard):
            found.append(_unmounted(size, standard))
    for size, (total, free) in pools.items():
        idle = total and total == free and site.virt is not None and size not in {one[1] for one in wanted}
        if idle:
            found.append(_idle(site, size, total, standard))
    total = sum(size * count for size, (count, _free) in pools.items())
    fine = Found("ok", "memory.huge_pages.there", {"size": format_size(total), "guests": len(wanted)})
    return found or [fine if total else Found("ok", "memory.huge_pages.none")]


def _missing(site: Site, guest: str, size: int, count: int, pool: tuple[int, int], standard: int) -> Found:
    """For the guest that needs most of those that are off. Only pages of the usual size come from a running kernel with
    any luck: the others are asked for at boot."""
    total, free = pool
    target = total + count - free
    facts: dict[str, object] = {"guest": guest, "count": count, "free": free, "page": format_size(size)}
    if size != standard:
        path = f"{POOLS}/hugepages-{size // KIB}kB/nr_hugepages"
        return Found("problem", "memory.huge_pages.few", facts, f"echo {target} > {path}")
    short = (count - free) * size > _meminfo(site).get("MemAvailable", 0)
    if short:
        return Found("problem", "memory.huge_pages.no_memory", facts)
    remedy = f"sysctl -w vm.nr_hugepages={target}"
    return Found(
        "problem", "memory.huge_pages.few", facts, remedy, sysctl(site, "vm.nr_hugepages", str(target))
    )


def _unmounted(size: int, standard: int) -> Found:
    place, option = "/dev/hugepages", ""
    if size != standard:
        place, option = f"/dev/hugepages-{format_size(size)}", f" -o pagesize={format_size(size)}"
    remedy = f"mkdir -p {place} && mount -t hugetlbfs{option} hugetlbfs {place} && systemctl restart libvirtd"
    return Found("problem", "memory.huge_pages.unmounted", {"page": format_size(size)}, remedy)


def _idle(site: Site, size: int, count: int, standard: int) -> Found:
    facts: dict[str, object] = {"size": format_size(size * count), "page": format_size(size)}
    if size != standard:
        remedy = f"echo 0 > {POOLS}/hugepages-{size // KIB}kB/nr_hugepages"
        return Found("advice", "memory.huge_pages.idle", facts, remedy)
    repair = sysctl(site, "vm.nr_hugepages", "0")
    return Found("advice", "memory.huge_pages.idle", facts, "sysctl -w vm.nr_hugepages=0", repair)


def _transparent(site: Site) -> Found:
    """QEMU asks for them itself (madvise(2), MADV_HUGEPAGE): only `never` keeps them from guests."""
    now = chosen(site.read(TRANSPARENT))
    if now == "never":
        repair = sysfs(site, TRANSPARENT, "madvise", "transparent-hugepage")
        return Found("advice", "memory.transparent.never", {}, f"echo madvise > {TRANSPARENT}", repair)
    return Found("ok", "memory.transparent.on" if now else "memory.transparent.none", {"mode": now})


# --- merged pages -----------------------------------------------------------------------------------------------------


def _ksm(site: Site) -> Found:
    state = site.read(f"{KSM}/run").strip()
    if not state:
        return Found("ok", "memory.ksm.none")
    if state == "1":
        page = int(site.shell("getconf PAGESIZE").strip() or 4096)
        saved = int(site.read(f"{KSM}/pages_sharing").strip() or 0) * page
        return Found("ok", "memory.ksm.on", {"saved": format_size(saved) if saved else "0"})
    promised, total = _promised(site.virt), _meminfo(site).get("MemTotal", 0)
    facts: dict[str, object] = {"promised": format_size(promised), "total": format_size(total)}
    if total and promised > FULL * total:
        repair = sysfs(site, f"{KSM}/run", "1", "ksm")
        return Found("advice", "memory.ksm.off_and_tight", facts, f"echo 1 > {KSM}/run", repair)
    return Found("ok", "memory.ksm.off")


def _promised(connection: Connection | None) -> int:
    """Bytes of all running guests."""
    if connection is None:
        return 0
    return sum(row.memory or 0 for row in domains.rows(connection) if row.state != "stopped")


# --- swap and promises ------------------------------------------------------------------------------------------------


def _swap(site: Site) -> Found:
    """A twentieth of the memory, but no more than a gibibyte, is what we take for enough to push idle pages to."""
    rows = [line.split() for line in site.read("/proc/swaps").splitlines()[1:]]
    total = sum(int(row[2]) * KIB for row in rows)
    memory = _meminfo(site).get("MemTotal", 0)
    enough = min(GIB, memory // 20)
    facts: dict[str, object] = {"size": format_size(total), "memory": format_size(memory)}
    size = format_size(max(GIB, min(memory // 8, 8 * GIB) // GIB * GIB))
    make = f"fallocate -l {size} /swapfile && chmod 600 /swapfile && mkswap /swapfile && swapon /swapfile"
    if not rows:
        return Found("advice", "memory.swap.none", {"memory": format_size(memory)}, make)
    if total < enough:
        return Found("advice", "memory.swap.little", facts, make)
    compressed = all(row[0].startswith("/dev/zram") for row in rows)
    return Found("ok", "memory.swap.compressed" if compressed else "memory.swap.there", facts)


def _swappiness(site: Site) -> Found:
    """On compressed memory (zram) a high value is right: reading back costs no disk."""
    rows = site.read("/proc/swaps").splitlines()[1:]
    now = int(site.read("/proc/sys/vm/swappiness").strip() or SWAPPY)
    facts: dict[str, object] = {"value": now}
    if not rows or now <= SWAPPY or all(row.startswith("/dev/zram") for row in rows):
        return Found("ok", "memory.swappiness.fine", facts)
    repair = sysctl(site, "vm.swappiness", CALM)
    return Found("advice", "memory.swappiness.high", facts, f"sysctl -w vm.swappiness={CALM}", repair)


def _overcommit(site: Site) -> Found:
    """Mode 2 counts what was asked for, not what is used (Documentation/mm/overcommit-accounting.rst)."""
    if site.read("/proc/sys/vm/overcommit_memory").strip() != "2":
        return Found("ok", "memory.overcommit.fine")
    known = _meminfo(site)
    left = max(known.get("CommitLimit", 0) - known.get("Committed_AS", 0), 0)
    repair = sysctl(site, "vm.overcommit_memory", "0")
    facts: dict[str, object] = {"left": format_size(left) if left else "0"}
    return Found("problem", "memory.overcommit.strict", facts, "sysctl -w vm.overcommit_memory=0", repair)


CHECKS = (
    Check(
        "memory.huge_pages",
        _huge_pages,
        ("/proc/meminfo", "/proc/mounts", f"{POOLS}/", f"{POOLS}/*/*_hugepages"),
    ),
    Check("memory.transparent", _transparent, (TRANSPARENT,)),
    Check("memory.ksm", _ksm, ("/proc/meminfo", f"{KSM}/run", f"{KSM}/pages_sharing")),
    Check("memory.swap", _swap, ("/proc/meminfo", "/proc/swaps")),
    Check("memory.swappiness", _swappiness, ("/proc/swaps", "/proc/sys/vm/swappiness")),
    Check("memory.overcommit", _overcommit, ("/proc/meminfo", "/proc/sys/vm/overcommit_memory")),
)
