"""`<inactiveDomain>`: within a snapshot, the guest as it was stored while it ran otherwise."""

from __future__ import annotations

from innkeeper.libvirtxml.domain import Domain


class InactiveDomain(Domain):
    """A guest's stored document under another name."""

    TAG = "inactiveDomain"
