"""A UEFI's variables and the firmware that reads them share one flash chip, of 2 or 4 MiB on x86; a guest with the one
for the other size never comes up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.doctor.finding import Site
from innkeeper.doctor.findings.firmware import Descriptor, descriptors
from innkeeper.errors import Unsupported
from innkeeper.libvirtxml import tree

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.libvirtxml import Domain

__all__ = ["fit"]

_PLAIN = ".fd"
"""Other files are qcow2, whose size says nothing."""


def fit(host: Host, document: Domain, size: int) -> None:
    """Have libvirt take a firmware for variables of so many bytes, where it would take another one.

    Raises `Unsupported("kept.nvram_size")` where none of this host's is for them. Says nothing of a host whose
    firmwares are not described (QEMU docs/interop/firmware.json).
    """
    secure = any(
        feature.name == "secure-boot" and feature.enabled for feature in document.os.firmware_features
    )
    arch = document.os.arch or host.support.arch
    site = Site(host)
    known = [one for one in descriptors(site) if _serves(one, arch, secure)]
    sizes = {one: site.machine.files.size(one.files[1]) for one in known if _is_plain(site, one)}
    if not known or sizes.get(known[0]) == size:
        return
    fitting = next((one for one, its in sizes.items() if its == size), None)
    if fitting is not None:
        _take(document, fitting, secure)
    elif len(sizes) == len(known):
        others = ", ".join(str(its) for its in sorted(set(sizes.values())))
        raise Unsupported("kept.nvram_size", size=size, sizes=others)


def _serves(one: Descriptor, arch: str, secure: bool) -> bool:
    return (
        "uefi" in one.interfaces
        and arch in one.arches
        and len(one.files) == 2
        and ("secure-boot" in one.features) == secure
    )


def _is_plain(site: Site, one: Descriptor) -> bool:
    return all(file.endswith(_PLAIN) and site.exists(file) for file in one.files)


def _take(document: Domain, firmware: Descriptor, secure: bool) -> None:
    """By its files: libvirt picks by features, and takes the first."""
    system = document.os
    for node in list(system.node.iterchildren("firmware")):
        tree.remove(node)
    system.firmware = None
    system.loader, system.nvram_template = firmware.files
    system.loader_readonly, system.loader_type = True, "pflash"
    if secure:
        system.loader_secure = True
