"""The entry points' parts that can be tried without changing the machine."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.rules import PACKAGE, ROOT

LISTS = sorted((PACKAGE / "doctor" / "packages").glob("*.list"))
PURPOSES = {"host", "image", "optional", "python", "build", "test"}
PROCESSORS = {"any", "x86_64", "aarch64", "ppc64le", "riscv64", "s390x"}


def shell(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs bash with script/lib.sh and script/host.sh in it."""
    prelude = f"set -- {' '.join(arguments)}; . {ROOT}/script/lib.sh; . {ROOT}/script/host.sh; {code}"
    environment = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/nonexistent"} | environment
    command = ["bash", "-c", prelude]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("script", sorted((ROOT / "script").iterdir()), ids=lambda p: p.name)
def test_shell_is_well_formed(script: Path) -> None:
    done = subprocess.run(["bash", "-n", str(script)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert script.suffix == ".sh" or script.stat().st_mode & 0o111, f"{script.name} is not executable"


@pytest.mark.parametrize("path", LISTS, ids=lambda p: p.stem)
def test_package_lists_are_tables(path: Path) -> None:
    rows = [line.split() for line in path.read_text().splitlines() if not line.startswith("#")]
    assert len(rows) > 20
    for row in rows:
        assert len(row) >= 4, f"purpose, processor, package, what for: {row}"
        assert row[0] in PURPOSES, row
        assert row[1] in PROCESSORS, row
    names = [(row[1], row[2]) for row in rows]
    assert len(names) == len(set(names))
    assert {row[0] for row in rows} == PURPOSES
    first = path.read_text().splitlines()[0]
    assert ("Proven" in first) == (path.stem == "apt"), "only Debian has been tried"


def test_there_is_a_list_for_each_package_manager() -> None:
    assert [path.stem for path in LISTS] == ["apt", "dnf", "zypper"]


def test_packages_follow_purpose_and_processor() -> None:
    here = shell("packages_for apt-get host").stdout.split()
    assert "libvirt-clients" in here
    assert "mmdebstrap" not in here
    foreign = shell("uname() { echo aarch64; }; packages_for apt-get host image").stdout.split()
    assert "qemu-system-arm" in foreign
    assert "qemu-system-x86" not in foreign
    assert "mmdebstrap" in foreign


def test_missing_packages_are_those_not_installed() -> None:
    listed = "dpkg-query() { printf 'libvirt-clients installed\\nqemu-utils config-files\\n'; }; "
    missing = shell(listed + "missing_packages apt-get host").stdout.split()
    assert "libvirt-clients" not in missing
    assert "qemu-utils" in missing
    assert "dnsmasq-base" in missing


def test_a_process_is_known_by_more_than_its_number() -> None:
    done = shell(
        'a=$(identity $$); b=$(identity 1); echo "$a"; [ "$a" != "$b" ] && [ -z "$(identity 999999999)" ]'
    )
    assert done.returncode == 0, done.stderr
    pid, start, boot = done.stdout.split()
    assert pid.isdigit()
    assert start.isdigit()
    assert boot == Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def test_only_the_process_that_was_started_is_ended() -> None:
    code = """
    sleep 60 & mine=$!
    end_process sleep $mine 1 "$(cat /proc/sys/kernel/random/boot_id)"
    kill -0 $mine || exit 1
    ( end_process sleep $(identity $mine) ) & wait %2 || exit 2
    status=0; wait $mine || status=$?; [ $status = 143 ]
    """
    done = shell(code)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_step_says_its_name_and_why_it_failed(tmp_path: Path) -> None:
    state = {"INNKEEPER_CHECKOUT_STATE": str(tmp_path)}
    good = shell("step 'do it' echo hidden", **state)
    assert "✓ do it (" in good.stdout
    assert "hidden" not in good.stdout
    bad = shell("step 'do it' sh -c 'echo the reason; exit 7'; echo not reached", **state)
    assert bad.returncode == 1
    assert "the reason" in bad.stderr
    assert "not reached" not in bad.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("script", ["setup", "up", "down"])
def test_unknown_arguments_are_refused(script: str) -> None:
    done = subprocess.run(
        [ROOT / "script" / script, "--no-such"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert f"usage: script/{script}" in done.stderr


def test_locks_have_hashes_and_name_no_index() -> None:
    for lock in (ROOT / "locks").glob("*.txt"):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "--index" not in text
