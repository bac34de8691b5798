"""Findings about the host's memory, on a /proc and /sys of the test's own: these settings are the machine's, shared by
all that run on it, so that a test may not touch the real ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from innkeeper.libvirtxml.build import element
from tests.unit.doctor.fake_host import AWAY, FakeHost

GIB = 1024**3
MEMINFO = """MemTotal:       16777216 kB
MemAvailable:    8388608 kB
CommitLimit:     8388608 kB
Committed_AS:    8000000 kB
HugePages_Total:       {total}
HugePages_Free:        {total}
Hugepagesize:       2048 kB
"""
POOL = "/sys/kernel/mm/hugepages/hugepages-2048kB"
SWAPS = "Filename\tType\t\tSize\tUsed\tPriority\n"


def guest(memory_mib: int, page_kib: int | None = None, huge: bool = True) -> etree._Element:
    """A guest that is to have huge pages; the test driver starts it."""
    document = element("domain", {"type": "test"}, element("name", {}, "big"))
    document.append(element("memory", {"unit": "MiB"}, str(memory_mib)))
    if huge:
        pages = element("hugepages", {})
        if page_kib:
            pages.append(element("page", {"size": str(page_kib), "unit": "KiB"}))
        document.append(element("memoryBacking", {}, pages))
    document.append(element("os", {}, element("type", {}, "hvm")))
    return document


def made(directory: Path, patch: pytest.MonkeyPatch, *guests: etree._Element) -> FakeHost:
    path = directory / "node.xml"
    etree.ElementTree(element("node", {}, *guests)).write(path)
    fake = FakeHost(directory, patch, f"test://{path}" if guests else AWAY)
    fake.write("/proc/meminfo", MEMINFO.format(total=0))
    fake.write("/proc/mounts", "hugetlbfs /dev/hugepages hugetlbfs rw,relatime,pagesize=2M 0 0\n")
    fake.write("/proc/sys/vm/nr_hugepages", "0\n")
    pages(fake, 0)
    return fake


def pages(fake: FakeHost, total: int, size: int = 2048) -> None:
    at = f"/sys/kernel/mm/hugepages/hugepages-{size}kB"
    fake.write(f"{at}/nr_hugepages", f"{total}\n")
    fake.write(f"{at}/free_hugepages", f"{total}\n")


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeHost:
    return made(tmp_path, monkeypatch)


def stopped(directory: Path, patch: pytest.MonkeyPatch, document: etree._Element) -> FakeHost:
    from innkeeper.virt import domains

    found = made(directory, patch, document)
    domains.lookup(found.host.virt, "big").destroy()
    return found


def test_no_huge_pages_and_nobody_asks(fake: FakeHost) -> None:
    assert fake.variant("memory.huge_pages") == ("ok", "none")
    fake.write("/proc/meminfo", "MemTotal: 1 kB\n")
    assert fake.variant("memory.huge_pages") == ("ok", "unknown_to_kernel")


def test_a_guest_asks_for_more_than_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = stopped(tmp_path, monkeypatch, guest(1024))
    fake.write("/etc/sysctl.d/99-mine.conf", "")
    found = fake.finds("memory.huge_pages")
    assert (found.status, found.text) == ("problem", "memory.huge_pages.few")
    assert (found.facts["count"], found.facts["free"], found.facts["guest"]) == (512, 0, "big")
    assert found.remedy == "sysctl -w vm.nr_hugepages=512"
    before = fake.fingerprint()
    fake.setup("memory.huge_pages")
    assert fake.read("/proc/sys/vm/nr_hugepages") == "512"
    assert fake.read("/etc/sysctl.d/60-innkeeper-vm.nr_hugepages.conf") == "vm.nr_hugepages = 512"
    fake.undo()
    assert fake.fingerprint() == before
    pages(fake, 512)  # what the kernel would show then
    assert fake.variant("memory.huge_pages") == ("ok", "there")


def test_a_guest_asks_for_what_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = stopped(tmp_path, monkeypatch, guest(12 * 1024)).finds("memory.huge_pages")
    assert (found.text, found.repair) == ("memory.huge_pages.no_memory", ())


def test_pages_of_another_size_are_asked_for_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = stopped(tmp_path, monkeypatch, guest(2048, page_kib=1024 * 1024))
    few, unmounted = fake.looks("memory.huge_pages")
    assert (few.text, few.repair, few.facts["count"]) == ("memory.huge_pages.few", (), 2)
    assert "hugepages-1048576kB/nr_hugepages" in (few.remedy or "")
    assert unmounted.text == "memory.huge_pages.unmounted"
    assert "pagesize=1G" in (unmounted.remedy or "")


def test_a_guest_that_runs_has_its_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = made(tmp_path, monkeypatch, guest(1024))
    assert fake.variant("memory.huge_pages") == ("ok", "none")


def test_huge_pages_without_a_mount(fake: FakeHost) -> None:
    pages(fake, 10)
    fake.write("/proc/mounts", "proc /proc proc rw 0 0\n")
    assert fake.variant("memory.huge_pages") == ("problem", "unmounted")


def test_huge_pages_that_nobody_uses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Advice: done only when it is named."""
    fake = made(tmp_path, monkeypatch, guest(64, huge=False))
    pages(fake, 64)
    fake.write("/proc/sys/vm/nr_hugepages", "64\n")
    assert fake.variant("memory.huge_pages") == ("advice", "idle")
    fake.setup("memory.huge_pages")
    assert fake.read("/proc/sys/vm/nr_hugepages") == "0"
    fake.undo()
    assert fake.read("/proc/sys/vm/nr_hugepages") == "64"


@pytest.mark.parametrize("told", ["[always] madvise never", "always [madvise] never"])
def test_the_kernel_makes_huge_pages_by_itself(fake: FakeHost, told: str) -> None:
    fake.write("/sys/kernel/mm/transparent_hugepage/enabled", told)
    assert fake.variant("memory.transparent") == ("ok", "on")


def test_the_kernel_makes_none_by_itself(fake: FakeHost) -> None:
    assert fake.variant("memory.transparent") == ("ok", "none")
    fake.write("/sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]\n")
    fake.write("/etc/tmpfiles.d/mine.conf", "")
    assert fake.variant("memory.transparent") == ("advice", "never")
    fake.setup("memory.transparent")
    assert fake.read("/sys/kernel/mm/transparent_hugepage/enabled") == "madvise"
    kept = fake.read("/etc/tmpfiles.d/innkeeper-transparent-hugepage.conf")
    assert kept == "w /sys/kernel/mm/transparent_hugepage/enabled - - - - madvise"
    fake.undo()
    assert fake.read("/sys/kernel/mm/transparent_hugepage/enabled") == "never"


def test_merging_is_advised_when_memory_is_tight(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = made(tmp_path, monkeypatch, guest(15 * 1024, huge=False))
    assert fake.variant("memory.ksm") == ("ok", "none")
    fake.write("/sys/kernel/mm/ksm/run", "0\n")
    fake.write("/sys/kernel/mm/ksm/pages_sharing", "262144\n")
    assert fake.variant("memory.ksm") == ("advice", "off_and_tight")
    fake.heals("memory.ksm")
    fake.write("/sys/kernel/mm/ksm/run", "1\n")
    assert fake.variant("memory.ksm") == ("ok", "on")


def test_merging_is_not_advised_when_there_is_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = made(tmp_path, monkeypatch, guest(64, huge=False))
    fake.write("/sys/kernel/mm/ksm/run", "0\n")
    assert fake.variant("memory.ksm") == ("ok", "off")


@pytest.mark.parametrize(
    ("rows", "seen"),
    [
        ("", ("advice", "none")),
        ("/swapfile file 65536 0 -2\n", ("advice", "little")),
        ("/dev/sda2 partition 4194304 0 -2\n", ("ok", "there")),
        ("/dev/zram0 partition 8388608 0 100\n", ("ok", "compressed")),
    ],
)
def test_swap(fake: FakeHost, rows: str, seen: tuple[str, str]) -> None:
    fake.write("/proc/swaps", SWAPS + rows)
    assert fake.variant("memory.swap") == seen


def test_swapping_too_eagerly(fake: FakeHost) -> None:
    fake.write("/proc/swaps", SWAPS + "/dev/sda2 partition 4194304 0 -2\n")
    fake.write("/proc/sys/vm/swappiness", "60\n")
    assert fake.variant("memory.swappiness") == ("ok", "fine")
    fake.write("/proc/sys/vm/swappiness", "100\n")
    fake.write("/etc/sysctl.d/99-mine.conf", "")
    assert fake.variant("memory.swappiness") == ("advice", "high")
    fake.heals("memory.swappiness")
    compressed = "/dev/zram0 partition 4194304 0 100\n"
    fake.write("/proc/swaps", SWAPS + compressed)
    assert fake.variant("memory.swappiness") == ("ok", "fine")
    fake.write("/proc/swaps", SWAPS + compressed + "/dev/sda2 partition 4194304 0 -2\n")
    assert fake.variant("memory.swappiness") == ("advice", "high")


def test_memory_that_is_counted_when_promised(fake: FakeHost) -> None:
    fake.write("/proc/sys/vm/overcommit_memory", "0\n")
    assert fake.variant("memory.overcommit") == ("ok", "fine")
    fake.write("/proc/sys/vm/overcommit_memory", "2\n")
    assert fake.variant("memory.overcommit") == ("problem", "strict")
    fake.heals("memory.overcommit")
