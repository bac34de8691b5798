"""The record of an unfinished operation: one file of JSON lines, each on disk before the deed it speaks of.

    {"id": …, "verb": "guest.create", "target": "web1", "uri": …, "owner": {…}, "began": …}
    {"undo": "volume.delete", "args": {"pool": "default", "name": "web1-….qcow2"}}
    {"step": "volumes"}
    {"note": {…}}

A finished operation has no file. Records stay on the computer that runs the command, whatever host it works on.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from innkeeper.errors import NotFound
from innkeeper.machine import local

__all__ = [
    "Entry",
    "Owner",
    "append",
    "create",
    "directory",
    "discard",
    "new_id",
    "private",
    "read_all",
    "this_process",
]

FORMAT = 1


@dataclass(frozen=True)
class Owner:
    """The process that runs an operation; its start time and boot id tell it from a later one of the same number."""

    pid: int
    start: int
    boot: str
    user: int

    @property
    def alive(self) -> bool:
        return self.boot == _boot_id() and _start_time(self.pid) == self.start

    @property
    def is_command(self) -> bool:
        """Whether the process is an `inn` that does just this, rather than a server or somebody's program."""
        try:
            with open(f"/proc/{self.pid}/cmdline", "rb") as file:
                words = file.read().decode(errors="replace").split("\0")
        except (FileNotFoundError, ProcessLookupError):
            return False
        return "inn" in [os.path.basename(word) for word in words[:2]] and "serve" not in words


@dataclass
class Entry:
    """What one file says."""

    id: str
    verb: str
    target: str
    uri: str
    owner: Owner
    began: float
    steps: list[str] = field(default_factory=list)
    undo: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answer: Any = None
    """what it answers, once it only goes forward: its undo then ends it"""
    notes: dict[str, Any] = field(default_factory=dict)
    """what it wants to be known if it is to be cleaned up"""
    kept: bool = False
    """what it made is in use by now, and was not undone"""
    abandoned: bool = False
    """it ended, and left something that could not be undone"""

    @property
    def alive(self) -> bool:
        """Whether somebody is still at it. The process of a server outlives its operations."""
        return not self.abandoned and self.owner.alive


_PRIVATE = ("fence.delete_tree", "workdir.delete")


def private(undo: list[tuple[str, dict[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    """Those that only clean up on this computer, however an operation ends."""
    return [deed for deed in undo if deed[0] in _PRIVATE]


def directory() -> str:
    return f"{local().state_dir}/operations"


def this_process() -> Owner:
    pid = os.getpid()
    return Owner(pid, _start_time(pid) or 0, _boot_id(), os.geteuid())


def new_id() -> str:
    """Twelve hexadecimal digits."""
    return secrets.token_hex(6)


def create(verb: str, target: str, uri: str, operation_id: str | None = None) -> Entry:
    """A new entry, on disk when this returns; of that id, where somebody has written it down already."""
    entry = Entry(operation_id or new_id(), verb, target, uri, this_process(), time.time())
    local().files.make_dir(directory(), 0o700)
    head = {
        "format": FORMAT,
        "id": entry.id,
        "verb": verb,
        "target": target,
        "uri": uri,
        "owner": vars(entry.owner),
        "began": entry.began,
    }
    try:
        append(entry.id, head)
    except BaseException:
        discard(entry.id)
        raise
    return entry


def append(operation_id: str, record: dict[str, Any]) -> None:
    local().files.append(_path(operation_id), json.dumps(record, ensure_ascii=False).encode() + b"\n")


def discard(operation_id: str) -> None:
    local().files.remove(_path(operation_id))


def read_all() -> list[Entry]:
    """All entries, oldest first. A file whose first line never reached the disk speaks of no deed and is dropped."""
    entries = []
    files = local().files
    for name in files.list(directory()):
        path = f"{directory()}/{name}"
        try:
            lines = files.read(path).split(b"\n")
        except NotFound:
            continue  # its operation ended while we looked
        entry = _parse(lines)
        if entry:
            entries.append(entry)
        else:
            _drop_if_old(path)
    return sorted(entries, key=lambda entry: entry.began)


def _parse(lines: list[bytes]) -> Entry | None:
    entry: Entry | None = None
    for line in lines:
        try:
            record = json.loads(line)
        except ValueError:
            break  # the last line was being written when its process died: what it announces was not begun
        if entry is None:
            keys = ("id", "verb", "target", "uri", "began")
            entry = Entry(owner=Owner(**record["owner"]), **{key: record[key] for key in keys})
        elif "undo" in record:
            entry.undo.append((record["undo"], record["args"]))
        elif "answer" in record:
            entry.answer = record["answer"]
        elif "kept" in record:
            entry.answer, entry.undo = record["kept"], private(entry.undo)
        elif "note" in record:
            entry.notes |= record["note"]
        elif "abandoned" in record:
            entry.abandoned = True
        else:
            entry.steps.append(record["step"])
    return entry


def _drop_if_old(path: str) -> None:
    """A second is ages for a first line that is written at once."""
    with suppress(NotFound):
        if time.time() - local().files.modified(path) > 1:
            local().files.remove(path)


def _path(operation_id: str) -> str:
    return f"{directory()}/{operation_id}.jsonl"


def _boot_id() -> str:
    with open("/proc/sys/kernel/random/boot_id") as file:
        return file.read().strip()


def _start_time(pid: int) -> int | None:
    """In clock ticks after boot: field 22 of /proc/PID/stat, counted behind the name, which may hold blanks."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            state, *fields = file.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state == "Z" else int(fields[18])
