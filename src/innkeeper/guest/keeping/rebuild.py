"""A kept guest for this host: who it is to be here, and what of its document changes for that.

newcomer = rebuild.decide(host, kept, document, Wanted(name="web1"))     # refuses; touches nothing
domain = arriving.bring(host, operation, newcomer, pieces)                 # makes it, file by file
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from innkeeper.schema.kept import KeptGuest, Note

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.libvirtxml import Domain

__all__ = ["Newcomer", "Wanted", "decide"]


@dataclass(frozen=True)
class Wanted:
    """What is asked of it here."""

    name: str
    pool: str | None = None
    """for its volumes; the configured one when None"""
    networks: tuple[str, ...] = ()
    """for its cards, one after the other, the last for all that follow; its own when empty"""
    trust: bool = False
    """take its document with devices and paths of the host that it names"""
    overcommit: bool = False
    new_identity: bool = False
    """a UUID and MACs of its own, also when those it had are free"""


@dataclass(frozen=True)
class Newcomer:
    """A guest that is to be made from what was kept."""

    name: str
    uuid: str
    kept: KeptGuest
    document: Domain
    """for this host, whole: its disks, variables and log are where they will be"""
    pool: str
    pool_path: str
    volumes: dict[str, str]
    """file of the kept guest → volume of `pool` that is made for it"""
    standing: dict[str, str]
    """file of the kept guest → path of the same file that this host has already: an image's"""
    nvram_path: str | None
    tpm_directory: str | None
    log_file: str
    notes: tuple[Note, ...]
    """what is different from what was kept, and what is left out"""


def decide(host: Host, kept: KeptGuest, document: Domain, wanted: Wanted) -> Newcomer:
    """Who it is to be, or a refusal; nothing is touched.

    Name, then UUID and MACs kept when free, else new ones; machine type, accelerator, CPU and emulator that this host
    has; networks. Raises `Conflict("guest.exists")`, `Invalid("guest_keep.…")` for a document that asks for what is
    the host's own (unless `trust`), `Unsupported` for an architecture, firmware or TPM that is not here,
    `NotFound("network.unknown")`, `NotFound("pool.unknown")`, `Conflict("pool.full")`.
    """
    raise NotImplementedError
