"""Requests and views of changes to a guest, and of all guests of a host. Sizes are in bytes, times in seconds."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from innkeeper.schema.base import WITHHELD, Request, View
from innkeeper.schema.guest import GuestView, Wait

__all__ = [
    "Change",
    "GuestChanges",
    "GuestDocument",
    "GuestEdit",
    "GuestOutcome",
    "GuestProtect",
    "GuestReset",
    "GuestRestore",
    "GuestResume",
    "GuestSave",
    "GuestSet",
    "GuestSuspend",
    "GuestsReport",
    "HostStartGuests",
    "HostStopGuests",
    "StoredDocument",
]

Cpus = Annotated[int, Meta(ge=1, le=4096)]
Positive = Annotated[int, Meta(gt=0)]
Seconds = Annotated[float, Meta(gt=0)]
Order = Annotated[int, Meta(ge=1, le=9999)]
Delay = Annotated[int, Meta(ge=0, le=3600)]
Clearable = Literal["title", "notes", "start_order", "start_delay"]


class GuestReset(Request, frozen=True, kw_only=True):
    """As by its reset button: whatever it had not written is lost."""

    name: str
    wait: Wait = "none"
    timeout: Seconds | None = None


class GuestSuspend(Request, frozen=True, kw_only=True):
    """Its processors stop, its memory stays in the host's."""

    name: str


class GuestResume(Request, frozen=True, kw_only=True):
    name: str


class GuestSave(Request, frozen=True, kw_only=True):
    """Its memory is written to the host's disk, where libvirt keeps it, and it is off until it is woken."""

    name: str


class GuestRestore(Request, frozen=True, kw_only=True):
    """Wake it from its saved memory, or drop that."""

    name: str
    discard: bool = False
    """forget the saved memory; its next start is a boot, as after a power cut"""
    wait: Wait = "none"
    timeout: Seconds | None = None


class GuestSet(Request, frozen=True, kw_only=True):
    """Change several settings at once; what is None stays."""

    name: str
    cpus: Cpus | None = None
    max_cpus: Cpus | None = None
    """how many there can be while it runs"""
    memory: Positive | None = None
    max_memory: Positive | None = None
    """how much it can have while it runs"""
    autostart: bool | None = None
    start_order: Order | None = None
    start_delay: Delay | None = None
    """seconds until those of the next start order begin"""
    title: str | None = None
    notes: str | None = None
    labels: dict[str, str] = {}
    remove_labels: tuple[str, ...] = ()
    clear: tuple[Clearable, ...] = ()
    """what is to have no value any more"""
    next_start: bool = False
    """leave the present run as it is"""


class GuestProtect(Request, frozen=True, kw_only=True):
    """Keep it from being deleted or purged, and its disks from being taken away."""

    name: str
    protected: bool = True


class GuestEdit(Request, frozen=True, kw_only=True):
    """Replace its stored document."""

    name: str
    document: Annotated[str, WITHHELD]
    """it may hold passwords of screens"""
    base: Annotated[str, WITHHELD] | None = None
    """the document that it was made from: refused when the guest's is another by now"""


class GuestDocument(Request, frozen=True, kw_only=True):
    """Its stored document, without passwords."""

    name: str


class StoredDocument(View, frozen=True, kw_only=True):
    """The document that a guest's next start is made from, as libvirt has it."""

    name: str
    uuid: str
    document: str
    """XML; each password in it is `********`, which stands for what is there when it is handed back"""


class Change(View, frozen=True, kw_only=True):
    """One value that was changed."""

    what: str
    """the request's name for it; `label KEY` for a label"""
    before: str | None
    after: str | None
    when: Literal["now", "next"]
    """`next`: it takes effect at the next start"""
    why: str | None = None
    """text id of why it is not now, with its facts beside it"""
    facts: dict[str, str] = {}


class GuestChanges(View, frozen=True, kw_only=True):
    """What was changed of a guest."""

    name: str
    changes: tuple[Change, ...]
    difference: str
    """of its stored document, passwords left out; empty when that is as it was"""
    warnings: tuple[str, ...] = ()
    """text ids of what its owner should know"""
    dropped: tuple[str, ...] = ()
    """parts of a document that libvirt did not keep"""
    guest: GuestView


class HostStopGuests(Request, frozen=True, kw_only=True):
    """Stop every guest, the last started first."""

    timeout: Seconds | None = None
    """seconds each start order gets to power off; 120 when none"""
    then: Literal["save", "force", "leave"] | None = None
    """what becomes of those that do not; the configured `stop_guests_then` when none"""


class HostStartGuests(Request, frozen=True, kw_only=True):
    """Start every guest that starts with the host, in order."""


class GuestOutcome(View, frozen=True, kw_only=True):
    """What became of one guest."""

    name: str
    order: int | None
    outcome: Literal["stopped", "saved", "forced", "left", "started", "woken", "running", "failed"]
    seconds: float
    reason: str = ""
    """why it was left or failed"""


class GuestsReport(View, frozen=True, kw_only=True):
    host: str
    guests: tuple[GuestOutcome, ...]
    """in the order in which they were dealt with"""
