"""What is known of a disk image, and what in it is refused.

Disk images are hostile until shown otherwise: a backing file, an external data file, a VMDK extent or a
parent makes QEMU open whatever path stands in it, with QEMU's rights. An image that Innkeeper takes in is
whole in one file.
"""

from __future__ import annotations

import msgspec

from innkeeper.errors import Conflict, Denied, Invalid, NotFound, Refused, Unsupported
from innkeeper.schema.sizes import format_size

__all__ = ["FORMATS", "MAX_VIRTUAL", "ImageFacts", "refuse_unsafe"]

FORMATS = ("bochs", "parallels", "qcow", "qcow2", "qed", "raw", "vdi", "vhdx", "vmdk", "vpc")
"""Formats that are read, by QEMU's names."""
MAX_VIRTUAL = 64 << 40
"""Bytes a disk may claim to have: 64 TiB, the most that VHDX and VMDK can."""
SECTOR = 512

NO_FILES: dict[str, tuple[type[Refused], str]] = {
    "missing": (NotFound, "disk.not_found"),
    "denied": (Denied, "disk.denied"),
    "link": (Invalid, "disk.is_link"),
    "directory": (Invalid, "disk.is_directory"),
    "device": (Invalid, "disk.is_device"),
}


class ImageFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A disk image as its header and qemu-img describe it. Sizes in bytes.

    `said` is the format the user named, `detected` what the magic bytes say, `format` the one that holds.
    `backing`, `data_file` and `extents` are references out of the file, as they stand there (`uuid:…` where
    only that is known). `bad` names an impossible header field and its value; `error` is what the system or
    qemu-img said.
    """

    kind: str = "file"
    said: str | None = None
    detected: str = "raw"
    format: str = "raw"
    subformat: str = ""
    size: int = 0
    actual_size: int = msgspec.field(name="allocated", default=0)
    virtual_size: int = 0
    backing: str | None = None
    backing_format: str | None = None
    data_file: str | None = None
    extents: tuple[str, ...] = ()
    encrypted: bool = False
    dirty: bool = False
    corrupt: bool = False
    compat: str | None = None
    packed: str | None = None
    bad: tuple[str, str] | None = None
    identity: str = ""
    error: str = ""

    @property
    def reference(self) -> str | None:
        """The first thing outside itself that the image points at."""
        if self.data_file is not None:
            return self.data_file or "data-file"
        return self.backing if self.backing is not None else next(iter(self.extents), None)


def refuse_unsafe(facts: ImageFacts, name: str, max_virtual: int = MAX_VIRTUAL) -> None:
    """Return when the image is harmless and whole; raise a `Refused` with a `disk.…` code when it is not.

    `name` is what the user calls it; `max_virtual` the most bytes it may claim.
    """
    problem = _no_file(facts, name) or _no_image(facts, name) or _unsafe(facts, name)
    if problem is None and facts.virtual_size > max_virtual:
        sizes = {"size": format_size(facts.virtual_size), "limit": format_size(max_virtual)}
        problem = Invalid("disk.bomb", name=name, **sizes)
    if problem is None and facts.error:
        problem = Invalid("disk.unreadable", name=name, detail=facts.error)
    if problem is not None:
        raise problem


def _no_file(facts: ImageFacts, name: str) -> Refused | None:
    if facts.kind == "file":
        return Invalid("disk.empty", name=name) if facts.size == 0 else None
    if facts.kind == "unreadable":
        return Invalid("disk.unreadable", name=name, detail=facts.error)
    if facts.kind == "changed":
        return Conflict("disk.changed", name=name)
    error, code = NO_FILES.get(facts.kind, (Invalid, "disk.not_regular"))
    return error(code, name=name)


def _no_image(facts: ImageFacts, name: str) -> Refused | None:
    """The file is not what it is said to be, or nothing that is read here."""
    if facts.format not in ("raw", facts.detected):
        return Invalid("disk.format_mismatch", name=name, said=facts.format, found=facts.detected)
    if facts.format == "raw" and facts.said is None:
        if facts.packed:
            return Invalid("disk.packed", name=name, packing=facts.packed)
        if facts.size % SECTOR:
            return Invalid("disk.not_an_image", name=name)
    if facts.format == "luks":
        return Unsupported("disk.encrypted", name=name)
    if facts.format not in FORMATS or facts.subformat in ("extent", "COWD", "SESparse"):
        return Unsupported("disk.variant", name=name, variant=f"{facts.format} {facts.subformat}".strip())
    if facts.bad is None:
        return None
    field, value = facts.bad
    if field == "file size":
        return Invalid("disk.truncated", name=name)
    return Invalid("disk.bad_header", name=name, field=field, value=value)


def _unsafe(facts: ImageFacts, name: str) -> Refused | None:
    if facts.reference is not None:
        return Invalid("disk.unsafe_reference", name=name, reference=facts.reference)
    if facts.encrypted:
        return Unsupported("disk.encrypted", name=name)
    if facts.corrupt:
        return Invalid("disk.corrupt", name=name)
    return Invalid("disk.empty", name=name) if facts.virtual_size == 0 and not facts.error else None
