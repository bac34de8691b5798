"""Requests and views of a host: what the doctor found, and what it repaired."""

from __future__ import annotations

from typing import Literal

from innkeeper.schema.base import Request, View

__all__ = ["FindingView", "HostCheck", "HostReport", "HostSetup", "RepairView", "SetupReport", "Status"]

Status = Literal["ok", "advice", "problem", "unknown"]


class HostCheck(Request, frozen=True, kw_only=True):
    """Look at a host: all that the doctor knows to look at, or what is named."""

    only: tuple[str, ...] = ()
    """ids of findings (`daemon.libvirtd`), or areas (`daemon`) for all of theirs"""


class HostSetup(Request, frozen=True, kw_only=True):
    """Repair what is a problem, and what is named in `only`; or take back all that was repaired."""

    only: tuple[str, ...] = ()
    undo: bool = False


class FindingView(View, frozen=True, kw_only=True):
    """One thing that was looked at."""

    id: str
    """`area.thing`; several findings of one id speak of several things, which their facts name"""
    status: Status
    text: str
    """message that says what was seen, with `facts`; `TEXT.means` says what it means for guests"""
    facts: dict[str, str]
    remedy: str | None
    """a command line for the host; None where there is nothing to do, or only `TEXT.remedy` can say it"""
    repairable: bool
    """whether `host.setup` does it"""


class HostReport(View, frozen=True, kw_only=True):
    host: str
    uri: str
    findings: tuple[FindingView, ...]


class RepairView(View, frozen=True, kw_only=True):
    """One piece of the host that was changed, or changed back."""

    finding: str
    kind: str
    """row of the doctor's table of repairs, such as `file` or `service`"""
    key: str
    """which file, which service …"""
    outcome: Literal["done", "undone", "failed", "left"]
    """`left`: somebody else changed it since, so that it was not taken back"""
    reason: str = ""


class SetupReport(View, frozen=True, kw_only=True):
    """What a setup did, and the findings as they are after it (none after an undo)."""

    host: str
    uri: str
    repairs: tuple[RepairView, ...]
    findings: tuple[FindingView, ...]
