"""A host: one libvirt connection, the machine under it, its locks, and what it can do."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import AbstractContextManager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, TypeVar

from innkeeper import config
from innkeeper.errors import InnkeeperError, OutcomeUnknown
from innkeeper.machine import SshMachine, local
from innkeeper.virt.connection import Connection

if TYPE_CHECKING:
    from collections.abc import Callable

    from innkeeper.machine import Machine
    from innkeeper.operation import Reporter
    from innkeeper.support import Support
    from innkeeper.verbs import Plan, Verb

__all__ = ["Host", "choose_uri", "connect"]

V = TypeVar("V")

_SYSTEM_SOCKETS = ("/run/libvirt/libvirt-sock", "/run/libvirt/virtqemud-sock")


class Host:
    """What every verb works on. Close it, or use it in a `with`. libvirt is first called when first needed: some verbs
    have something to say while it is away."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self.machine: Machine | None = machine_of(uri)
        self._virt: Connection | None = None

    @property
    def virt(self) -> Connection:
        """Raises `Unsupported("libvirt.unreachable")` when nobody answers at the URI."""
        if self._virt is None:
            self._virt = Connection(self.uri)
        return self._virt

    @property
    def is_open(self) -> bool:
        """Whether libvirt was called already."""
        return self._virt is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Drop the connection; guests go on."""
        if self._virt is not None:
            self._virt.close()

    def reconnect(self) -> None:
        """After libvirtd was restarted. Raises `OutcomeUnknown` while it is still away."""
        try:
            self.virt.reopen()
        except InnkeeperError as error:
            raise OutcomeUnknown("libvirt.lost", name=self.uri, detail=str(error)) from error

    def perform(
        self,
        verb: Verb[Any, V],
        request: Any,
        report: Reporter | None = None,
        on_plan: Callable[[Plan], None] | None = None,
    ) -> V:
        """As a transport of verbs: it is done in this process."""
        return verb.perform_here(self, request, report, on_plan)

    def planned(self, verb: Verb[Any, Any], request: Any) -> Plan:
        """What the verb would do here."""
        return verb.planned_here(self, request)

    def checked(self, verb: Verb[Any, Any], request: Any) -> None:
        """Raises what the verb would be refused for now."""
        verb.check_machine(self)
        verb.check(self, request)

    @property
    def is_session(self) -> bool:
        """An ordinary user's own libvirt, without rights on the host."""
        from urllib.parse import urlsplit

        return urlsplit(self.uri).path == "/session" and not (
            self.machine is not None and self.machine.is_root
        )

    @cached_property
    def support(self) -> Support:
        """What this host can do, probed once."""
        from innkeeper.support import Support

        return Support(self)

    def lock(self, name: str, owner: str) -> AbstractContextManager[None]:
        """The lock of that name, on the host where there is a way to it, else on this computer.

        Raises `Busy("operation.busy")` when somebody else holds it.
        """
        return self.lock_all([name], owner)

    def lock_all(self, names: Iterable[str], owner: str) -> AbstractContextManager[None]:
        """All of these locks, or none."""
        # Files' names, from whatever was asked for: it is judged only under the lock. Names that meet share one.
        plain = (
            name.replace("/", "_").replace("\0", "_").encode(errors="surrogateescape")[:200] for name in names
        )
        return (self.machine or local()).lock_all(sorted({os.fsdecode(file) for file in plain}), owner)


def connect(uri: str | None = None) -> Host:
    """The host of that libvirt URI, or of `choose_uri()`.

    Raises `Unsupported("libvirt.unreachable")` when nobody answers there.
    """
    host = Host(uri or choose_uri())
    _ = host.virt
    return host


def __getattr__(name: str) -> object:
    """The Python door of the noun: `innkeeper.host.check` is the verb `host.check`."""
    from innkeeper.verbs import noun

    return noun("host")(name)


def choose_uri() -> str:
    """LIBVIRT_DEFAULT_URI, else the configured `uri`, else `qemu:///system` where its socket is or for root, else
    `qemu:///session`."""
    chosen = os.environ.get("LIBVIRT_DEFAULT_URI") or config.get("uri")
    if chosen:
        return chosen
    system = local().is_root or any(os.access(path, os.R_OK | os.W_OK) for path in _SYSTEM_SOCKETS)
    return "qemu:///system" if system else "qemu:///session"


def machine_of(uri: str) -> Machine | None:
    """The machine under a libvirt URI (https://libvirt.org/uri.html): this one, one by ssh, or none to be had."""
    scheme, _, place = uri.partition("://")
    driver, _, transport = scheme.partition("+")
    if driver == "test":
        return None
    if place[:1] in ("", "/"):
        return local()
    return _by_ssh(uri) if transport in ("ssh", "libssh", "libssh2") else None


def _by_ssh(uri: str) -> SshMachine:
    from urllib.parse import parse_qs, unquote, urlsplit

    parts = urlsplit(uri)
    options: list[str] = ["-p", str(parts.port)] if parts.port else []
    asked = parse_qs(parts.query)
    for keyfile in asked.get("keyfile", ())[:1]:
        options += ["-i", keyfile]
    if asked.get("no_verify") == ["1"] or asked.get("known_hosts_verify") == ["ignore"]:
        options += ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"]
    elif "known_hosts" in asked:
        options += ["-o", f"UserKnownHostsFile={asked['known_hosts'][0]}"]
    return SshMachine(parts.hostname or "", parts.username and unquote(parts.username), options)
