"""Debian 13, built from the mirror and booted to its agent, and what a build tells. Debian 12 is what many tests use.

The others are the same recipe with other data: Ubuntu's mirror is not where these tests run, and sid breaks at times.
"""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.world import World

SECONDS = 1800.0
FACTS = """
. /etc/os-release; echo "$PRETTY_NAME"
systemctl is-system-running --wait
df --output=size -BM / | tail -n 1
ls /boot/efi/EFI/BOOT/BOOTX64.EFI /boot/efi/syslinux/syslinux.cfg
cloud-init status --wait | head -n 1
hostname
"""


@pytest.mark.long
@pytest.mark.parametrize("firmware", ["bios", "uefi"])
def test_boots_to_its_agent(new_world: World, firmware: str) -> None:
    new_world.seed_image("debian-13")
    size = ("--memory", "1G", "--cpus", "2", "--disk-size", "4G", "--firmware", firmware)
    wait = ("--wait", "agent", "--timeout", str(SECONDS))
    new_world.inn("create", "web", "--image", "debian-13", *size, *wait, check=True, timeout=SECONDS)
    told = new_world.inn("exec", "web", "--", "sh", "-c", FACTS, check=True, timeout=SECONDS).stdout
    system, state, grown, *files, status, hostname = told.split("\n")[:7]
    assert system == "Debian GNU/Linux 13 (trixie)"
    assert state == "running"
    assert int(grown.strip(" M")) > 3000, "the root did not grow"
    assert len(files) == 2
    assert status == "status: done"
    assert hostname == "web"


@pytest.mark.long
def test_what_a_build_tells_builds_it(tmp_path: Path) -> None:
    """Its commands, typed by a shell, leave an image that boots."""
    with World(network="host") as world:
        told = world.inn_json("image", "build", "debian-13", "--dry-run", "--explain")
        for name, text in told["documents"].items():
            (tmp_path / name).write_text(text)
        script = "\n".join(told["commands"]) + "\n"
        shell = ["sh", "-c", f"cd {shlex.quote(str(tmp_path))} && exec sh -e"]
        done = world.run(shell, input=script, timeout=SECONDS)
        assert done.returncode == 0, done.stderr
        assert world.inn_json("image", "show", "debian-13")["os"] == "debian13"
        options = ("--memory", "1G", "--network", "none", "--wait", "boot", "--timeout", str(SECONDS))
        world.inn("create", "web", "--image", "debian-13", *options, check=True, timeout=SECONDS)
