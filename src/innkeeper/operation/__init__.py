"""Work that takes steps: recorded before each, shown while it runs, undone when it does not end well."""

from innkeeper.operation.journal import Entry, Owner
from innkeeper.operation.recovery import clean, dead_entries, list_operations, recover
from innkeeper.operation.running import Operation, Progress, Reporter, Watcher, begin

__all__ = [
    "Entry",
    "Operation",
    "Owner",
    "Progress",
    "Reporter",
    "Watcher",
    "begin",
    "clean",
    "dead_entries",
    "list_operations",
    "recover",
]
