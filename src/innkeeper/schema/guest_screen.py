"""Requests and views of screens, keys, logs and rates. Sizes are in bytes, times are Unix seconds."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from innkeeper.schema.base import Request, View
from innkeeper.schema.guest import GuestAccess

__all__ = [
    "Codeset",
    "GuestLogs",
    "GuestPaste",
    "GuestScreen",
    "GuestSendKeys",
    "GuestTop",
    "KeysSent",
    "Layout",
    "Log",
    "Logs",
    "Pasted",
    "Rates",
    "Screen",
    "Stop",
    "Top",
    "WhichLog",
]

Codeset = Literal["linux", "xt", "atset1", "atset2", "atset3", "os_x", "xt_kbd", "usb", "win32", "qnum"]
"""libvirt's names of numberings of keys (virKeycodeSet)."""
Layout = Literal["us", "gb", "de", "de-nodeadkeys", "fr"]
WhichLog = Literal["all", "qemu", "serial"]
Milliseconds = Annotated[int, Meta(ge=1, le=10_000)]
LONGEST_TEXT = 20_000
"""Characters: at 25 a second a quarter of an hour."""


class GuestScreen(GuestAccess, frozen=True, kw_only=True):
    """How to see its screen in a viewer."""


class GuestSendKeys(Request, frozen=True, kw_only=True):
    name: str
    keys: Annotated[tuple[str, ...], Meta(min_length=1, max_length=1000)]
    """each pressed together: `ctrl-alt-delete`, `a`, `KEY_F2`; in another numbering than Linux', `0x1d-0x2e`"""
    codeset: Codeset = "linux"
    hold: Milliseconds = 50
    """milliseconds that QEMU lets pass behind each press and each release"""


class GuestPaste(Request, frozen=True, kw_only=True):
    name: str
    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT, extra={"secret": True})]
    layout: Layout = "us"
    """the keyboard that the guest believes to have"""
    hold: Milliseconds = 20
    secret: bool = False
    """no plan tells it"""


class GuestLogs(Request, frozen=True, kw_only=True):
    name: str
    which: WhichLog = "all"
    """`all` leaves QEMU's long command lines out"""
    lines: Annotated[int, Meta(ge=0, le=1_000_000)] = 20
    """the last ones, of each log"""
    since_start: bool = False
    """nothing from before its last start"""
    after: Annotated[int, Meta(ge=0)] | None = None
    """instead: the whole lines behind so many bytes of each, as `size` of a log told them"""


class GuestTop(Request, frozen=True, kw_only=True):
    names: tuple[str, ...] = ()
    """these guests; all that run when empty"""
    interval: Annotated[float, Meta(ge=0.05, le=3600)] = 1.0
    """seconds between the two looks that a rate is made of"""


class Screen(View, frozen=True, kw_only=True):
    """Where a guest's screen is served, and how one gets there."""

    name: str
    uuid: str
    kind: str
    """`vnc` or `spice`"""
    host: str
    """the computer that `address` is seen from"""
    address: str | None
    port: int | None
    tls_port: int | None
    socket: str | None
    """a UNIX socket's path there, instead of a port"""
    uri: str | None
    """for a viewer on that computer, or behind the tunnel; none where only libvirt itself can connect"""
    tunnel: tuple[str, ...]
    """the command for another computer that brings the port there"""
    password: bool
    """a viewer has to know one"""
    connection_file: str | None
    """what virt-viewer and remote-viewer open as FILE.vv"""


class KeysSent(View, frozen=True, kw_only=True):
    name: str
    keys: tuple[tuple[str, ...], ...]
    """as Linux names them, or as numbers"""


class Pasted(View, frozen=True, kw_only=True):
    name: str
    characters: int
    layout: str


class Stop(View, frozen=True, kw_only=True):
    """Why and when it last stopped."""

    reason: str
    """libvirt's word: `shutdown`, `destroyed`, `crashed`, `migrated`, `saved`, `failed`, `from_snapshot`, `daemon`"""
    at: float | None
    last_words: str | None
    """of QEMU, when it did not end well"""
    panic: str | None
    """what its kernel said on the serial port, when it panicked"""


class Log(View, frozen=True, kw_only=True):
    kind: str
    """`qemu` or `serial`"""
    path: str | None
    lines: tuple[str, ...]
    problem: str | None = None
    """text id of why there is nothing to read"""
    facts: dict[str, str] = {}
    """of that text"""
    size: int = 0
    """bytes it had then: what is written later stands behind them"""
    whole: bool = True
    """false: where its last start begins is not known, though only what follows it was asked for"""


class Logs(View, frozen=True, kw_only=True):
    name: str
    state: str
    reason: str
    """libvirt's word for why it is in that state"""
    stop: Stop | None
    logs: tuple[Log, ...]


class Rates(View, frozen=True, kw_only=True):
    """What a running guest takes, each second. None: not known, or not yet."""

    name: str
    uuid: str
    state: str
    cpus: int
    cpu: float | None
    """percent of one of the host's CPUs"""
    cpu_guest: float | None
    """percent of all that the guest has"""
    memory: int
    """what it may use now (balloon)"""
    memory_most: int
    memory_used: int | None
    """what it uses, as it says itself"""
    memory_host: int | None
    """what it takes of the host's"""
    disk_read: float | None
    disk_write: float | None
    disk_reads: float | None
    disk_writes: float | None
    net_rx: float | None
    """bytes a second that the guest receives"""
    net_tx: float | None
    answers: bool
    """false: its QEMU does not answer, so its disks and memory are not known"""


class Top(View, frozen=True, kw_only=True):
    at: float
    interval: float
    """seconds that the rates are of"""
    guests: tuple[Rates, ...]
