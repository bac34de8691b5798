"""Read the header of a disk image without trusting a byte of it, and print what it says, as JSON.

Self-contained on purpose: standard library only, Python 3.6 or newer, nothing of Innkeeper imported,
because `qemu_img.inspect` sends this very text to `python3 -` on the machine where the file is, under
limits on CPU time and memory. The file is opened once, without following a link and without waiting on a
fifo; all that is said comes from that one open file. It observes and does not judge: `refusal.py` does.

    python3 - PATH [FORMAT]

The layouts are those of QEMU's docs/interop (qcow2, qed, parallels), QEMU's block drivers, VMware's
"Virtual Disk Format 5.0", Microsoft's "Virtual Hard Disk Image Format" and [MS-VHDX], and VirtualBox's
VDICore.h.
"""

# ruff: noqa: UP006, UP035, UP045  (typing.Dict and friends: this file must also run on Python 3.6)
import errno
import json
import os
import re
import stat
import struct
import sys
from typing import Any, Dict, List, Optional, Tuple

Facts = Dict[str, Any]

MAGICS = (
    (0, b"QFI\xfb\0\0\0\1", "qcow"),
    (0, b"QFI\xfb", "qcow2"),
    (0, b"KDMV", "vmdk"),
    (0, b"COWD", "vmdk"),
    (0, b"\xbe\xba\xfe\xca\0\0\0\0", "vmdk"),  # VMware's SESparse
    (0, b"vhdxfile", "vhdx"),
    (0, b"conectix", "vpc"),
    (0x40, b"\x7f\x10\xda\xbe", "vdi"),
    (0, b"QED\0", "qed"),
    (0, b"WithoutFreeSpace", "parallels"),
    (0, b"WithouFreSpacExt", "parallels"),
    (0, b"Bochs Virtual HD Image", "bochs"),
    (0, b"LUKS\xba\xbe", "luks"),
    (0, b"#!/bin/sh\n#V2.0 Format", "cloop"),
)
LAST_SECTOR_MAGICS = ((b"conectix", "vpc"), (b"koly", "dmg"))
PACKED = (
    (0, b"\x1f\x8b", "gzip"),
    (0, b"\xfd7zXZ\0", "xz"),
    (0, b"\x28\xb5\x2f\xfd", "zstd"),
    (0, b"BZh", "bzip2"),
    (0, b"PK\x03\x04", "zip"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (257, b"ustar", "tar"),
)
KINDS = {
    stat.S_IFREG: "file",
    stat.S_IFLNK: "link",
    stat.S_IFDIR: "directory",
    stat.S_IFBLK: "device",
    stat.S_IFCHR: "device",
    stat.S_IFIFO: "fifo",
    stat.S_IFSOCK: "socket",
}
# blanks only, no \s: a megabyte of newlines must not be tried from each of them
EXTENT = re.compile(rb'^[ \t]*(?:RW|RDONLY|NOACCESS)[ \t]+\d+[ \t]+(\w+)(?:[ \t]+"([^"\n]*)")?', re.MULTILINE)
MIB = 1 << 20
NAME_LIMIT = 1024


class BadHeaderError(Exception):
    """A field holds what no program would write there."""

    def __init__(self, field: str, value: Any) -> None:
        super().__init__(field, value)
        self.field = field
        self.value = value


class Image:
    """The one open file; a read past its end is a bad header, not an empty answer."""

    def __init__(self, fd: int, size: int) -> None:
        self._fd = fd
        self.size = size

    def peek(self, offset: int, length: int) -> bytes:
        """Up to `length` bytes: fewer at the end of the file."""
        return os.pread(self._fd, length, offset) if 0 <= offset < self.size else b""

    def read(self, offset: int, length: int) -> bytes:
        data = self.peek(offset, length)
        if len(data) < length:
            raise BadHeaderError("file size", self.size)
        return data

    def unpack(self, layout: str, offset: int) -> Tuple[Any, ...]:
        return struct.unpack(layout, self.read(offset, struct.calcsize(layout)))


def demand(holds: bool, field: str, value: Any) -> None:
    if not holds:
        raise BadHeaderError(field, value)


def words(data: bytes, encoding: str = "utf-8") -> str:
    """A name out of a file, safe to print: control characters escaped, cut to a bearable length."""
    text = data.decode(encoding, "replace").rstrip("\0")[:NAME_LIMIT]
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)


def _backing_name(image: Image, facts: Facts, offset: int, size: int) -> None:
    if offset == 0:
        return
    demand(0 < size <= 1023, "backing file name size", size)
    facts["backing"] = words(image.read(offset, size))


def qcow(image: Image, facts: Facts) -> None:
    offset, size, _, facts["virtual_size"] = image.unpack(">QIIQ", 8)
    cluster_bits, l2_bits, crypt, _ = image.unpack(">BBxxIQ", 32)
    demand(9 <= cluster_bits <= 16, "cluster_bits", cluster_bits)
    demand(6 <= l2_bits <= 13, "l2_bits", l2_bits)
    facts["encrypted"] = crypt != 0
    _backing_name(image, facts, offset, size)


def qcow2(image: Image, facts: Facts) -> None:
    version, offset, size, cluster_bits, facts["virtual_size"] = image.unpack(">IQIIQ", 4)
    crypt, l1_size, l1_offset, table_offset, table_clusters, snapshots = image.unpack(">IIQQII", 32)
    demand(version in (2, 3), "version", version)
    demand(9 <= cluster_bits <= 21, "cluster_bits", cluster_bits)
    demand(crypt <= 2, "crypt_method", crypt)
    demand(l1_size * 8 <= 32 * MIB, "l1_size", l1_size)
    demand(table_clusters << cluster_bits <= 8 * MIB, "refcount_table_clusters", table_clusters)
    demand(snapshots <= 65536, "nb_snapshots", snapshots)
    demand(l1_offset + l1_size * 8 <= image.size, "l1_table_offset", l1_offset)
    demand(table_offset < image.size, "refcount_table_offset", table_offset)
    demand(offset < 1 << cluster_bits, "backing_file_offset", offset)
    facts.update(encrypted=crypt != 0, compat="0.10" if version == 2 else "1.1")
    header = 72 if version == 2 else _qcow2_version_3(image, facts)
    _qcow2_extensions(image, facts, header, 1 << cluster_bits)
    _backing_name(image, facts, offset, size)


def _qcow2_version_3(image: Image, facts: Facts) -> int:
    incompatible, _, _, refcount_order, length = image.unpack(">QQQII", 72)
    demand(incompatible < 32, "incompatible_features", hex(incompatible))
    demand(refcount_order <= 6, "refcount_order", refcount_order)
    demand(104 <= length <= 4096 and length % 8 == 0, "header_length", length)
    facts.update(dirty=bool(incompatible & 1), corrupt=bool(incompatible & 2))
    if incompatible & 4:
        facts["data_file"] = ""  # its name follows in an extension, or is left to the command line
    return int(length)


def _qcow2_extensions(image: Image, facts: Facts, offset: int, end: int) -> None:
    while offset + 8 <= end:
        kind, length = image.unpack(">II", offset)
        if kind == 0:
            return
        demand(length <= end - offset, "header extension length", length)
        if kind == 0xE2792ACA:
            facts["backing_format"] = words(image.read(offset + 8, length))
        elif kind == 0x44415441:
            facts["data_file"] = words(image.read(offset + 8, length))
        offset += 8 + (length + 7) // 8 * 8


def qed(image: Image, facts: Facts) -> None:
    cluster_size, table_size, _, features = image.unpack("<IIIQ", 4)
    facts["virtual_size"], offset, size = image.unpack("<QII", 48)
    demand(cluster_size in (1 << bits for bits in range(12, 27)), "cluster_size", cluster_size)
    demand(table_size in (1, 2, 4, 8, 16), "table_size", table_size)
    demand(features < 8, "features", hex(features))
    facts["dirty"] = bool(features & 2)
    if features & 1 or offset or size:
        demand(offset > 0, "backing_filename_offset", offset)
        _backing_name(image, facts, offset, size)


def vdi(image: Image, facts: Facts) -> None:
    kind = image.unpack("<I", 0x4C)[0]
    size, block_size = image.unpack("<QI", 0x170)
    blocks = image.unpack("<I", 0x180)[0]
    demand(block_size == MIB, "block_size", block_size)
    demand(blocks <= 1 << 29, "blocks_in_image", blocks)
    facts.update(virtual_size=size, subformat={1: "dynamic", 2: "static"}.get(kind, str(kind)))
    linked = image.read(0x1A8, 32)
    if kind == 4 or any(linked):
        facts["backing"] = "uuid:" + (linked[16:] if any(linked[16:]) else linked[:16]).hex()


def vpc(image: Image, facts: Facts) -> None:
    """Both copies of the footer are read: which one a program believes is its own affair."""
    places = [place for place in (0, image.size - 512) if image.peek(place, 8) == b"conectix"]
    for place in places:
        size, kind = image.unpack(">Q4xI", place + 48)
        header = image.unpack(">Q", place + 16)[0]
        demand(kind in (2, 3, 4), "disk type", kind)
        facts.update(virtual_size=size, subformat={2: "fixed", 3: "dynamic"}.get(kind, "differencing"))
        if kind == 2:
            continue
        demand(image.peek(header, 8) == b"cxsparse", "dynamic header offset", header)
        parent = image.read(header + 40, 16)
        if kind == 4 or any(parent):
            name = words(image.read(header + 64, 512), "utf-16-be")
            facts["backing"] = name or "uuid:" + parent.hex()


def _vhdx_tables(image: Image, offset: int, signature: bytes, layout: str) -> List[Tuple[Any, ...]]:
    """Entries of a region table (16 bytes of head) or of the metadata table (32)."""
    head = 16 if signature == b"regi" else 32
    count = image.unpack("<I" if head == 16 else "<H", offset + (8 if head == 16 else 10))[0]
    demand(count <= 2047, "entry count", count)
    return [image.unpack(layout, offset + head + 32 * index) for index in range(count)]


def vhdx(image: Image, facts: Facts) -> None:
    for header in (64 * 1024, 128 * 1024):
        if image.peek(header, 4) == b"head" and any(image.read(header + 48, 16)):
            facts["dirty"] = True  # a log waits to be replayed
    found = False
    for table in (192 * 1024, 256 * 1024):
        if image.peek(table, 4) != b"regi":
            continue
        for guid, offset, _, _ in _vhdx_tables(image, table, b"regi", "<16sQII"):
            if guid == bytes.fromhex("06a27c8b90479a4bb8fe575f050f886e"):
                found = True
                _vhdx_metadata(image, facts, offset)
    demand(found, "region table", "none")


def _vhdx_metadata(image: Image, facts: Facts, base: int) -> None:
    demand(image.peek(base, 8) == b"metadata", "metadata offset", base)
    for guid, offset, length in _vhdx_tables(image, base, b"metadata", "<16sII8x"):
        demand(length <= MIB, "metadata item length", length)
        if guid == bytes.fromhex("3767a1ca36fa434db3b633f0aa44e76b"):
            if image.unpack("<4xI", base + offset)[0] & 2:
                facts.setdefault("backing", "parent")
        elif guid == bytes.fromhex("2442a52f1bcd7648b2115dbed83bf4b8"):
            facts["virtual_size"] = image.unpack("<Q", base + offset)[0]
        elif guid == bytes.fromhex("2d5fd3a80bb34d45abf7d3d84834ab0c"):
            facts["backing"] = _vhdx_parent(image.read(base + offset, length))


def _vhdx_parent(locator: bytes) -> str:
    """The path in a parent locator, whichever kind of path it holds."""
    pairs = {}
    demand(len(locator) >= 20, "parent locator length", len(locator))
    for index in range(min(struct.unpack_from("<H", locator, 18)[0], (len(locator) - 20) // 12)):
        key, value, key_size, value_size = struct.unpack_from("<IIHH", locator, 20 + 12 * index)
        text = words(locator[value : value + value_size], "utf-16-le")
        pairs[words(locator[key : key + key_size], "utf-16-le")] = text
    kinds = ("relative_path", "absolute_win32_path", "volume_path", "parent_linkage")
    return next((pairs[kind] for kind in kinds if pairs.get(kind)), "parent")


def parallels(image: Image, facts: Facts) -> None:
    version, _, _, tracks, entries, sectors = image.unpack("<IIIIIQ", 16)
    demand(version == 2, "version", version)
    demand(0 < tracks <= 0xFFFFFFFF // 513, "tracks", tracks)
    demand(64 + entries * 4 <= image.size, "bat_entries", entries)
    if image.peek(0, 16) == b"WithoutFreeSpace":
        sectors &= 0xFFFFFFFF
    facts["virtual_size"] = sectors * 512
    facts["dirty"] = image.unpack("<I", 44)[0] == 0x746F6E59


def bochs(image: Image, facts: Facts) -> None:
    kind, subformat = (words(image.read(offset, 16)) for offset in (32, 48))
    version = image.unpack("<I", 64)[0]
    demand(kind == "Redolog", "type", kind)
    demand(version in (0x10000, 0x20000), "version", hex(version))
    facts["subformat"] = subformat
    facts["virtual_size"] = image.unpack("<Q", 84 if version == 0x10000 else 88)[0]
    if subformat != "Growing":
        facts["backing"] = subformat  # undoable and volatile ones are changes upon another file


def vmdk(image: Image, facts: Facts) -> None:
    """Only a file that is whole in itself is harmless; QEMU opens whatever path stands in the others."""
    magic = image.peek(0, 4)
    if magic in (b"COWD", b"\xbe\xba\xfe\xca"):
        facts["subformat"] = "COWD" if magic == b"COWD" else "SESparse"
        return
    if magic != b"KDMV":
        _vmdk_descriptor(image.peek(0, MIB), facts, embedded=False)
        return
    headers = [0]
    if (
        image.unpack("<Q", 56)[0] == 0xFFFFFFFFFFFFFFFF
    ):  # the directory is at the end: so is the header that counts
        headers.append(image.size - 1024)
    for place in headers:
        demand(image.peek(place, 4) == b"KDMV", "footer", "missing")
        capacity, _, offset, size = image.unpack("<QQQQ", place + 12)
        demand(capacity > 0, "capacity", capacity)  # 0 makes QEMU follow the descriptor's extents
        demand(size * 512 <= MIB, "descriptor size", size)
        facts["virtual_size"] = capacity * 512
        if not offset:
            facts["subformat"] = "extent"  # one part of a disk that was split into several files
        else:
            _vmdk_descriptor(image.read(offset * 512, size * 512), facts, embedded=True)
    # QEMU looks for a parent in these twenty sectors, wherever the header says that the descriptor is
    _vmdk_parent(image.peek(512, 20 * 512), facts)


def _vmdk_parent(text: bytes, facts: Facts) -> None:
    hint = re.search(rb'parentFileNameHint\s*=\s*"?([^"\n]*)', text, re.IGNORECASE)
    if hint:
        facts["backing"] = words(hint.group(1))
    elif re.search(rb"parentCID\s*=\s*(?!f{8}\b)[0-9a-f]+", text, re.IGNORECASE):
        facts["backing"] = "parentCID"


def _vmdk_descriptor(text: bytes, facts: Facts, embedded: bool) -> None:
    _vmdk_parent(text, facts)
    created = re.search(rb'createType\s*=\s*"?([^"\n]*)', text)
    facts["subformat"] = words(created.group(1)) if created else ""
    if embedded:
        demand(
            facts["subformat"] in ("monolithicSparse", "streamOptimized"), "createType", facts["subformat"]
        )
    extents = EXTENT.findall(text)
    for kind, name in extents:
        # A sparse file's own name is in it, as it was when it was made; it is never followed.
        own = embedded and len(extents) == 1 and kind == b"SPARSE" and re.match(rb"^[^/\\:]+$", name)
        if not own or name in (b".", b".."):
            facts["extents"].append(words(name or kind))
    if not embedded and not extents:
        facts["extents"].append("none")


PARSERS = {parser.__name__: parser for parser in (qcow, qcow2, qed, vdi, vpc, vhdx, vmdk, parallels, bochs)}


def _is_vmdk_text(start: bytes) -> bool:
    """As QEMU's vmdk_probe finds it: comments and blanks, then `version=`; or the title they carry."""
    text = re.sub(rb"\A(?:[ \t]*(?:#[^\n]*)?\r?\n)*", b"", start)
    return text.startswith(b"version=") or b"# disk descriptorfile" in start[:512].lower()


def detect(image: Image) -> Tuple[str, Optional[str]]:
    """The format that the magic bytes say, `raw` without any, and the packing when it is an archive."""
    start = image.peek(0, 4096)
    for offset, magic, name in MAGICS:
        if start[offset : offset + len(magic)] == magic:
            return name, None
    last = image.peek(image.size - 512, 512)
    for magic, name in LAST_SECTOR_MAGICS:
        if last.startswith(magic):
            return name, None
    if _is_vmdk_text(start):
        return "vmdk", None
    packing = (name for offset, magic, name in PACKED if start[offset : offset + len(magic)] == magic)
    return "raw", next(packing, None)


def _examine(image: Image, wanted: str, facts: Facts) -> None:
    facts["detected"], facts["packed"] = detect(image)
    facts["format"] = wanted or facts["detected"]
    if facts["format"] == "raw":
        facts["virtual_size"] = image.size
    elif facts["format"] == facts["detected"] and facts["format"] in PARSERS:
        try:
            PARSERS[facts["format"]](image, facts)
        except BadHeaderError as error:
            facts["bad"] = [error.field, str(error.value)[:80]]


def look(path: str, wanted: str) -> Facts:
    """Everything the file says of itself; `kind` other than `file` when it is none, or not ours to read."""
    facts = {"kind": "file", "size": 0, "extents": []}  # type: Facts
    try:
        facts["kind"] = KINDS.get(stat.S_IFMT(os.lstat(path).st_mode), "unknown")
        if facts["kind"] != "file":
            return facts
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY)
        try:
            now = os.fstat(fd)  # what was opened counts, not what stood there a moment ago
            facts["kind"] = KINDS.get(stat.S_IFMT(now.st_mode), "unknown")
            facts.update(size=now.st_size, allocated=now.st_blocks * 512)
            facts["identity"] = f"{now.st_dev}:{now.st_ino}:{now.st_size}:{now.st_mtime_ns}"
            if facts["kind"] == "file":
                _examine(Image(fd, now.st_size), wanted, facts)
        finally:
            os.close(fd)
    except OSError as error:
        names = {
            errno.ENOENT: "missing",
            errno.ENOTDIR: "missing",
            errno.ELOOP: "link",
            errno.EACCES: "denied",
        }
        facts.update(kind=names.get(error.errno or 0, "unreadable"), error=os.strerror(error.errno or 0))
    return facts


if __name__ == "__main__":
    print(json.dumps(look(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "")))
