"""What a guest's agent tells of it: the guest's word."""

from __future__ import annotations

from typing import Literal

from innkeeper.schema.base import View

__all__ = ["FileSystem", "Inside", "InsideCard", "InsideUser"]


class InsideCard(View, frozen=True, kw_only=True):
    name: str
    mac: str | None
    addresses: tuple[str, ...]


class InsideUser(View, frozen=True, kw_only=True):
    name: str
    since: float | None
    """login, Unix seconds of the guest's clock"""


class FileSystem(View, frozen=True, kw_only=True):
    mount: str
    device: str
    kind: str
    size: int | None
    used: int | None


class Inside(View, frozen=True, kw_only=True):
    """A running guest as its agent tells it: the guest's word, cleaned and bounded, not ours."""

    agent: Literal["answers", "slow", "silent", "off"]
    """`slow`: not all came in time; `silent`: nothing came in time; `off`: nobody listens in the guest"""
    version: str | None = None
    os: str | None = None
    kernel: str | None = None
    host_name: str | None = None
    time_zone: str | None = None
    """its name and its distance from UTC, as `CET +01:00`"""
    cards: tuple[InsideCard, ...] = ()
    users: tuple[InsideUser, ...] = ()
    file_systems: tuple[FileSystem, ...] = ()
    missing: tuple[str, ...] = ()
    """agent commands that gave nothing: refused, failed, nonsense, or too late"""
