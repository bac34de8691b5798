"""qemu-img: what a disk image is, and turning one format into another.

It is never let near a file that this project has not read itself first, never guesses a format, never
follows a backing file, and runs under limits. File names reach it inside a `json:` description that is
written here, so that no name can be taken for a protocol (`nbd:…`) or an option.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from innkeeper.errors import Conflict, Failed, Invalid, Refused
from innkeeper.machine import Limits, LocalMachine, Machine, Result, local
from innkeeper.schema.sizes import format_size
from innkeeper.tools.image_facts import FORMATS, ImageFacts, refuse_unsafe

__all__ = ["DiskFile", "convert", "inspect", "make", "name_of", "probe_format", "required"]

LOOKING = Limits(cpu_seconds=10, memory_bytes=1 << 30)
"""Enough for any honest header; qemu-img needs 0.03 s of CPU time and less than 300 MiB of address space."""
LOOKING_TIME = 30.0
MEASURING = Limits(cpu_seconds=120, memory_bytes=1 << 30)
CONVERTING = Limits(cpu_seconds=4 * 3600, memory_bytes=4 << 30)
PROTOCOL = re.compile(r"^[^/]*:")
"""How QEMU's path_has_protocol() finds one: a colon before any slash."""
PROGRESS = re.compile(r"\((\d+(?:\.\d+)?)/100%\)")
MEASURABLE = ("qcow2", "raw")


class DiskFile(NamedTuple):
    """A file that holds a disk, and the format it is in. The format is always known and said."""

    path: str
    format: str


def probe_format(machine: Machine, path: str) -> str:
    """The format that the file's magic bytes say; `raw` without any. Refuses what is no regular file."""
    facts = _read_header(machine, path, None)
    if facts.kind != "file":
        refuse_unsafe(facts, path)
    return facts.detected


def inspect(machine: Machine, path: str, format: str | None = None) -> ImageFacts:
    """Everything that can be known of an image without following what it refers to; about 60 ms.

    `format` is what the user says it is; `raw` is then believed whatever the file begins with, another one
    has to agree with the magic bytes. Judge the answer with `refuse_unsafe` before the image is used. Where
    that would refuse the header already, qemu-img is not called. Raises `Invalid("disk.protocol_name")`,
    `Invalid("disk.format")`.
    """
    facts = _read_header(machine, path, format)
    try:
        refuse_unsafe(facts, path)
    except Refused:
        return facts
    facts = _ask_qemu(machine, path, facts)
    now = machine.run(["stat", "-c", "%d:%i:%s:%.9Y", "--", path], check=False).stdout.decode()
    if now.strip().replace(".", "") != facts.identity:
        return msgspec.structs.replace(facts, kind="changed")
    return facts


def convert(
    machine: Machine,
    source: DiskFile,
    target: DiskFile,
    *,
    on_fraction: Callable[[float], None] | None = None,
    compress: bool = False,
    below: Sequence[DiskFile] = (),
) -> None:
    """Write `source` anew as `target`, replacing a file of that name. The source has passed `refuse_unsafe`, or stands
    on `below`, the next of its chain first, which are all known.

    `on_fraction` is told how far it is, 0 to 1. Raises `Conflict("disk.no_space")` before anything is
    written when the result cannot fit, `Failed("disk.convert_failed")` with the unfinished target removed.
    """
    _plain(source.path)
    if target.format in MEASURABLE and not compress:
        _refuse_full(machine, (source, *below), target)
    machine.files.remove(target.path)

    def told(line: str) -> None:
        done = PROGRESS.findall(line)
        if done and on_fraction:
            on_fraction(min(float(done[-1]) / 100, 1.0))

    flags = ["-p"] if on_fraction else []
    argv = ["qemu-img", "convert", *flags, *(["-c"] if compress else []), "-O", target.format]
    argv += [name_of(source, *below), _plain(target.path)]
    try:
        result = machine.run(argv, check=False, limits=CONVERTING, on_line=told if on_fraction else None)
    except BaseException:
        machine.files.remove(target.path)
        raise
    if result.status != 0:
        machine.files.remove(target.path)
        raise Failed("disk.convert_failed", name=source.path, format=target.format, detail=_why(result))


def make(machine: Machine, target: DiskFile, capacity: int) -> None:
    """A new, empty disk of so many bytes that nobody else may read."""
    argv = ["qemu-img", "create", "-q", "-f", target.format, _plain(target.path), str(capacity)]
    machine.run(["sh", "-c", 'umask 077 && exec "$@"', "sh", *argv])


def required(machine: Machine, chain: Sequence[DiskFile], format: str, *, shared: bool = False) -> int:
    """Bytes of a file in that format that holds what is in a chain, top first; at most. `shared`: QEMU writes to it.

    Raises `Failed("disk.convert_failed")`.
    """
    argv = [
        "qemu-img",
        "measure",
        *(["-U"] if shared else []),
        "--output=json",
        "-O",
        format,
        name_of(*chain),
    ]
    measured = machine.run(argv, check=False, limits=MEASURING)
    if measured.status != 0:
        raise Failed("disk.convert_failed", name=chain[0].path, format=format, detail=_why(measured))
    return int(json.loads(measured.stdout)["required"])


def _plain(path: str) -> str:
    """The path, absolute; refused when qemu would take it for something else than a file."""
    if PROTOCOL.match(path) or "\0" in path or not path:
        raise Invalid("disk.protocol_name", name=path.replace("\0", "\\0"))
    return os.path.abspath(path)


def name_of(*chain: DiskFile) -> str:
    """The disk for qemu-img: these files, top first, these formats, and no other file whatever their headers say."""
    described: dict[str, object] | None = None
    for disk in reversed(chain):
        path = _plain(disk.path)
        file = {"driver": "host_device" if path.startswith("/dev/") else "file", "filename": path}
        described = {"driver": disk.format, "backing": described, "file": file}
    return "json:" + json.dumps(described)


def _read_header(machine: Machine, path: str, said: str | None) -> ImageFacts:
    if said is not None and said not in FORMATS:
        raise Invalid("disk.format", format=said, formats=", ".join(FORMATS))
    python = (sys.executable or "python3") if isinstance(machine, LocalMachine) else "python3"
    source = local().files.read(os.path.join(os.path.dirname(__file__), "image_headers.py"))
    argv = [python, "-IS", "-", _plain(path), said or ""]
    result = machine.run(argv, input=source, check=False, limits=LOOKING, timeout=LOOKING_TIME)
    if result.status != 0:
        return ImageFacts(kind="unreadable", said=said, error=_why(result))
    return msgspec.structs.replace(msgspec.json.decode(result.stdout, type=ImageFacts), said=said)


def _ask_qemu(machine: Machine, path: str, facts: ImageFacts) -> ImageFacts:
    """The header's facts, completed and checked by `qemu-img info` of this one file."""
    argv = ["qemu-img", "info", "-U", "--output=json", name_of(DiskFile(path, facts.format))]
    try:
        result = machine.run(argv, check=False, limits=LOOKING, timeout=LOOKING_TIME)
    except Failed as error:
        return msgspec.structs.replace(facts, error=str(error))
    if result.status != 0:
        return msgspec.structs.replace(facts, error=_why(result))
    told = json.loads(result.stdout)
    special = told.get("format-specific", {}).get("data", {})
    return msgspec.structs.replace(
        facts,
        virtual_size=told["virtual-size"],
        actual_size=told.get("actual-size", facts.actual_size),
        encrypted=facts.encrypted or bool(told.get("encrypted")),
        dirty=facts.dirty or bool(told.get("dirty-flag")),
        corrupt=facts.corrupt or bool(special.get("corrupt")),
        # the header was read for these already: what qemu finds beyond that must not slip through
        backing=facts.backing or told.get("backing-filename"),
        data_file=facts.data_file if facts.data_file is not None else special.get("data-file"),
    )


def _refuse_full(machine: Machine, chain: Sequence[DiskFile], target: DiskFile) -> None:
    """Refuse when what the source unpacks to is more than the target's file system has free."""
    need = required(machine, chain, target.format)
    folder = os.path.dirname(_plain(target.path))
    blocks, block_size = machine.run(["stat", "-f", "-c", "%a %S", "--", folder]).stdout.split()
    free = int(blocks) * int(block_size)
    if need > free:
        raise Conflict("disk.no_space", path=folder, need=format_size(need), free=format_size(free))


def _why(result: Result) -> str:
    """What a program said when it failed, in one line, without its name and what we called the file."""
    if result.status < 0 or result.status > 128:  # a remote shell adds 128 to the signal's number
        return f"stopped at its limit (signal {abs(result.status) % 128})"
    line = re.sub(r"Could not open 'json:\{.*?\}\}': ", "", result.last_line.removeprefix("qemu-img: "))
    return line or f"status {result.status}"
