"""What becomes of a guest whose creation died after it was whole: nobody takes it from those who use it by now."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import msgspec

from innkeeper.guest import naming
from innkeeper.guest.watching.inspection import view
from innkeeper.schema.names import CREATING, unmark
from innkeeper.virt import changes, domains

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Entry, Operation

__all__ = ["keep", "note"]


def note(operation: Operation, domain: domains.Domain) -> None:
    """Write down what it is like when it gets its name: from then on others may use it."""
    operation.note(**{domain.uuid: _digest(domain)})


def keep(host: Host, entry: Entry) -> Any:
    """The answer of that dead create when a guest of it is in use; None when all of it may be undone.

    A guest that still has its mark has everything else by then, and gets its name.
    """
    uuids = [args["uuid"] for action, args in entry.undo if action in ("guest.delete", "guest.import_delete")]
    made = [domain for uuid in uuids if (domain := domains.find(host.virt, uuid)) is not None]
    logs = [args["path"] for action, args in entry.undo if action == "log.delete"]
    if not any(_used(domain, entry) for domain in made) and not _logged(host, logs):
        return None
    for domain in made:
        name, kind, _ = unmark(domain.name)
        if kind == CREATING:
            naming.rename_offline(domain, name)
    views = [msgspec.to_builtins(view(host, domain)) for domain in made]
    return views[0] if len(views) == 1 else views


def _used(domain: domains.Domain, entry: Entry) -> bool:
    """Whether anything was done with it since it got its name."""
    if unmark(domain.name)[1] == CREATING:
        return False
    if domain.active or domain.saved or domain.autostart or changes.has_run(domain):
        return True
    noted = entry.notes.get(domain.uuid)
    return noted is not None and noted != _digest(domain)


def _logged(host: Host, paths: list[str]) -> bool:
    """A serial log is there from a guest's first start on, also when libvirt has forgotten that start."""
    return host.machine is not None and any(map(host.machine.files.exists, paths))


def _digest(domain: domains.Domain) -> str:
    return hashlib.sha256(domain.xml().encode()).hexdigest()
