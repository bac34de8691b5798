"""What libvirt remembers of a domain beside its document."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libvirt

from innkeeper.virt.border import border

if TYPE_CHECKING:
    from innkeeper.virt.domains import Domain

__all__ = ["records"]


def records(domain: Domain) -> tuple[int, int]:
    """How many snapshots and checkpoints it has; a driver without them has none."""
    with border(name=domain.name):
        return _number(domain.raw.snapshotNum), _number(lambda: len(domain.raw.listAllCheckpoints()))


def _number(ask: object) -> int:
    assert callable(ask)
    try:
        return int(ask())
    except libvirt.libvirtError as error:
        if error.get_error_code() != libvirt.VIR_ERR_NO_SUPPORT:
            raise
        return 0
