"""Ways into guests of a server's host: what holds there, told for this computer.

A server on this computer's loopback is taken for one of this computer, and its ways hold here too. To another the way
leads through ssh to the server's host, by the name in its URL, with the keys and the configuration of whoever asks.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import msgspec

from innkeeper.client.line import is_loopback
from innkeeper.guest.within.reaching import UNCHECKED, identities

if TYPE_CHECKING:
    from innkeeper.client.client import Client
    from innkeeper.operation import Reporter
    from innkeeper.schema.guest import SshTarget
    from innkeeper.schema.guest_agent import SshConfig
    from innkeeper.verbs import Verb

__all__ = ["config", "ssh"]


def ssh(client: Client, verb: Verb[Any, Any], request: Any, report: Reporter | None) -> SshTarget:
    """As `guest.ssh` answers it, with the command line for this computer."""
    found: SshTarget = client.ask(verb, request, report)
    host = client.line.address.host
    if is_loopback(host):
        return found
    options = [word for key, value in UNCHECKED.items() for word in ("-o", f"{key}={value}")]
    options += [word for path in identities() for word in ("-i", path)]
    options += ["-p", str(found.port)] if found.port != 22 else []
    argv = ("ssh", *options, "-o", f"ProxyCommand={_through(host)}", f"{found.user}@{found.address}")
    return msgspec.structs.replace(found, argv=argv)


def config(client: Client, verb: Verb[Any, Any], request: Any, report: Reporter | None) -> SshConfig:
    """As `guest.ssh_config` answers it, likewise."""
    found: SshConfig = client.ask(verb, request, report)
    host = client.line.address.host
    if is_loopback(host):
        return found
    own = {"identities": tuple(identities()), "proxy": _through(host)}
    hosts = tuple(msgspec.structs.replace(one, **own) if one.address else one for one in found.hosts)
    return msgspec.structs.replace(found, uri=client.uri, hosts=hosts)


def _through(host: str) -> str:
    """ssh's ProxyCommand. What ssh asks for the host (its key, a password) it asks on the terminal."""
    return shlex.join(["ssh", "-W", "[%h]:%p", host])
