"""The zone of firewalld that a bridge is in now, key the bridge; "" for none, where the default zone holds.

Only the running zone: libvirt puts its bridges there whenever it starts a network (networkAddFirewallRules), and
firewalld forgets a permanent one not without leaving files.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from innkeeper.doctor.repairs import Kind

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["KIND"]


def _look(site: Site, bridge: str) -> str:
    """firewall-cmd(1) says "no zone", with status 2, when there is none."""
    done = site.machine.run(["firewall-cmd", f"--get-zone-of-interface={bridge}"], check=False, timeout=30)
    return done.stdout.decode().strip() if done.status == 0 else ""


def _put(site: Site, bridge: str, zone: str) -> None:
    now = _look(site, bridge)
    if zone:
        site.machine.run(["firewall-cmd", f"--zone={zone}", f"--change-interface={bridge}"], timeout=30)
    elif now:
        site.machine.run(["firewall-cmd", f"--zone={now}", f"--remove-interface={bridge}"], timeout=30)


def _commands(bridge: str, zone: str) -> list[str]:
    place = f"--zone={zone} --change-interface=" if zone else "--remove-interface="
    return [f"firewall-cmd {place}{shlex.quote(bridge)}"]


KIND = Kind(_look, _put, _commands)
