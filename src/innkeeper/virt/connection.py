"""A connection to one libvirt URI."""

from __future__ import annotations

from typing import Any

import libvirt

from innkeeper.errors import InnkeeperError, Unsupported
from innkeeper.virt.border import border, quiet, translated

__all__ = ["Connection"]


class Connection:
    """An open `virConnect`. `raw` is for the modules of `virt/` alone."""

    def __init__(self, uri: str) -> None:
        quiet()
        self.uri = uri
        self.raw: Any = self._open()

    def _open(self) -> Any:
        try:
            return libvirt.open(self.uri)
        except libvirt.libvirtError as error:
            raise _unreachable(self.uri, error) from error

    def reopen(self) -> None:
        """After the daemon was restarted. Raises `Unsupported("libvirt.unreachable")` while it is still away."""
        self.raw = self._open()

    def alive(self) -> bool:
        """Whether the daemon is still there, as far as is known."""
        try:
            return bool(self.raw.isAlive())
        except libvirt.libvirtError:
            return False

    def close(self) -> None:
        """Further use is an error."""
        with border():
            self.raw.close()

    @property
    def driver(self) -> str:
        """`QEMU`, `TEST`, `LXC` …"""
        with border():
            return str(self.raw.getType())

    @property
    def version(self) -> tuple[int, int, int]:
        """libvirt's version on the host."""
        with border():
            return _triple(self.raw.getLibVersion())

    @property
    def hypervisor_version(self) -> tuple[int, int, int]:
        """The hypervisor's version: QEMU's for QEMU."""
        with border():
            return _triple(self.raw.getVersion())

    @property
    def host_name(self) -> str:
        with border():
            return str(self.raw.getHostname())

    def node(self) -> tuple[int, int]:
        """CPUs that are there, and memory in bytes."""
        with border():
            info = self.raw.getInfo()
        return int(info[2]), int(info[1]) * 1024**2

    def capabilities(self) -> str:
        with border():
            return str(self.raw.getCapabilities())

    def domain_capabilities(self, arch: str | None, machine: str | None, kind: str | None) -> str:
        """What guests of that architecture, machine and kind (`kvm`, `qemu`) may have.

        Raises `Unsupported` when the host has no such emulator.
        """
        with border():
            return str(self.raw.getDomainCapabilities(None, arch, machine, kind))


def _triple(number: int) -> tuple[int, int, int]:
    return number // 1_000_000, number // 1000 % 1000, number % 1000


def _unreachable(uri: str, error: libvirt.libvirtError) -> InnkeeperError:
    denied = (libvirt.VIR_ERR_AUTH_FAILED, libvirt.VIR_ERR_AUTH_UNAVAILABLE, libvirt.VIR_ERR_ACCESS_DENIED)
    if error.get_error_code() in denied:
        return translated(error, {"name": uri})
    return Unsupported("libvirt.unreachable", uri=uri, detail=error.get_error_message())
