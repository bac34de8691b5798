"""Addresses of a guest: what its network's DHCP server gave out, else what its agent says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.errors import InnkeeperError
from innkeeper.virt import domains

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.virt.domains import Domain

__all__ = ["of", "pairs"]


def of(host: Host, domain: Domain) -> list[str]:
    """IP addresses, IPv4 first; none while it is off or has none yet."""
    found = [address for _mac, address in pairs(domain)]
    return sorted(dict.fromkeys(found), key=lambda address: ":" in address)


def pairs(domain: Domain, agent: bool = True) -> list[tuple[str, str]]:
    """MAC and address of each, without loopback and link-local ones. The agent is asked only when no lease tells."""
    for source in (_leased, _told) if agent else (_leased,):
        try:
            found = source(domain)
        except InnkeeperError:
            continue  # off, no agent, or a driver that knows no such source: the next may tell
        useful = [pair for pair in found if not pair[1].startswith(("127.", "::1", "fe80:"))]
        if useful:
            return useful
    return []


def _leased(domain: Domain) -> list[tuple[str, str]]:
    return domain.addresses(domains.LEASE)


def _told(domain: Domain) -> list[tuple[str, str]]:
    """By the agent, in a call that is bounded: libvirt's own for addresses waits for ever for a guest that hangs."""
    from innkeeper.guest.within.inside import cards
    from innkeeper.virt.agent import Agent

    told = cards(Agent(domain).call("guest-network-get-interfaces", None, 1))
    return [(card.mac or "", address) for card in told for address in card.addresses]
