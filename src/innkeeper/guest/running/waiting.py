"""Waiting until a guest runs, reaches user space, has an address, or its agent answers."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from innkeeper.errors import Denied, InnkeeperError, Invalid, WaitTimeout
from innkeeper.guest import addresses
from innkeeper.guest.watching.serial_log import SerialLog
from innkeeper.machine import LocalMachine

if TYPE_CHECKING:
    from innkeeper.guest.metadata import Facts
    from innkeeper.host import Host
    from innkeeper.libvirtxml import Domain as Document
    from innkeeper.operation import Operation
    from innkeeper.virt.domains import Domain

__all__ = ["Waiter", "refuse"]

TIMEOUT = 600.0
"""Seconds, when nobody said: an emulated guest's first boot takes a minute or two."""
_SLOW, _QUICK = 0.25, 0.01
"""Seconds between two looks: at libvirt or over ssh, and at a local log."""
_ASK_AGAIN = 15.0
"""Seconds until a reboot is asked for again."""
_OFF = ("stopped", "crashed")


def refuse(host: Host, wait: str, document: Document, facts: Facts) -> None:
    """Refuse a wait that cannot end.

    Raises `Invalid`: `guest.no_boot_pattern`, `guest.no_serial_log`, `guest.no_agent`, `guest.no_network`.
    """
    name = document.name
    if wait == "boot" and not facts.boot_pattern:
        raise Invalid("guest.no_boot_pattern", name=name, image=facts.image or "-")
    if wait == "boot" and (host.machine is None or log_path(document) is None):
        raise Invalid("guest.no_serial_log", name=name)
    if wait == "agent" and not any(
        channel.target_name == "org.qemu.guest_agent.0" for channel in document.devices.channels
    ):
        raise Invalid("guest.no_agent", name=name)
    if wait == "ip" and not document.devices.interfaces:
        raise Invalid("guest.no_network", name=name)


def log_path(document: Document) -> str | None:
    """Where its first serial port is logged."""
    return next((serial.log_file for serial in document.devices.serials if serial.log_file), None)


class Waiter:
    """One wait for one guest. Made before the guest is started, so that it sees this boot and no earlier one; `again`
    says that it runs already and is about to be rebooted."""

    def __init__(self, host: Host, wait: str, document: Document, facts: Facts, again: bool = False) -> None:
        self._host = host
        self._wait = wait
        self._again = again
        self._pattern = re.compile(facts.boot_pattern) if facts.boot_pattern else None
        path = log_path(document)
        self._log = SerialLog(host.machine, path) if host.machine is not None and path else None
        self._searched = 0
        self.ask: Callable[[], object] = lambda: None
        """Asks for the reboot once more: a guest that is still booting does not hear the first time"""

    def wait(self, domain: Domain, timeout: float | None, operation: Operation) -> None:
        """Return when it came true.

        Raises `WaitTimeout("guest.wait_ran_out")` after `timeout` seconds (600 when None) and
        `WaitTimeout("guest.wait_stopped")` when the guest went off instead.
        """
        if self._wait == "none":
            return
        began = time.monotonic()
        for came_true in self._conditions():
            self._until(came_true, domain, began, timeout or TIMEOUT, operation)
            self.ask = lambda: None

    def _conditions(self) -> list[Callable[[Domain], bool]]:
        """What has to come true, one after the other: what still answers before a reboot is not the new boot."""
        wanted = {
            "running": self._running,
            "boot": self._booted,
            "agent": self._agent,
            "ip": self._address,
        }[self._wait]
        if not self._again or wanted in (self._running, self._booted):
            return [wanted]
        return [self._booted if self._pattern and self._log else self._gone, wanted]

    def _until(
        self,
        came_true: Callable[[Domain], bool],
        domain: Domain,
        began: float,
        timeout: float,
        operation: Operation,
    ) -> None:
        told = asked = began
        while not came_true(domain):
            now = time.monotonic()
            operation.check_cancel()
            if now > asked + _ASK_AGAIN:
                asked = now
                self.ask()
            if now > began + timeout:
                raise WaitTimeout(
                    "guest.wait_ran_out",
                    name=domain.name,
                    wait=self._wait,
                    seconds=round(now - began),
                    line=self._line or "-",
                )
            if now - told > _SLOW:
                told = now
                self._tell(domain, operation, now - began)
            time.sleep(self._pause(now - began))

    def _pause(self, waited: float) -> float:
        """Seconds until the next look. At a local log that is soon, yet not before a hundredth of the wait so far: ten
        waits beside each other leave the processors to their guests."""
        if self._wait != "boot" or not isinstance(self._host.machine, LocalMachine):
            return _SLOW
        return min(max(_QUICK, waited / 100), _SLOW)

    @property
    def _line(self) -> str:
        if self._log is None:
            return ""
        with suppress(
            Denied
        ):  # a log that only root reads is missed here, and was refused for a wait that needs it
            self._log.read()
        return self._log.last_line

    def _tell(self, domain: Domain, operation: Operation, elapsed: float) -> None:
        state = domain.state
        if state in _OFF:
            line = self._line or "-"
            raise WaitTimeout("guest.wait_stopped", name=domain.name, wait=self._wait, line=line)
        line = self._line or state
        operation.progress("guest.progress.waiting", wait=self._wait, seconds=round(elapsed), line=line)

    def _running(self, domain: Domain) -> bool:
        return domain.state == "running"

    def _booted(self, _domain: Domain) -> bool:
        assert self._log is not None
        assert self._pattern is not None
        text = self._log.read()
        if len(text) == self._searched:
            return False
        self._searched = len(text)
        return self._pattern.search(text) is not None

    def _agent(self, domain: Domain) -> bool:
        return domain.agent_answers()

    def _gone(self, domain: Domain) -> bool:
        return not domain.agent_answers()

    def _address(self, domain: Domain) -> bool:
        try:
            return bool(addresses.of(self._host, domain))
        except InnkeeperError:
            return False
