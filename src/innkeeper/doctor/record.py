"""What `host.setup` changed on a host, kept there for its undo: `host-setup.jsonl` in Innkeeper's state directory.

{"format": 1, "id": "5f…", "finding": "network.forwarding", "kind": "sysctl", "key": "net.ipv4.ip_forward",
 "value": "1", "before": "0", "at": …}                      on disk before the deed
{"id": "5f…", "after": "1"}                                 behind it
{"id": "5f…", "undoing": true}                              before it is put back
{"id": "5f…", "undone": true}                               when it is; a record with nothing left is removed
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from innkeeper.doctor.finding import Site
from innkeeper.doctor.repairs import Repair

__all__ = ["Change", "append", "begin", "read"]

FORMAT = 1


@dataclass
class Change:
    """One change: what was there, what was wanted, and what was there afterwards."""

    id: str
    finding: str
    repair: Repair
    before: Any
    after: Any = None
    finished: bool = False
    """`after` is known: the deed was done to its end"""
    undoing: bool = False
    """it was being put back when its process died"""


def path(site: Site) -> str:
    return f"{site.machine.state_dir}/host-setup.jsonl"


def begin(site: Site, change: Change) -> None:
    """On disk when this returns; the deed may follow."""
    files = site.machine.files
    if not files.exists(path(site)):
        files.make_dir(site.machine.state_dir)
        files.write(path(site), b"", 0o600)  # it may hold former files that not everybody may read
    repair = change.repair
    head = {
        "format": FORMAT,
        "id": change.id,
        "finding": change.finding,
        "kind": repair.kind,
        "key": repair.key,
    }
    append(site, {**head, "value": repair.value, "before": change.before, "at": time.time()})


def append(site: Site, line: dict[str, Any]) -> None:
    """Add to the record, on disk when this returns."""
    site.machine.files.append(path(site), json.dumps(line).encode() + b"\n")


def discard_empty(site: Site) -> None:
    """Remove the record when nothing is left to be undone."""
    if not read(site):
        site.machine.files.remove(path(site))


def read(site: Site) -> list[Change]:
    """What is to be undone yet, oldest first. A last line that was being written when its process died announces a
    deed that was not begun."""
    if not site.machine.files.exists(path(site)):
        return []
    changes: dict[str, Change] = {}
    for line in site.machine.files.read(path(site)).splitlines():
        try:
            said = json.loads(line)
        except ValueError:
            continue
        _take(changes, said)
    return list(changes.values())


def _take(changes: dict[str, Change], said: dict[str, Any]) -> None:
    if "kind" in said:
        repair = Repair(said["kind"], said["key"], said["value"])
        changes[said["id"]] = Change(said["id"], said["finding"], repair, said["before"])
    elif said["id"] not in changes:
        return
    elif "undone" in said:
        del changes[said["id"]]
    elif "undoing" in said:
        changes[said["id"]].undoing = True
    else:
        changes[said["id"]].after = said["after"]
        changes[said["id"]].finished = True
