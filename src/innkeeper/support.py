"""What a host can do, probed once and named: the only place that asks for versions."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING

from innkeeper.errors import InnkeeperError, Unsupported
from innkeeper.libvirtxml import Capabilities, DomainCapabilities
from innkeeper.machine.session_home import MOST, too_long

if TYPE_CHECKING:
    from innkeeper.host import Host

__all__ = ["Support"]


class Support:
    """The answers of one host."""

    def __init__(self, host: Host) -> None:
        self._host = host

    @cached_property
    def is_qemu(self) -> bool:
        return self._host.virt.driver == "QEMU"

    @cached_property
    def capabilities(self) -> Capabilities:
        return Capabilities.from_xml(self._host.virt.capabilities())

    @cached_property
    def arch(self) -> str:
        """The host's architecture, in libvirt's spelling."""
        return self.capabilities.cpu.arch or "x86_64"

    @cache  # noqa: B019  a Support lives as long as its host
    def domain(self, arch: str, machine: str | None, kind: str) -> DomainCapabilities:
        """What a guest of that architecture, machine and domain type may have.

        Raises `Unsupported("guest.arch")` naming the architectures that the host can run.
        """
        try:
            return DomainCapabilities.from_xml(self._host.virt.domain_capabilities(arch, machine, kind))
        except Unsupported:
            raise
        except InnkeeperError as error:
            self._refuse_deep_home(error)
            choices = ", ".join(self.guest_arches)
            if arch not in self.guest_arches:
                raise Unsupported("guest.arch", arch=arch, choices=choices) from error
            raise Unsupported("guest.machine", machine=machine, arch=arch) from error

    def _refuse_deep_home(self, error: InnkeeperError) -> None:
        """Raises `Unsupported("host.home_deep")` where that kept a user's own libvirt from looking at QEMU."""
        machine = self._host.machine
        if self._host.is_session and machine is not None and (found := too_long(machine)):
            path, length = found
            raise Unsupported("host.home_deep", path=path, length=length, most=MOST) from error

    @cached_property
    def guest_arches(self) -> list[str]:
        """Architectures some emulator of the host runs."""
        arches = (guest.arch for guest in self.capabilities.guests if guest.os_type == "hvm")
        return sorted(arch for arch in arches if arch)

    def emulator(self, arch: str) -> str:
        """The program that runs guests of that architecture."""
        guest = self.capabilities.guest(arch)
        return (guest.emulator if guest else None) or ""

    @cached_property
    def bridges(self) -> bool:
        """Whether guests can be put on libvirt networks: not in an ordinary user's session."""
        return not self._host.is_session

    @cached_property
    def emulates_several_cpus(self) -> bool:
        """Whether QEMU may be trusted to emulate more than one processor. Before 8.1 the threads of its processors race
        (fixed there, by deba78709a among others): about one boot in a hundred ends in an assertion or a crash."""
        return self._host.virt.hypervisor_version >= (8, 1, 0)

    @cached_property
    def qemu_ids(self) -> tuple[int, int] | None:
        """User and group of QEMU's processes, by their numbers; None where libvirt does not tell."""
        label = self.capabilities.node.findtext("host/secmodel[model='dac']/baselabel") or ""
        user, colon, group = label.replace("+", "").partition(":")
        return (int(user), int(group)) if colon and user.isdigit() and group.isdigit() else None
