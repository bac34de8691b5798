"""Calls to the guest agent: one JSON object there, one back.

What comes back is the guest's word: any guest may answer anything, at any length that libvirt lets through (4 MiB), or
not at all. Every call is bounded in libvirt itself, so that a guest that keeps silent holds nothing up for others;
virDomainGetGuestInfo and virDomainInterfaceAddresses wait for ever once the agent has answered the first time
(src/qemu/qemu_agent.c: VIR_DOMAIN_QEMU_AGENT_COMMAND_BLOCK).
"""

from __future__ import annotations

from typing import Any

import libvirt

from innkeeper.errors import Failed, Unsupported
from innkeeper.virt.border import border
from innkeeper.virt.domains import Domain

__all__ = ["LONGEST", "Agent"]

LONGEST = 4 << 20
"""Bytes of a command or an answer: longer ones do not fit libvirt's wire (src/remote/remote_protocol.x,
REMOTE_STRING_MAX)."""


class Agent:
    """The guest agent of a running domain."""

    def __init__(self, domain: Domain) -> None:
        self.name = domain.name
        self._raw = domain.raw

    def call(self, command: str, arguments: dict[str, Any] | None = None, timeout: int = 30) -> Any:
        """What `command` returns. `timeout` is in whole seconds from 1; the agent may take up to 5 more to find its
        place in the stream after an answer that never came.

        Raises `Unsupported("guest.no_agent")` without a line to an agent, `Unsupported("guest.agent_silent")` when
        nobody answers (whether the command was done is then not known), `Failed("guest.agent_failed")` when the agent
        refuses or fails, `Failed("guest.agent_nonsense")` when its answer is none.
        """
        import libvirt_qemu
        import msgspec

        asked = {"execute": command} | ({"arguments": arguments} if arguments else {})
        with border(name=self.name):
            try:
                told = libvirt_qemu.qemuAgentCommand(
                    self._raw, msgspec.json.encode(asked).decode(), max(timeout, 1), 0
                )
                return msgspec.json.decode(told)["return"]
            except libvirt.libvirtError as error:
                raise self._told(error, command) from error
            except (msgspec.DecodeError, UnicodeError, RecursionError, KeyError, TypeError) as error:
                raise Failed("guest.agent_nonsense", name=self.name, command=command) from error

    def _told(self, error: Any, command: str) -> BaseException:
        """libvirt says of what the agent refused and of what it could not read that it is internal."""
        code = error.get_error_code()
        if code in (libvirt.VIR_ERR_AGENT_UNRESPONSIVE, libvirt.VIR_ERR_AGENT_UNSYNCED):
            return Unsupported("guest.agent_silent", name=self.name)
        if code in (libvirt.VIR_ERR_ARGUMENT_UNSUPPORTED, libvirt.VIR_ERR_NO_SUPPORT):
            return Unsupported("guest.no_agent", name=self.name)
        if code == libvirt.VIR_ERR_INTERNAL_ERROR:
            detail = error.get_error_message() or ""
            return Failed("guest.agent_failed", name=self.name, command=command, detail=detail)
        same: BaseException = error
        return same
