"""What undoes a deed, by name. An undo is kept as data, so that it outlives the process; each may be run twice."""

from __future__ import annotations

import time
from importlib import import_module
from typing import TYPE_CHECKING, Any

from innkeeper.errors import InnkeeperError, OutcomeUnknown
from innkeeper.machine import local

if TYPE_CHECKING:
    from innkeeper.host import Host

__all__ = ["ACTIONS", "apply_all"]

ACTIONS = {
    "backup.abort": "innkeeper.backup.copying:end_job",
    "backup.delete": "innkeeper.backup.making:delete",
    "backup.removal": "innkeeper.backup.catalogue:end_removal",
    "fence.delete_tree": "innkeeper.tools.fence:delete_tree",
    "guest.delete": "innkeeper.guest.making.creation:undo_define",
    "guest.export_delete": "innkeeper.guest.keeping.moment:delete",
    "guest.export_draft": "innkeeper.guest.keeping.exporting:delete_draft",
    "guest.import_delete": "innkeeper.guest.keeping.arriving:undo_define",
    "guest.purge": "innkeeper.guest.leaving.deletion:finish_purge",
    "guest.rename": "innkeeper.guest.naming:undo_rename",
    "guest.autostart": "innkeeper.guest.leaving.deletion:undo_autostart",
    "guest.log_setting": "innkeeper.guest.leaving.forgetting:undo_log_setting",
    "guest.metadata": "innkeeper.guest.metadata:undo_metadata",
    "guest.live": "innkeeper.guest.changing.settings:undo_live",
    "guest.state_delete": "innkeeper.guest.keeping.state_files:undo_state",
    "guest.stored": "innkeeper.guest.changing.settings:undo_stored",
    "guest.thaw": "innkeeper.backup.freezing:undo_freeze",
    "guest.unpin": "innkeeper.guest.firmware:undo_pin",
    "host.setup": "innkeeper.doctor.preparing:undo_change",
    "image.manifest": "innkeeper.image.removal:undo_manifest",
    "image.publish": "innkeeper.image.versions:undo_publish",
    "image.removal": "innkeeper.image.removal:end_removal",
    "image.version": "innkeeper.image.versions:undo_version",
    "log.delete": "innkeeper.guest.watching.serial_log:undo_log",
    "network.host_delete": "innkeeper.network.reservations:delete",
    "pool.delete": "innkeeper.storage.pools:undo_ensure",
    "volume.delete": "innkeeper.storage.volumes:delete",
    "workdir.delete": "innkeeper.operation.undo:delete_workdir",
}
"""action → function(host, **args)"""

_PATIENCE = 20.0
"""Seconds to wait for a libvirtd that was restarted under us."""


def apply_all(host: Host, undo: list[tuple[str, dict[str, Any]]]) -> tuple[list[str], list[str]]:
    """Undo the last first. Returns what was undone and what could not be, each as readable text."""
    undone: list[str] = []
    left: list[str] = []
    for action, args in reversed(undo):
        told = f"{action} {' '.join(str(value) for value in args.values())}"
        try:
            _apply(host, action, args)
        except InnkeeperError as error:
            left.append(f"{told}: {error}")
        except Exception as error:  # whatever it is: the others must still be undone, and this one is told
            left.append(f"{told}: {error!r}")
        else:
            undone.append(told)
    return undone, left


def _apply(host: Host, action: str, args: dict[str, Any]) -> None:
    module, _, function = ACTIONS[action].partition(":")
    deed = getattr(import_module(module), function)
    deadline, lost = time.monotonic() + _PATIENCE, False
    while True:
        try:
            if lost:
                host.reconnect()
            deed(host, **args)
        except OutcomeUnknown:
            if time.monotonic() > deadline:
                raise
            lost = True
            time.sleep(0.5)
        else:
            return


def delete_workdir(host: Host, path: str) -> None:
    """The directory is on this computer, whatever host the operation was about."""
    local().files.remove_tree(path)
