"""Whether and between which interfaces the kernel hands packets on: all of its settings, key "all", as {name: value}.

No finding asks for this one. libvirt switches forwarding on when it starts a network, and that switch changes
settings of all interfaces (Linux net/ipv4/devinet.c, inet_forward_change): the undo of such a start has them here.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from innkeeper.doctor.repairs import Kind
from innkeeper.errors import Failed

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["KIND"]

LOOK = """cd "$1" 2>/dev/null || exit 0
for f in ipv4/ip_forward ipv6/conf/all/forwarding ipv?/conf/*/forwarding ipv4/conf/*/accept_redirects
do [ -e "$f" ] && echo "$f $(cat "$f")"; done; :"""
PUT = """cd "$1" || exit 1; shift
for word; do f=${word%% *}
[ ! -e "$f" ] || [ "$(cat "$f")" = "${word#* }" ] || echo "${word#* }" >"$f" || exit 1; done"""
"""The first two switch others: each later one is looked at when its turn comes."""


def _look(site: Site, _key: str) -> dict[str, str]:
    said = site.machine.run(["sh", "-c", LOOK, "sh", site.path("/proc/sys/net")]).stdout.decode()
    return dict(line.split(" ", 1) for line in said.splitlines())


def _put(site: Site, _key: str, value: dict[str, str]) -> None:
    words = [f"{name} {number}" for name, number in value.items()]
    done = site.machine.run(["sh", "-c", PUT, "sh", site.path("/proc/sys/net"), *words], check=False)
    if done.status != 0:
        raise Failed("machine.file_failed", path="/proc/sys/net", reason=done.last_line)


def _commands(_key: str, value: dict[str, str]) -> list[str]:
    return [f"echo {shlex.quote(number)} > /proc/sys/net/{name}" for name, number in value.items()]


def _same(_key: str, now: dict[str, str], then: dict[str, str]) -> bool:
    """Interfaces come and go."""
    return all(now[name] == then[name] for name in now.keys() & then.keys())


KIND = Kind(_look, _put, _commands, same=_same)
