"""A running guest seen from inside, through its agent: asked for at most a second in all, whatever the agent does.

What it tells is the guest's word: bounded, cleaned of what is no text, and never a reason to do anything.

Each question is a call of its own, bounded in libvirt to a second: virDomainGetGuestInfo asks the same in one call, but
waits for ever once the agent is in step (src/qemu/qemu_agent.c), and a guest that hangs then would keep one of
libvirtd's workers, and the agent's line, from everybody else.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from innkeeper.errors import InnkeeperError
from innkeeper.schema.guest_inside import FileSystem, Inside, InsideCard, InsideUser

if TYPE_CHECKING:
    from innkeeper.guest.within.agent import Call
    from innkeeper.libvirtxml.devices.channel import Channel
    from innkeeper.virt.domains import Domain

__all__ = ["PATIENCE", "Question", "ask", "cards"]

PATIENCE = 1.0
"""Seconds for all questions together."""
_TEXT, _MANY = 120, 40
"""Characters of a text, and how many of each kind of thing, that are kept."""


class Question:
    """What the agent was asked, and has told so far."""

    def __init__(self, call: Call | None) -> None:
        """None: nobody listens in the guest."""
        self._call = call
        self._began = time.monotonic()
        self._told: dict[str, Any] = {}
        self._missing: list[str] = []
        self._thread = threading.Thread(target=self._ask, daemon=True)
        if call:
            self._thread.start()

    def _ask(self) -> None:
        assert self._call is not None
        for command in _READERS:
            if time.monotonic() - self._began >= PATIENCE:
                return
            try:
                self._told[command] = self._call(command, None, 1)
            except InnkeeperError as error:
                if error.code == "guest.agent_silent":
                    return
                self._missing.append(command)

    def answer(self) -> Inside:
        """What came in time."""
        if self._call is None:
            return Inside(agent="off")
        self._thread.join(max(PATIENCE - (time.monotonic() - self._began), 0))
        told, missing = dict(self._told), list(self._missing)
        late = [command for command in _READERS if command not in told and command not in missing]
        found: dict[str, Any] = {}
        for command, value in told.items():
            try:
                found |= _READERS[command](value)
            except (msgspec.ValidationError, ValueError, OverflowError):
                missing.append(command)
        agent: Literal["answers", "slow", "silent"] = "slow" if late else "answers"
        if not (told or missing):
            agent = "silent"
        return Inside(agent=agent, missing=tuple(sorted([*missing, *late])), **found)


def ask(domain: Domain, line: Channel) -> Question:
    """Begin to ask, beside what is done meanwhile. `line` is that of the agent."""
    if line.state == "disconnected":
        return Question(None)
    from innkeeper.virt.agent import Agent

    return Question(Agent(domain).call)


def text(told: str | None) -> str | None:
    """Fit to be shown and kept: printable, and not longer than anyone reads."""
    if not told:
        return None
    shown = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in told[:_TEXT]
    )
    return shown.strip() or None


class _Info(msgspec.Struct):
    version: str


class _Os(msgspec.Struct, rename="kebab"):
    pretty_name: str | None = None
    name: str | None = None
    version: str | None = None
    kernel_release: str | None = None
    machine: str | None = None


class _Name(msgspec.Struct, rename="kebab"):
    host_name: str


class _Zone(msgspec.Struct):
    offset: int
    zone: str | None = None


class _Address(msgspec.Struct, rename="kebab"):
    ip_address: str
    prefix: int


class _Card(msgspec.Struct, rename="kebab"):
    name: str
    hardware_address: str | None = None
    ip_addresses: list[_Address] = []


class _User(msgspec.Struct, rename="kebab"):
    user: str
    login_time: float | None = None


class _FileSystem(msgspec.Struct, rename="kebab"):
    name: str
    mountpoint: str
    type: str
    used_bytes: int | None = None
    total_bytes: int | None = None


def _info(told: Any) -> dict[str, Any]:
    return {"version": text(msgspec.convert(told, _Info).version)}


def _os(told: Any) -> dict[str, Any]:
    found = msgspec.convert(told, _Os)
    plain = " ".join(word for word in (found.name, found.version) if word)
    kernel = " ".join(word for word in (found.kernel_release, found.machine) if word)
    return {"os": text(found.pretty_name or plain), "kernel": text(kernel)}


def _host_name(told: Any) -> dict[str, Any]:
    return {"host_name": text(msgspec.convert(told, _Name).host_name)}


def _zone(told: Any) -> dict[str, Any]:
    found = msgspec.convert(told, _Zone)
    if abs(found.offset) > 24 * 3600:
        raise ValueError(found.offset)
    hours, minutes = divmod(abs(found.offset) // 60, 60)
    distance = f"{'-' if found.offset < 0 else '+'}{hours:02}:{minutes:02}"
    return {"time_zone": " ".join(filter(None, (text(found.zone), distance)))}


def cards(told: Any) -> tuple[InsideCard, ...]:
    """Of an answer of guest-network-get-interfaces; none of nonsense. Addresses are such, or left out."""
    try:
        return _cards_of(told)
    except msgspec.ValidationError:
        return ()


def _cards_of(told: Any) -> tuple[InsideCard, ...]:
    return tuple(
        InsideCard(
            name=text(card.name) or "?",
            mac=text(card.hardware_address),
            addresses=tuple(filter(None, (_address(one.ip_address) for one in card.ip_addresses[:_MANY]))),
        )
        for card in msgspec.convert(told, list[_Card])[:_MANY]
    )


def _address(told: str) -> str | None:
    from ipaddress import ip_address

    try:
        return str(ip_address(told.partition("%")[0]))
    except ValueError:
        return None


def _cards(told: Any) -> dict[str, Any]:
    return {"cards": _cards_of(told)}


def _users(told: Any) -> dict[str, Any]:
    found = msgspec.convert(told, list[_User])[:_MANY]
    return {"users": tuple(InsideUser(name=text(user.user) or "?", since=user.login_time) for user in found)}


def _file_systems(told: Any) -> dict[str, Any]:
    found = msgspec.convert(told, list[_FileSystem])[:_MANY]
    shown = (
        FileSystem(
            mount=text(one.mountpoint) or "?",
            device=text(one.name) or "?",
            kind=text(one.type) or "?",
            size=_bytes(one.total_bytes),
            used=_bytes(one.used_bytes),
        )
        for one in found
    )
    return {"file_systems": tuple(sorted(shown, key=lambda one: one.mount))}


def _bytes(told: int | None) -> int | None:
    return told if told is not None and 0 <= told < 1 << 63 else None


_READERS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "guest-get-osinfo": _os,
    "guest-get-host-name": _host_name,
    "guest-network-get-interfaces": _cards,
    "guest-get-fsinfo": _file_systems,
    "guest-get-users": _users,
    "guest-get-timezone": _zone,
    "guest-info": _info,
}
"""What is asked, in this order, and how the answer is read (qga/qapi-schema.json)."""
