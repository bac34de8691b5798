"""Findings about control groups and the clock, on a /proc and /sys of the test's own. Hosts without control groups, and
with and without a daemon that keeps the clock, are real in tests/real/test_host_findings.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from innkeeper.doctor.findings import clock
from tests.unit.doctor.fake_host import FakeHost

V2 = "cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n"
V1 = "".join(f"cgroup /sys/fs/cgroup/{name} cgroup rw,{name} 0 0\n" for name in ("cpu", "cpuset", "blkio"))
CGROUPS = "#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpu\t0\t1\t1\nmemory\t0\t1\t{memory}\n"
AT = "/sys/devices/system/clocksource/clocksource0"


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeHost:
    found = FakeHost(tmp_path, monkeypatch)
    found.write("/proc/cgroups", CGROUPS.format(memory=1))
    return found


def mount(fake: FakeHost, mounts: str) -> None:
    fake.write("/proc/mounts", mounts)
    for line in mounts.splitlines():
        fake.write(f"{line.split()[1]}/cgroup.procs")


def test_version_2(fake: FakeHost) -> None:
    mount(fake, V2)
    fake.write("/sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory hugetlb pids\n")
    found = fake.finds("cgroup.controllers")
    assert (found.status, found.facts["version"]) == ("ok", "2")


def test_version_2_without_some(fake: FakeHost) -> None:
    mount(fake, V2)
    fake.write("/sys/fs/cgroup/cgroup.controllers", "cpu memory pids\n")
    found = fake.finds("cgroup.controllers")
    assert (found.status, found.text) == ("advice", "cgroup.controllers.missing")
    assert found.facts["missing"] == "cpuset, io"


def test_version_2_without_any(fake: FakeHost) -> None:
    """As in a container that was given none."""
    mount(fake, V2)
    assert fake.variant("cgroup.controllers") == ("problem", "empty")


def test_memory_is_off_since_boot(fake: FakeHost) -> None:
    """As on a Raspberry Pi."""
    mount(fake, V2)
    fake.write("/proc/cgroups", CGROUPS.format(memory=0))
    fake.write("/sys/fs/cgroup/cgroup.controllers", "cpu cpuset io pids\n")
    found = fake.finds("cgroup.controllers")
    assert (found.text, found.facts["parameter"]) == (
        "cgroup.controllers.off_at_boot",
        "cgroup_enable=memory",
    )


def test_version_1(fake: FakeHost) -> None:
    more = "cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0\ncgroup /sys/fs/cgroup/devices cgroup rw,devices 0 0\n"
    mount(fake, V1 + more)
    assert fake.finds("cgroup.controllers").facts["version"] == "1"
    mount(fake, V1)
    found = fake.finds("cgroup.controllers")
    assert (found.text, found.facts["missing"]) == ("cgroup.controllers.missing", "memory, devices")


def test_both_versions_side_by_side(fake: FakeHost) -> None:
    mount(fake, V1 + "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n")
    fake.write("/sys/fs/cgroup/unified/cgroup.controllers", "memory\n")
    assert fake.finds("cgroup.controllers").facts["missing"] == "devices"


def test_a_mount_that_another_one_covers_is_none(fake: FakeHost) -> None:
    fake.write("/proc/mounts", V2)
    assert fake.variant("cgroup.controllers") == ("problem", "none")


def source(fake: FakeHost, now: str, *others: str) -> None:
    fake.write(f"{AT}/current_clocksource", f"{now}\n")
    fake.write(f"{AT}/available_clocksource", " ".join((now, *others)) + "\n")


@pytest.mark.parametrize("now", ["tsc", "kvm-clock", "arch_sys_counter", "tod"])
def test_a_quick_clock(fake: FakeHost, now: str) -> None:
    source(fake, now, "hpet", "acpi_pm")
    assert fake.variant("clock.source") == ("ok", "fine")


def test_a_slow_clock_though_there_is_a_better_one(fake: FakeHost) -> None:
    source(fake, "hpet", "tsc", "acpi_pm")
    assert fake.variant("clock.source") == ("problem", "slow")
    fake.write("/etc/tmpfiles.d/mine.conf", "")
    fake.heals("clock.source")


def test_a_slow_clock_since_the_kernel_dropped_the_better_one(fake: FakeHost) -> None:
    source(fake, "acpi_pm")
    found = fake.finds("clock.source")
    assert (found.status, found.text, found.repair) == ("advice", "clock.source.dropped", ())


def kernel_says(patch: pytest.MonkeyPatch, state: str) -> None:
    """adjtimex(2) is asked by a program of one line: here it says what the test wants."""
    patch.setattr(clock, "ADJTIMEX", f"print({state})")


def test_a_daemon_keeps_the_clock(fake: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel_says(monkeypatch, "0")
    assert fake.variant("clock.sync") == ("ok", "kept_by_others")
    fake.write("/proc/1/comm", "init\n")
    fake.write("/proc/812/comm", "systemd-timesyn\n")
    assert fake.variant("clock.sync") == ("ok", "kept")
    kernel_says(monkeypatch, "5")
    found = fake.finds("clock.sync")
    assert (found.text, found.remedy) == ("clock.sync.not_yet", "timedatectl timesync-status")


def test_a_daemon_that_does_not_run(fake: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel_says(monkeypatch, "5")
    assert fake.variant("clock.sync") == ("advice", "none")
    fake.write("/usr/bin/apt-get")
    found = fake.finds("clock.sync")
    assert (found.remedy or "").endswith("chrony")
    assert found.repair[0].kind == "package"
    fake.write("/run/systemd/system/x")
    fake.write("/usr/sbin/chronyd")
    fake.write("/usr/lib/systemd/system/chronyd.service")
    found = fake.finds("clock.sync")
    assert (found.text, found.remedy) == ("clock.sync.stopped", "systemctl enable --now chronyd")
    assert (found.repair[0].kind, found.repair[0].key) == ("service", "chronyd")
