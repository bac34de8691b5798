"""Requests and views of what goes on inside a guest: commands, files, ways to it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from innkeeper.schema.base import SECRET, Request, View

__all__ = [
    "Copied",
    "Executed",
    "GuestCp",
    "GuestExec",
    "GuestSshConfig",
    "SshConfig",
    "SshHost",
    "Via",
]

Via = Literal["agent", "ssh"]
"""The way into a guest: its agent, or ssh. When not said the agent, and ssh where it is absent or refuses."""

Seconds = Annotated[float, Meta(gt=0)]
Words = Annotated[tuple[str, ...], Meta(min_length=1)]


class GuestExec(Request, frozen=True, kw_only=True):
    """A command in a guest: its words as they are, no shell between them."""

    name: str
    command: Words
    user: str | None = None
    """none: root through the agent, the guest's login user through ssh"""
    env: Annotated[dict[str, str], SECRET] = {}
    stdin: Annotated[bytes, SECRET] | None = None
    timeout: Seconds | None = None
    """seconds it may take; then it is ended in the guest"""
    via: Via | None = None


class Executed(View, frozen=True, kw_only=True):
    """How a command in a guest ended, and what it printed."""

    name: str
    way: Via
    user: str | None
    """none: the agent's own, root as a rule"""
    status: int
    """its exit status, or 128 and the signal that ended it"""
    stdout: str
    stderr: str
    encoding: Literal["utf-8", "base64"]
    """of both; base64 when one of them is no text"""
    truncated: bool = False
    """there was more"""


class GuestCp(Request, frozen=True, kw_only=True):
    """Files and directories of this computer into a guest, or of a guest to this computer."""

    name: str
    sources: Words
    target: str
    to_guest: bool
    """else from the guest"""
    user: str | None = None
    overwrite: bool = True
    """replace files that are there, as cp and scp do"""
    via: Via | None = None


class Copied(View, frozen=True, kw_only=True):
    name: str
    way: Via
    user: str | None
    paths: tuple[str, ...]
    """what the sources are called where they are now"""
    files: int
    bytes: int
    skipped: tuple[str, ...] = ()
    """what is neither file, directory nor link"""


class GuestSshConfig(Request, frozen=True, kw_only=True):
    names: tuple[str, ...] = ()
    """none: every guest"""


class SshHost(View, frozen=True, kw_only=True):
    """How ssh reaches one guest, or why it does not."""

    name: str
    address: str | None = None
    port: int = 22
    user: str | None = None
    identities: tuple[str, ...] = ()
    proxy: str | None = None
    """ssh's ProxyCommand, through the host that the guest runs on"""
    why_not: str | None = None
    """text id of why there is no way"""
    why_facts: dict[str, str] = {}


class SshConfig(View, frozen=True, kw_only=True):
    uri: str
    hosts: tuple[SshHost, ...]
