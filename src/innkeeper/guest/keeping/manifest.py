"""Reading what is said of a kept guest. Whoever wrote it is not trusted: what is impossible is refused here."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import msgspec

from innkeeper.errors import Invalid, Unsupported
from innkeeper.guest.keeping.state_files import LARGEST, TPM_FILES
from innkeeper.schema.base import to_json
from innkeeper.schema.kept import DOCUMENT, MANIFEST, SUMS, KeptGuest
from innkeeper.tools.image_facts import MAX_VIRTUAL

__all__ = ["LARGEST_TEXT", "decode", "encode"]

LARGEST_TEXT = 4 << 20
"""Bytes of a manifest or a document: libvirt takes no longer one."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", re.ASCII)
_TARGET = re.compile(r"[a-z]{1,8}[0-9]{0,4}", re.ASCII)
_SUM = re.compile(r"[0-9a-f]{64}", re.ASCII)
_MOST_DISKS, _DEEPEST = 1000, 200


def encode(kept: KeptGuest) -> bytes:
    return to_json(kept) + b"\n"


def decode(data: bytes) -> KeptGuest:
    """What is said, when it can be true.

    Raises `Unsupported("kept.version")` for one that is newer, `Invalid("kept.manifest")` for what is none.
    """
    try:
        version = msgspec.json.decode(data, type=_Version).version
        if version != 1:
            raise Unsupported("kept.version", version=version)
        kept = msgspec.json.decode(data, type=KeptGuest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid("kept.manifest", reason=str(error)) from error
    for reason in _wrong(kept):
        raise Invalid("kept.manifest", reason=reason)
    return kept


class _Version(msgspec.Struct, frozen=True):
    version: int


def _wrong(kept: KeptGuest) -> Iterator[str]:
    try:
        uuid.UUID(kept.uuid)
    except ValueError:
        yield "uuid"
    every = [file for disk in kept.disks for file in disk.files]
    every += [file for file in (kept.nvram, kept.kernel, kept.initrd, *kept.tpm) if file is not None]
    for file in every:
        if not _NAME.fullmatch(file.name) or file.name in (MANIFEST, DOCUMENT, SUMS):
            yield f"file name {file.name[:40]!r}"
        if not 0 <= file.size <= MAX_VIRTUAL or not 0 <= (file.data or 0) <= MAX_VIRTUAL:
            yield f"size of {file.name}"
        if file.format not in ("raw", "qcow2"):
            yield f"format of {file.name}"
        if file.sha256 is not None and not _SUM.fullmatch(file.sha256):
            yield f"sum of {file.name}"
        if any(other.name == file.name and other != file for other in every):
            yield f"{file.name} twice"
    yield from _wrong_disks(kept)
    small = [file for file in (kept.nvram, *kept.tpm) if file is not None]
    if any(file.size > LARGEST for file in small) or any(file.name not in TPM_FILES for file in kept.tpm):
        yield "nvram or tpm"


def _wrong_disks(kept: KeptGuest) -> Iterator[str]:
    targets = [disk.target for disk in kept.disks]
    if len(set(targets)) != len(targets) or len(targets) > _MOST_DISKS:
        yield "disks"
    for disk in kept.disks:
        if not _TARGET.fullmatch(disk.target):
            yield f"disk {disk.target[:20]!r}"
        if not 0 < disk.capacity <= MAX_VIRTUAL or not 0 < len(disk.files) <= _DEEPEST:
            yield f"disk {disk.target}"
        if any(file.format == "raw" for file in disk.files[:-1]) or any(
            file.size == 0 for file in disk.files
        ):
            yield f"files of {disk.target}"
        if len({file.name for file in disk.files}) != len(disk.files):
            yield f"files of {disk.target}"
        if disk.files and disk.files[0].format == "raw" and disk.files[0].size != disk.capacity:
            yield f"capacity of {disk.target}"
    below: dict[str, str | None] = {}
    for disk in kept.disks:  # one file stands on one other, whichever disk it is reached from
        for file, under in zip(disk.files, (*disk.files[1:], None), strict=True):
            name = under.name if under else None
            if below.setdefault(file.name, name) != name:
                yield f"files of {disk.target}"
