"""libvirt's events: one thread for the process runs its event loop, and each event becomes a word that something is to
be looked at again. Whoever is told does so in that thread: it may queue, and nothing else.

libvirt 9.0 sends none for autostart, what is only stored of devices or processors, link state, snapshots that are
deleted, volumes and leases (src/qemu/qemu_driver.c, src/storage/storage_driver.c): those have to be looked for.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import libvirt

from innkeeper.virt.connection import Connection

__all__ = ["Subscription", "ensure_loop", "keep_alive"]

Tell = Callable[[str, str, bool], None]
"""Kind (`guest`, `network`, `pool`, `host`; `lost`, `hung`: the connection itself), UUID or name, and whether it is
news although nothing differs."""

_INTERVAL, _COUNT = 5, 3
"""Seconds of silence until libvirtd is asked whether it lives; how often, until the connection counts as lost."""

_GUEST = (
    "LIFECYCLE",
    "WATCHDOG",
    "IO_ERROR",
    "IO_ERROR_REASON",
    "GRAPHICS",
    "CONTROL_ERROR",
    "BLOCK_JOB",
    "BLOCK_JOB_2",
    "DISK_CHANGE",
    "TRAY_CHANGE",
    "PMWAKEUP",
    "PMSUSPEND",
    "PMSUSPEND_DISK",
    "BALLOON_CHANGE",
    "DEVICE_ADDED",
    "DEVICE_REMOVED",
    "DEVICE_REMOVAL_FAILED",
    "TUNABLE",
    "AGENT_LIFECYCLE",
    "JOB_COMPLETED",
    "METADATA_CHANGE",
    "MEMORY_FAILURE",
    "MEMORY_DEVICE_SIZE_CHANGE",
    "NIC_MAC_CHANGE",
)
"""VIR_DOMAIN_EVENT_ID_…: after these it may look otherwise. Left out: the progress of a migration, the guest's clock, a
disk's filling."""
_GUEST_NEWS = ("REBOOT",)
"""After these it looks the same, and yet something happened."""
_UNKNOWN = (
    libvirt.VIR_ERR_NO_SUPPORT,
    libvirt.VIR_ERR_INVALID_ARG,
    libvirt.VIR_ERR_OPERATION_UNSUPPORTED,
    libvirt.VIR_ERR_NO_CONNECT,
    libvirt.VIR_ERR_CONFIG_UNSUPPORTED,
)
"""A driver, or an older libvirt, without that event."""

_starting = threading.Lock()
_loops: list[threading.Thread] = []


def ensure_loop() -> None:
    """Run libvirt's event loop in a thread of its own, from now until the process ends. Connections that were opened
    before send no events: call it first (virEventRegisterDefaultImpl)."""
    with _starting:
        if not _loops:
            libvirt.virEventRegisterDefaultImpl()
            _loops.append(threading.Thread(target=_run, name="libvirt-events", daemon=True))
            _loops[0].start()


def _run() -> None:
    while True:
        try:
            libvirt.virEventRunDefaultImpl()
        except libvirt.libvirtError:
            time.sleep(
                0.1
            )  # poll(2) was refused, for want of memory; without events the sweep still finds all


def keep_alive(connection: Connection) -> None:
    """Calls of this connection end with an error some 20 s after libvirtd stopped answering, instead of never. Nothing
    where the driver needs none."""
    try:
        connection.raw.setKeepAlive(_INTERVAL, _COUNT)
    except libvirt.libvirtError as error:
        if error.get_error_code() not in _UNKNOWN:
            raise


class Subscription:
    """All events of a connection, until it is ended."""

    def __init__(self, connection: Connection, tell: Tell) -> None:
        self._raw = connection.raw
        self._ends: list[Callable[[], object]] = []
        self._guests(tell)
        self._named(
            "networkEventRegisterAny",
            "networkEventDeregisterAny",
            "VIR_NETWORK_EVENT_ID_",
            _named(tell, "network"),
        )
        self._named(
            "storagePoolEventRegisterAny",
            "storagePoolEventDeregisterAny",
            "VIR_STORAGE_POOL_EVENT_ID_",
            _named(tell, "pool"),
        )
        self._named(
            "nodeDeviceEventRegisterAny",
            "nodeDeviceEventDeregisterAny",
            "VIR_NODE_DEVICE_EVENT_ID_",
            _host(tell),
        )
        self._named("secretEventRegisterAny", "secretEventDeregisterAny", "VIR_SECRET_EVENT_ID_", _host(tell))
        self._closing(tell)

    def end(self) -> None:
        """Before the connection is closed: what is registered holds it open."""
        for end in self._ends:
            try:
                end()
            except libvirt.libvirtError:
                continue  # the connection is lost: it was forgotten here before libvirtd was asked
        self._ends.clear()

    def _guests(self, tell: Tell) -> None:
        for names, news in ((_GUEST, False), (_GUEST_NEWS, True)):
            callback = _guest(tell, news)
            for name in names:
                number = getattr(libvirt, f"VIR_DOMAIN_EVENT_ID_{name}", None)
                if number is not None:
                    self._add(
                        self._raw.domainEventRegisterAny, self._raw.domainEventDeregisterAny, number, callback
                    )

    def _named(self, register: str, deregister: str, prefix: str, callback: Callable[..., None]) -> None:
        """All events whose names begin so."""
        for name in dir(libvirt):
            if name.startswith(prefix) and not name.endswith("_LAST"):
                number = getattr(libvirt, name)
                self._add(getattr(self._raw, register), getattr(self._raw, deregister), number, callback)

    def _add(self, register: Any, deregister: Any, number: int, callback: Callable[..., None]) -> None:
        try:
            made = register(None, number, callback, None)
        except libvirt.libvirtError as error:
            if error.get_error_code() not in _UNKNOWN:
                raise
        else:
            self._ends.append(lambda: deregister(made))

    def _closing(self, tell: Tell) -> None:
        try:
            self._raw.registerCloseCallback(
                lambda _connection, _reason, _opaque: tell("lost", "", True), None
            )
        except libvirt.libvirtError as error:
            if error.get_error_code() not in _UNKNOWN:
                raise
        else:
            self._ends.append(self._raw.unregisterCloseCallback)


def _closed(tell: Tell) -> Callable[..., None]:
    def callback(_connection: Any, reason: int, _opaque: Any) -> None:
        tell("hung" if reason == libvirt.VIR_CONNECT_CLOSE_REASON_KEEPALIVE else "lost", "", True)

    return callback


def _guest(tell: Tell, news: bool) -> Callable[..., None]:
    def callback(_connection: Any, domain: Any, *_rest: Any) -> None:
        tell("guest", domain.UUIDString(), news)

    return callback


def _named(tell: Tell, kind: str) -> Callable[..., None]:
    def callback(_connection: Any, one: Any, *_rest: Any) -> None:
        tell(kind, one.name(), False)

    return callback


def _host(tell: Tell) -> Callable[..., None]:
    def callback(_connection: Any, _one: Any, *_rest: Any) -> None:
        tell("host", "local", True)

    return callback
