"""Everything of a host that the doctor could change, also while libvirt is away: for `diff` of tests.world.

Run as a script inside a world it prints JSON: files of /etc with mode and owner, settings of the kernel, who runs, what
is mounted, interfaces and firewall, packages, /dev/kvm.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.fingerprint import Fingerprint, of_kernel
from tests.world import Inside

__all__ = ["state_of"]

WATCHED = ("/etc", "/dev/kvm", "/var/lib/libvirt/images", "/var/lib/innkeeper", "/run/libvirt/network")
# Copies that passwd and group tools leave, locks, apt's and libvirt's own: no state of the host.
UNWATCHED = re.compile(
    r"^/etc/(group-|gshadow-|passwd-|\.pwd\.lock|ld\.so\.cache|mtab|resolv\.conf)|\.lock$|/locks/"
    r"|^/run/libvirt/network/(nwfilter|.*\.pid$)"
)
SYSCTLS = ("net/ipv4", "net/ipv6/conf", "vm", "kernel")
CHANGING = re.compile(r"/(random|nf_conntrack|neigh|route|ns_last_pid|pty|keys|sched|perf|mm_|stat|admin_)")


def state_of(world: Inside) -> Fingerprint:
    """The state of a world, as facts by path."""
    done = world.run([sys.executable, __file__], check=True)
    return Fingerprint(json.loads(done.stdout))


def collect() -> dict[str, str]:
    facts = dict(of_kernel())
    for folder in WATCHED:
        facts.update(of_tree(folder))
    for folder in SYSCTLS:
        facts.update(of_settings(f"/proc/sys/{folder}"))
    listed = ["dpkg-query", "-W", "-f", "${db:Status-Abbrev} ${Package} ${Version}\n"]
    facts["packages"] = subprocess.run(listed, capture_output=True, text=True, check=True).stdout
    return facts


def of_tree(folder: str) -> Iterator[tuple[str, str]]:
    paths = [folder] if not os.path.isdir(folder) else []
    for root, folders, names in os.walk(folder):
        paths += [os.path.join(root, name) for name in (*folders, *names)]
    for path in sorted(paths):
        if UNWATCHED.search(path) or not os.path.lexists(path):
            continue
        seen = os.lstat(path)
        fact = f"{stat.filemode(seen.st_mode)} {seen.st_uid}:{seen.st_gid}"
        if stat.S_ISREG(seen.st_mode):
            fact += f" {hashlib.sha256(Path(path).read_bytes()).hexdigest()[:16]}"
        elif stat.S_ISLNK(seen.st_mode):
            fact += f" -> {os.readlink(path)}"
        yield f"file{path}", fact


def of_settings(folder: str) -> Iterator[tuple[str, str]]:
    for root, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(root, name)
            if CHANGING.search(path) or not os.stat(path).st_mode & 0o200:
                continue
            try:
                yield f"setting{path}", Path(path).read_text(errors="replace")
            except OSError:
                continue


if __name__ == "__main__":
    json.dump(collect(), sys.stdout)
