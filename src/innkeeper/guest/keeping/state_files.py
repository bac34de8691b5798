"""What a guest keeps in files of the host that are no disks: its firmware's variables, and the state of its TPM."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from innkeeper.errors import Denied, Unsupported
from innkeeper.guest.firmware import nvram_directory

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.libvirtxml import Domain
    from innkeeper.virt import domains

__all__ = ["LARGEST", "NVRAM", "TPM_FILES", "SmallFile", "nvram", "tpm", "tpm_directory", "undo_state"]

LARGEST = 128 << 20
"""Bytes of such a file: the variables of an aarch64 guest fill a flash of 64 MiB."""
NVRAM = "nvram.fd"
TPM_FILES = ("tpm2-00.permall", "tpm-00.permall")
"""What outlives a run, as swtpm calls it (man swtpm, --tpmstate); of a TPM 2.0 and of a 1.2."""
_VERSIONS = {"2.0": "tpm2", "1.2": "tpm1.2"}


@dataclass(frozen=True)
class SmallFile:
    """A file on the host that is no volume: `name` in what is kept, and its path there."""

    name: str
    path: str
    size: int


def nvram(host: Host, domain: domains.Domain, document: Domain) -> SmallFile | None:
    """None of a BIOS guest, and of one that has never run.

    Raises `Denied("kept.state_denied")`, `Unsupported("kept.nvram_elsewhere")`, `Unsupported("machine.needed")`.
    """
    system = document.os
    if system.nvram_source.exists and system.nvram_type not in (None, "file"):
        raise Unsupported("kept.nvram_elsewhere", name=domain.name)
    path = system.nvram or system.nvram_source.file
    if not path and (system.firmware == "efi" or system.loader_type == "pflash"):
        directory = nvram_directory(host)
        path = f"{directory}/{domain.name}_VARS.fd" if directory else None
    return _file(host, NVRAM, path) if path else None


def tpm_directory(host: Host, uuid: str, version: str | None) -> str | None:
    """Where libvirt has swtpm keep its state (src/qemu/qemu_conf.c, src/qemu/qemu_tpm.c)."""
    directory = nvram_directory(host)
    if directory is None:
        return None
    base = f"{directory.rpartition('/')[0]}/swtpm" if host.is_session else "/var/lib/libvirt/swtpm"
    return f"{base}/{uuid}/{_VERSIONS.get(version or '2.0', 'tpm2')}"


def tpm(host: Host, domain: domains.Domain, document: Domain) -> tuple[SmallFile, ...]:
    """None of a guest without an emulated one, and of one that has never run.

    Raises `Denied("kept.state_denied")`, `Unsupported("kept.tpm_secret")` for a state that is encrypted.
    """
    found: list[SmallFile] = []
    for device in document.devices.tpms:
        if device.backend_type != "emulator":
            continue
        if device.encryption_secret:
            raise Unsupported("kept.tpm_secret", name=domain.name)
        directory = device.source.path or tpm_directory(host, domain.uuid, device.backend_version)
        for name in TPM_FILES if directory else ():
            file = _file(host, name, f"{directory}/{name}")
            found += [file] if file else []
    return tuple(found)


def _file(host: Host, name: str, path: str) -> SmallFile | None:
    if host.machine is None:
        raise Unsupported("kept.no_machine", path=path, uri=host.uri)
    if host.machine.run(["test", "-e", path], check=False).status != 0:
        if not _visible(host, path.rpartition("/")[0]):
            raise Denied("kept.state_denied", path=path)
        return None
    try:
        host.machine.files.read(path, limit=1)
    except Denied as error:
        raise Denied("kept.state_denied", path=path) from error
    size = host.machine.files.size(path)
    if size > LARGEST:
        raise Unsupported("kept.state_large", path=path)
    return SmallFile(name, path, size)


def _visible(host: Host, directory: str) -> bool:
    """Whether what is not seen there is not there: every directory on the way that exists can be entered."""
    assert host.machine is not None
    look = 'd=$1; while [ "$d" != / ] && ! [ -e "$d" ]; do d=$(dirname "$d"); done; [ -x "$d" ]'
    return host.machine.run(["sh", "-c", look, "sh", directory], check=False).status == 0


def undo_state(host: Host, path: str) -> None:
    """Remove such a file that was being written, or a TPM's directory with the one of its UUID around it."""
    if host.machine is not None:
        if path.rpartition("/")[2] in _VERSIONS.values():
            host.machine.files.remove_tree(path.rpartition("/")[0])
        else:
            host.machine.files.remove(path)
