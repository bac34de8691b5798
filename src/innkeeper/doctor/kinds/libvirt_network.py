"""What libvirt keeps beside an active network, key its name: {"rules", "dnsmasq", "pools"}.

`rules` are libvirt's own firewall rules of all its networks, a line each, as iptables-save and nft list them; `dnsmasq`
whether the network's runs; `pools` those that are active. libvirt makes the first two good when its daemon starts
(networkReloadFirewallRules and networkRefreshDaemons, src/network/bridge_driver.c), and starts pools on the way; guests
go on meanwhile.
"""

from __future__ import annotations

import re
import shlex
import time
from typing import TYPE_CHECKING, Any

from innkeeper.doctor.kinds.daemon import has_systemd, process_of, unit_states
from innkeeper.doctor.repairs import Kind
from innkeeper.errors import Failed, InnkeeperError, NotFound, Unsupported
from innkeeper.virt import storage

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["KIND", "dnsmasq_of", "rules"]

DAEMONS = ("virtnetworkd", "libvirtd")
PATIENCE = 30.0
"""Seconds a daemon gets to end, and to come up again."""
RESTART = (
    "if systemctl -q is-active virtnetworkd 2>/dev/null; then systemctl restart virtnetworkd; "
    "elif [ -d /run/systemd/system ]; then systemctl restart libvirtd; "
    "else kill $(cat /run/libvirtd.pid); sleep 2; libvirtd -d; fi"
)
TOOLS = ("iptables", "ip6tables")
TABLE = "libvirt_network"
"""of libvirt's nftables backend, since 10.4 (src/network/network_nftables.c)"""


def dnsmasq_of(site: Site, network: str) -> int | None:
    """The process that serves the network, by libvirt's own note; None when it is gone."""
    files = site.machine.files
    try:
        pid = files.read(f"/run/libvirt/network/{network}.pid").decode().strip()
        if pid.isdigit() and files.read(f"/proc/{pid}/comm").decode().strip() == "dnsmasq":
            return int(pid)
    except NotFound:
        return None
    return None


def rules(site: Site) -> list[str]:
    """`iptables filter *` for a table, `… :CHAIN` and `… -A RULE` for what is libvirt's in it; `nft ip TEXT`."""
    found = []
    for tool in TOOLS:
        table = ""
        for line in _said(site, [f"{tool}-save"]).splitlines():
            if line.startswith("*"):
                table = line[1:]
                found.append(f"{tool} {table} *")
            elif line.startswith(":LIBVIRT_"):
                found.append(f"{tool} {table} {line.split()[0]}")
            elif line.startswith("-A ") and re.search(r"\sLIBVIRT_", line):
                found.append(f"{tool} {table} {line}")
    for family in ("ip", "ip6"):
        text = _said(site, ["nft", "--stateless", "list", "table", family, TABLE])
        found += [f"nft {family} {text}"] if text else []
    return found


def _said(site: Site, argv: list[str]) -> str:
    try:
        return site.machine.run(argv, check=False, timeout=20).stdout.decode(errors="replace")
    except Unsupported:  # no such program, so no such rules
        return ""


def _look(site: Site, network: str) -> dict[str, Any]:
    active = [pool.name for pool in storage.pools(site.host.virt) if pool.active]
    return {"rules": rules(site), "dnsmasq": dnsmasq_of(site, network) is not None, "pools": active}


def _put(site: Site, network: str, value: dict[str, Any]) -> None:
    """A list of rules is what was before: what came since goes. Otherwise libvirt is let do it."""
    former = value.get("rules")
    if not isinstance(former, list):
        _restart(site)
        return
    pid = dnsmasq_of(site, network)
    if pid is not None and not value["dnsmasq"]:
        site.machine.run(["kill", str(pid)])
    now = rules(site)
    for line in sorted(set(now) - set(former), key=_last_first):
        _remove(site, line, former)
    for pool in storage.pools(site.host.virt):
        if pool.active and pool.autostart and pool.name not in value["pools"]:
            pool.stop()


def _last_first(line: str) -> int:
    """Rules before the chains they name, chains before their tables."""
    piece = line.split(" ", 2)[2]
    return {"-": 0, ":": 1, "*": 2}.get(piece[0], 0)


def _remove(site: Site, line: str, former: list[str]) -> None:
    tool, where, piece = line.split(" ", 2)
    run = site.machine.run
    if tool == "nft":
        was = next((one.split(" ", 2)[2] for one in former if one.startswith(f"nft {where} ")), "")
        run(["nft", "-f", "-"], input=f"delete table {where} {TABLE}\n{was}".encode())
    elif piece.startswith("-A "):
        _, chain, *rule = shlex.split(piece)
        run([tool, "-w", "-t", where, "-D", chain, *rule])
    elif piece.startswith(":"):
        run([tool, "-w", "-t", where, "-X", piece[1:]])
    else:
        _remove_table(site, tool, where)


def _remove_table(site: Site, tool: str, table: str) -> None:
    """One that iptables made by the way and that holds nothing now; those of iptables-legacy stay with the kernel."""
    saved = _said(site, [f"{tool}-save", "-t", table])
    family = "ip6" if tool == "ip6tables" else "ip"
    if "\n-A " not in saved and _said(site, ["nft", "list", "table", family, table]):
        site.machine.run(["nft", "delete", "table", family, table])


def _restart(site: Site) -> None:
    """The daemon that has the networks.

    Raises `Unsupported("network.no_daemon")`, `Failed("network.no_daemon_yet")`.
    """
    for name in DAEMONS:
        if has_systemd(site) and unit_states(site, name)["active"] == "active":
            site.machine.run(["systemctl", "restart", f"{name}.service"], timeout=PATIENCE)
            break
        if not has_systemd(site) and process_of(site, name):
            _restart_by_hand(site, name)
            break
    else:
        raise Unsupported("network.no_daemon", choices=", ".join(DAEMONS))
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            site.host.reconnect()
        except InnkeeperError as error:
            if time.monotonic() > deadline:
                raise Failed("network.no_daemon_yet", seconds=round(PATIENCE)) from error
            time.sleep(0.1)
        else:
            return


def _restart_by_hand(site: Site, name: str) -> None:
    """With the arguments it was started with."""
    pid = process_of(site, name)
    argv = site.machine.files.read(f"/proc/{pid}/cmdline").decode().rstrip("\0").split("\0")
    site.machine.run(["kill", str(pid)])
    deadline = time.monotonic() + PATIENCE
    while process_of(site, name) and time.monotonic() < deadline:
        time.sleep(0.05)
    background = [] if {"-d", "--daemon"} & set(argv) else ["-d"]
    site.machine.run([*argv, *background], timeout=PATIENCE)


def _commands(_network: str, value: dict[str, Any]) -> list[str]:
    if isinstance(value.get("rules"), list):
        return []  # nobody would do that by hand: it takes away what guests need
    return [RESTART]


def _done(now: dict[str, Any], value: dict[str, Any]) -> bool:
    """Whether rules lack anything has to be seen where they are walked: asked for is not there."""
    if isinstance(value.get("rules"), list):
        return bool(now == value)
    return "rules" not in value and bool(now["dnsmasq"])


KIND = Kind(
    _look,
    _put,
    _commands,
    _done,
    same=lambda _key, now, then: all(now[piece] == then[piece] for piece in ("rules", "dnsmasq")),
)
