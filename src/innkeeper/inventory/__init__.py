"""What there is on a host, always known: told by libvirt's events, looked for where there are none."""

from innkeeper.inventory.inventory import Inventory
from innkeeper.inventory.snapshot import Snapshot

__all__ = ["Inventory", "Snapshot"]
