"""A guest's firmware variables: what its UEFI was told, in a file beside libvirt's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.libvirtxml import Domain
from innkeeper.virt import domains

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["nvram_directory", "pin", "pinned", "undo_pin"]


def nvram_directory(host: Host) -> str | None:
    """Where libvirt keeps them (src/qemu/qemu_conf.c); None where that cannot be told from here."""
    if not host.support.is_qemu:
        return None
    if not host.is_session:
        return "/var/lib/libvirt/qemu/nvram"
    if host.machine is None:
        return None
    asked = 'printf %s "${XDG_CONFIG_HOME:-$HOME/.config}"'
    return f"{host.machine.run(['sh', '-c', asked]).stdout.decode()}/libvirt/qemu/nvram"


def pin(host: Host, domain: domains.Domain, operation: Operation) -> None:
    """Before a rename: write down the path of the variables where libvirt would derive another from the new name."""
    document = pinned(host, domain)
    if document is not None:
        operation.undo("guest.unpin", uuid=domain.uuid)
        domains.redefine(host.virt, document.to_xml(), domain.name)


def pinned(host: Host, domain: domains.Domain) -> Domain | None:
    """The document with that path; None where there is nothing to write down."""
    document = Domain.from_xml(domain.xml())
    if document.os.firmware != "efi" or document.os.nvram:
        return None
    directory = nvram_directory(host)
    path = f"{directory}/{domain.name}_VARS.fd"
    if directory is None or host.machine is None or not host.machine.files.exists(path):
        return None
    document.os.nvram = path
    return document


def undo_pin(host: Host, uuid: str) -> None:
    """The name is the old one again: let libvirt derive the path from it."""
    domain = domains.find(host.virt, uuid)
    if domain is None:
        return
    document = Domain.from_xml(domain.xml())
    if document.os.nvram:
        document.os.nvram = None
        domains.redefine(host.virt, document.to_xml(), domain.name)
