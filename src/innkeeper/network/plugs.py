"""What the network cards of guests are plugged into, by their documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from innkeeper.errors import InnkeeperError
from innkeeper.guest import metadata
from innkeeper.guest.watching.rows import listed
from innkeeper.libvirtxml import Domain
from innkeeper.schema.network import Forward, NetworkKind
from innkeeper.virt import looking

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.libvirtxml.devices.interface import Interface, PortForward

__all__ = ["Plug", "Plugged", "look", "plugs"]

SSH = "22"


class Plug(NamedTuple):
    """A card; `kind` and `name` are what it is plugged into."""

    kind: NetworkKind
    name: str
    mac: str | None
    model: str | None
    device: str | None
    link: bool
    now: bool
    """else when its guest next starts"""
    forwards: tuple[Forward, ...]


class Plugged(NamedTuple):
    """A guest and its cards."""

    name: str
    uuid: str
    state: str
    plugs: tuple[Plug, ...]


def look(host: Host) -> list[Plugged]:
    """All guests that are not in the bin, asked for their documents."""
    found = []
    for seen in looking.guests(host.virt):
        row = listed(seen.row, seen.flags.saved)
        documents = None if row.deleted is not None else looking.documents(seen)
        if documents is not None:
            found.append(Plugged(row.name, row.uuid, row.state, plugs(*documents)))
    return found


def plugs(stored: str, live: str) -> tuple[Plug, ...]:
    """Of a guest with that stored document and that of its present run, "" when it is off. Others' drivers tell what
    they like: of what is no document none."""
    try:
        now = list(_cards(live, True)) if live else []
        there = {plug.mac for plug in now}
        later = [plug for plug in _cards(stored, False) if plug.mac not in there]
    except InnkeeperError:
        return ()
    return (*now, *later)


def _cards(text: str, now: bool) -> Iterator[Plug]:
    document = Domain.from_xml(text)
    ssh_port = metadata.read(document).ssh_port if now else None
    for card in document.devices.interfaces:
        kind, name = _end(card)
        forwards = [one for forward in card.port_forwards for one in _forwards(forward)]
        if kind == "user" and ssh_port:
            forwards.append(Forward(protocol="tcp", address="127.0.0.1", ports=ssh_port, to=SSH))
        yield Plug(
            kind=kind,
            name=name,
            mac=card.mac,
            model=card.model,
            device=card.target_dev if now else None,
            link=card.link_state != "down",
            now=now,
            forwards=tuple(forwards),
        )


def _end(card: Interface) -> tuple[NetworkKind, str]:
    """What its other end is."""
    match card.type:
        case "network":
            return "network", card.network or ""
        case "bridge":
            return "bridge", card.bridge or ""
        case "direct":
            return "interface", card.source_dev or ""
        case "user":
            return "user", "user"
    return "other", card.type or ""


def _forwards(forward: PortForward) -> Iterator[Forward]:
    for span in forward.ranges:
        if span.start is None or span.exclude:
            continue
        last, to = span.end or span.start, span.to or span.start
        yield Forward(
            protocol=forward.proto or "tcp",
            address=forward.address,
            ports=_span(span.start, last),
            to=_span(to, to + last - span.start),
        )


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"
