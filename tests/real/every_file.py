"""The SHA-256 of every file of a Debian guest, from inside, and of its image, from outside; and which of them are a
machine's own, or change as it runs."""

from __future__ import annotations

import re
from pathlib import Path

from tests.real.frozen import sums_in_copy
from tests.world import World

__all__ = ["IDENTITY", "RUNNING", "SECONDS", "boot", "every_file", "inside", "on_image", "start", "unlike"]

SECONDS = 1800
"""For a boot, or for all checksums: emulated, on a busy machine."""
SUMS = r"find / -xdev -type f ! -path '/tmp/*' ! -path '/var/tmp/*' -print0 | xargs -0 sha256sum -z | tr '\0' '\n'"
RUNNING = re.compile(
    r"/var/(log|cache|lib/(cloud|systemd|dhcp|dbus|private))/.*|/etc/(resolv\.conf|adjtime|\.pwd\.lock)$"
    r"|/var/(lib/apt|backups)/.*"
)
"""What a system writes as it runs."""
IDENTITY = re.compile(
    r"/etc/(machine-id|hostname|hosts|ssh/ssh_host_.*|shadow-?|gshadow-?|passwd-?|group-?|subuid-?|subgid-?"
    r"|sudoers\.d/90-cloud-init-users|systemd/network/10-cloud-init.*|netplan/.*|blkid\.tab|locale\.conf"
    r"|default/locale|apt/.*|ssh/sshd_config\.d/50-cloud-init\.conf|fstab|cloud/.*)$"
    r"|/(root|home/[^/]+)/(\.ssh/.*|\..*_history|\.lesshst|\.viminfo)$"
    r"|/home/[^/]+/\.(bash_logout|bashrc|profile)$"
)
"""What is a machine's own: its first boot writes it."""


def boot(world: World, name: str, *how: str) -> None:
    """A guest made by `inn create NAME …`, until its first boot is over."""
    world.inn("create", name, *how, "--no-start", check=True, timeout=SECONDS)
    start(world, name)


def start(world: World, name: str) -> None:
    wait = ("--wait", "agent", "--timeout", str(SECONDS))
    world.inn("start", name, *wait, check=True, timeout=SECONDS + 60)
    inside(world, name, "cloud-init status --wait")


def inside(world: World, name: str, script: str) -> str:
    done = world.inn("exec", name, "--via", "agent", "--", "sh", "-c", script, timeout=SECONDS)
    assert done.returncode in (0, 2), done.stderr  # cloud-init says 2 for a warning
    return done.stdout


def every_file(world: World, name: str) -> dict[str, str]:
    """Path → sum, of all that a running guest has on its disk."""
    lines = (line.split("  ", 1) for line in inside(world, name, SUMS).splitlines())
    found = {path: held for held, path in lines}
    assert len(found) > 5000
    return found


def on_image(world: World, path: str, folder: Path) -> dict[str, str]:
    """The same of a disk that nobody has booted, without mounting it. `path` gets a file beside it."""
    return sums_in_copy(world, path, ("/",), folder)


def unlike(before: dict[str, str], after: dict[str, str], *but: re.Pattern[str]) -> list[str]:
    """Paths that only one of them has, or whose content differs; without those that match."""
    different = {path for path in {*before, *after} if before.get(path) != after.get(path)}
    return sorted(path for path in different if not any(one.match(path) for one in but))
