"""Calls about domains. A `Domain` here is libvirt's handle; its XML is read and edited with `innkeeper.libvirtxml`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import libvirt

from innkeeper.errors import Busy, Conflict, Invalid, NotFound
from innkeeper.virt.border import border, code_of
from innkeeper.virt.connection import Connection
from innkeeper.virt.console import Console

__all__ = [
    "REASONS",
    "Domain",
    "Row",
    "all_documents",
    "define",
    "find",
    "lookup",
    "redefine",
    "row_of",
    "rows",
    "rows_with_handles",
]

STATES = {
    libvirt.VIR_DOMAIN_NOSTATE: "unknown",
    libvirt.VIR_DOMAIN_RUNNING: "running",
    libvirt.VIR_DOMAIN_BLOCKED: "running",
    libvirt.VIR_DOMAIN_PAUSED: "suspended",
    libvirt.VIR_DOMAIN_SHUTDOWN: "stopping",
    libvirt.VIR_DOMAIN_SHUTOFF: "stopped",
    libvirt.VIR_DOMAIN_CRASHED: "crashed",
    libvirt.VIR_DOMAIN_PMSUSPENDED: "sleeping",
}

STATES_WITH_SCREEN = ("running", "suspended", "stopping", "sleeping")

LEASE, AGENT = (
    libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE,
    libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT,
)
_UUID = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")
REASONS = {
    (libvirt.VIR_DOMAIN_RUNNING, libvirt.VIR_DOMAIN_RUNNING_RESTORED): "restored",
    (libvirt.VIR_DOMAIN_RUNNING, libvirt.VIR_DOMAIN_RUNNING_MIGRATED): "migrated",
    (libvirt.VIR_DOMAIN_RUNNING, libvirt.VIR_DOMAIN_RUNNING_CRASHED): "crashed",
    (libvirt.VIR_DOMAIN_PAUSED, libvirt.VIR_DOMAIN_PAUSED_IOERROR): "io_error",
    (libvirt.VIR_DOMAIN_PAUSED, libvirt.VIR_DOMAIN_PAUSED_WATCHDOG): "watchdog",
    (libvirt.VIR_DOMAIN_PAUSED, libvirt.VIR_DOMAIN_PAUSED_CRASHED): "crashed",
    (libvirt.VIR_DOMAIN_PAUSED, libvirt.VIR_DOMAIN_PAUSED_MIGRATION): "migration",
    (libvirt.VIR_DOMAIN_PAUSED, libvirt.VIR_DOMAIN_PAUSED_SAVE): "save",
    (libvirt.VIR_DOMAIN_SHUTOFF, libvirt.VIR_DOMAIN_SHUTOFF_CRASHED): "crashed",
    (libvirt.VIR_DOMAIN_SHUTOFF, libvirt.VIR_DOMAIN_SHUTOFF_DESTROYED): "forced",
    (libvirt.VIR_DOMAIN_SHUTOFF, libvirt.VIR_DOMAIN_SHUTOFF_FAILED): "failed",
    (libvirt.VIR_DOMAIN_SHUTOFF, libvirt.VIR_DOMAIN_SHUTOFF_MIGRATED): "migrated",
}
"""libvirt's reasons of a state (include/libvirt/libvirt-domain.h) that tell a person something"""
_STATS = libvirt.VIR_DOMAIN_STATS_STATE | libvirt.VIR_DOMAIN_STATS_VCPU | libvirt.VIR_DOMAIN_STATS_BALLOON


class Row(NamedTuple):
    """What libvirt knows of a domain without being asked for its XML. Memory is in bytes."""

    name: str
    uuid: str
    state: str
    cpus: int | None
    memory: int | None
    state_reason: str | None = None
    """one of REASONS"""


class Domain:
    """A domain of a connection."""

    def __init__(self, connection: Connection, raw: Any) -> None:
        self._connection = connection
        self.raw = raw
        self.name = str(raw.name())
        self.uuid = str(raw.UUIDString())

    def _border(self) -> Any:
        return border(name=self.name)

    @property
    def state(self) -> str:
        with self._border():
            return STATES.get(self.raw.state()[0], "unknown")

    @property
    def active(self) -> bool:
        with self._border():
            return bool(self.raw.isActive())

    @property
    def id(self) -> int | None:
        """The number of its present run; none when it is off."""
        with self._border():
            number = self.raw.ID()
        return None if number < 0 else int(number)

    @property
    def autostart(self) -> bool:
        with self._border():
            return bool(self.raw.autostart())

    @autostart.setter
    def autostart(self, value: bool) -> None:
        with self._border():
            self.raw.setAutostart(1 if value else 0)

    @property
    def saved(self) -> bool:
        """Whether a saved memory image waits for its next start."""
        with self._border():
            return bool(self.raw.hasManagedSaveImage())

    def xml(self, live: bool = False) -> str:
        """The stored document with its secrets, or that of the present run."""
        flags = libvirt.VIR_DOMAIN_XML_SECURE | (0 if live else libvirt.VIR_DOMAIN_XML_INACTIVE)
        with self._border():
            return str(self.raw.XMLDesc(flags))

    def start(self) -> None:
        with self._border():
            self.raw.create()

    def shutdown(self) -> None:
        """Ask it to power off: by ACPI, and the guest agent where libvirt prefers it."""
        with self._border():
            self.raw.shutdown()

    def reboot(self) -> None:
        with self._border():
            self.raw.reboot()

    def destroy(self) -> None:
        """Power off at once. Already off is fine."""
        try:
            with self._border():
                self.raw.destroy()
        except Conflict:
            if self.active:
                raise

    def rename(self, name: str) -> None:
        with self._border():
            self.raw.rename(name)
        self.name = name

    def redefine(self, document: str) -> None:
        """Replace its stored document; see `redefine` below."""
        redefine(self._connection, document, self.name)

    def undefine(self) -> None:
        """With its firmware variables, TPM state and the records of snapshots; its volumes stay."""
        flags = (
            libvirt.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE
            | libvirt.VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA
            | libvirt.VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA
        )
        with self._border():
            try:
                self.raw.undefineFlags(flags | libvirt.VIR_DOMAIN_UNDEFINE_NVRAM)
            except libvirt.libvirtError as error:
                if error.get_error_code() not in (libvirt.VIR_ERR_NO_SUPPORT, libvirt.VIR_ERR_INVALID_ARG):
                    raise
                self.raw.undefine()  # the test driver knows no flags

    def set_metadata(self, namespace: str, prefix: str, text: str | None) -> None:
        """Replace, or remove with None, the one element of that namespace in `<metadata>`, stored and live."""
        impact = libvirt.VIR_DOMAIN_AFFECT_CONFIG | (libvirt.VIR_DOMAIN_AFFECT_LIVE if self.active else 0)
        with self._border():
            self.raw.setMetadata(libvirt.VIR_DOMAIN_METADATA_ELEMENT, text, prefix, namespace, impact)

    def metadata(self, namespace: str) -> str | None:
        """The element of that namespace as text, or None: the stored one, which outlives the present run."""
        with self._border():
            impact = libvirt.VIR_DOMAIN_AFFECT_CONFIG if self.raw.isPersistent() else 0
            try:
                return str(self.raw.metadata(libvirt.VIR_DOMAIN_METADATA_ELEMENT, namespace, impact))
            except libvirt.libvirtError as error:
                if error.get_error_code() == libvirt.VIR_ERR_NO_DOMAIN_METADATA:
                    return None
                raise

    def addresses(self, source: int) -> list[tuple[str, str]]:
        """Pairs of MAC and IP address, from `LEASE` or `AGENT`."""
        with self._border():
            found = self.raw.interfaceAddresses(source) or {}
        return [
            (str(card.get("hwaddr") or ""), str(address["addr"]))
            for card in found.values()
            for address in card.get("addrs") or ()
        ]

    def agent_answers(self) -> bool:
        """Whether the guest agent answers a ping."""
        import libvirt_qemu

        try:
            libvirt_qemu.qemuAgentCommand(self.raw, '{"execute":"guest-ping"}', 1, 0)
        except libvirt.libvirtError as error:
            if error.get_error_code() in (libvirt.VIR_ERR_NO_DOMAIN, libvirt.VIR_ERR_OPERATION_INVALID):
                with self._border():
                    raise
            return False
        return True

    def monitor(self, command: str) -> str:
        """A command of QEMU's human monitor; its answer."""
        import libvirt_qemu

        with self._border():
            answer = libvirt_qemu.qemuMonitorCommand(
                self.raw, command, libvirt_qemu.VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP
            )
        return str(answer)

    def screenshot(self, write: Callable[[bytes], object]) -> str:
        """Send the picture on its first screen to `write`. Returns its media type."""
        with self._border():
            stream = self._connection.raw.newStream()
            kind = str(self.raw.screenshot(stream, 0))
            stream.recvAll(lambda _stream, data, _opaque: write(data), None)
            stream.finish()
        return kind

    def console(self, force: bool = False) -> Console:
        """Its first serial device. Raises `Busy("guest.console_taken")` while another has it; `force` takes it."""
        flags = libvirt.VIR_DOMAIN_CONSOLE_FORCE if force else libvirt.VIR_DOMAIN_CONSOLE_SAFE
        with self._border():
            stream = self._connection.raw.newStream()
            try:
                self.raw.openConsole(None, stream, flags)
            except libvirt.libvirtError as error:
                if force or error.get_error_code() != libvirt.VIR_ERR_OPERATION_FAILED:
                    raise
                raise Busy("guest.console_taken", name=self.name) from error
        return Console(stream, self.name, self._connection.alive)


def define(connection: Connection, document: str, name: str) -> Domain:
    """Define a new domain, validated against libvirt's schema; the name is claimed when this returns.

    Raises `Conflict("guest.exists")` when another domain has that name.
    """
    try:
        with border(name=name):
            raw = connection.raw.defineXMLFlags(document, libvirt.VIR_DOMAIN_DEFINE_VALIDATE)
    except Invalid:
        raise
    except Exception as error:
        if code_of(error) == libvirt.VIR_ERR_OPERATION_FAILED and find(connection, name):
            raise Conflict("guest.exists", name=name) from error
        raise
    return Domain(connection, raw)


def redefine(connection: Connection, document: str, name: str) -> None:
    """Replace the stored document of a domain. What libvirt once accepted may fail its schema today: not validated."""
    with border(name=name):
        connection.raw.defineXMLFlags(document, 0)


def find(connection: Connection, name: str) -> Domain | None:
    """The domain of that name or UUID, or None."""
    try:
        return lookup(connection, name)
    except NotFound:
        return None


def lookup(connection: Connection, name: str) -> Domain:
    """The domain of that name, or else of that UUID. Raises `NotFound("guest.unknown")`."""
    with border(name=name):
        try:
            raw = connection.raw.lookupByName(name)
        except libvirt.libvirtError as error:
            if error.get_error_code() != libvirt.VIR_ERR_NO_DOMAIN or not _UUID.fullmatch(name):
                raise
            raw = connection.raw.lookupByUUIDString(name)
        except ValueError as error:  # a NUL or what is no text: no domain is called so
            raise NotFound("guest.unknown", name=ascii(name)) from error
    return Domain(connection, raw)


def some(connection: Connection, uuids: set[str]) -> list[Domain]:
    """The domains of these UUIDs that are still there."""
    with border():
        found = connection.raw.listAllDomains()
    return [Domain(connection, raw) for raw in found if raw.UUIDString() in uuids]


def rows(connection: Connection) -> list[Row]:
    """All domains. Those that are off are told by one call. In the same call QEMU itself would be asked about each
    running one, 5 ms when it answers and half a minute when it hangs: of these libvirt tells what it knows."""
    return [row for _raw, row in rows_with_handles(connection)]


def rows_with_handles(connection: Connection) -> list[tuple[Any, Row]]:
    """The same, each with libvirt's handle."""
    with border():
        off = _stats_of_those_off(connection.raw)
        found = ((raw, row_of(raw, off.get(raw.UUIDString()))) for raw in connection.raw.listAllDomains())
        return [(raw, row) for raw, row in found if row is not None]


def _stats_of_those_off(raw: Any) -> dict[str, dict[str, Any]]:
    """UUID → statistics; none where the driver has no such call (LXC)."""
    try:
        found = raw.getAllDomainStats(_STATS, libvirt.VIR_CONNECT_GET_ALL_DOMAINS_STATS_INACTIVE)
    except libvirt.libvirtError as error:
        if error.get_error_code() != libvirt.VIR_ERR_NO_SUPPORT:
            raise
        return {}
    return {domain.UUIDString(): stats for domain, stats in found}


def row_of(raw: Any, stats: dict[str, Any] | None = None) -> Row | None:
    """Of that handle; None for a domain that went away since it was listed."""
    if stats is None:
        try:
            state, _maximum, memory, cpus, _time = raw.info()
            why = None if state == libvirt.VIR_DOMAIN_RUNNING else raw.state()[1]
        except libvirt.libvirtError as error:
            if error.get_error_code() != libvirt.VIR_ERR_NO_DOMAIN:
                raise
            return None
    else:
        state, why, cpus = stats.get("state.state"), stats.get("state.reason"), stats.get("vcpu.current")
        memory = stats.get("balloon.current", stats.get("balloon.maximum"))
    said, reason = STATES.get(state, "unknown"), REASONS.get((state, why)) if why is not None else None
    return Row(raw.name(), raw.UUIDString(), said, cpus, _bytes(memory), reason)


def _bytes(kibibytes: int | None) -> int | None:
    return None if kibibytes is None else kibibytes * 1024


def all_documents(connection: Connection) -> dict[str, str]:
    """Name → stored XML of every domain, those in the bin too."""
    with border():
        return {
            raw.name(): raw.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)
            for raw in connection.raw.listAllDomains()
        }
