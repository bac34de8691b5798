"""The packet filter of a host, read as root: iptables in both its kinds, and nftables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.doctor.firewall import iptables, nftables
from innkeeper.doctor.firewall.rules import Table

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["author", "tables"]

LEGACY = "/proc/net/ip_tables_names"
"""Tables that iptables-legacy has brought into the kernel; to ask that program where there are none would make them."""


def tables(site: Site) -> list[Table]:
    """Every table that IPv4 meets. iptables on nftables says its own tables better than nft does, which cannot read
    the old matches; a table that it calls incompatible is nft's."""
    saved = site.run(["iptables-save"]).stdout.decode(errors="replace")
    on_nft = b"nf_tables" in site.run(["iptables", "--version"]).stdout
    found = iptables.parse(saved, "iptables") if on_nft or site.read(LEGACY).strip() else []
    named = {table.name for table in found} if on_nft else set()
    if on_nft and site.read(LEGACY).strip():
        legacy = site.run(["iptables-legacy-save"]).stdout.decode(errors="replace")
        found += iptables.parse(legacy, "iptables-legacy")
    said = site.run(["nft", "-j", "list", "ruleset"]).stdout.decode(errors="replace")
    words = site.run(["nft", "-a", "list", "ruleset"]).stdout.decode(errors="replace")
    found += [
        table for table in nftables.parse(said, words) if not (table.family == "ip" and table.name in named)
    ]
    return found


def author(table: Table, chain: str) -> str:
    """Who writes the rules of that chain: `firewalld`, `ufw`, `Docker`, or the table's tool, as far as names tell."""
    if table.name == "firewalld":
        return "firewalld"
    if table.name.startswith("docker"):
        return "Docker"  # 29 and later, on nftables
    names = table.chains.keys()
    if chain.startswith("ufw-") or f"ufw-user-{chain.lower()}" in names:
        return "ufw"
    if any(name.startswith("DOCKER") for name in names) and chain == "FORWARD":
        return "Docker"
    return "nftables" if table.tool == "nft" else "iptables"
