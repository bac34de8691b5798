"""Makers of disk images that point at the host, lie, or are damaged: each takes an empty directory, gives the file."""

from __future__ import annotations

import os
import struct
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

Maker = Callable[[Path], Path]

SECRET = "/etc/shadow"
DESCRIPTOR = """# Disk DescriptorFile
version=1
CID=11112222
parentCID=ffffffff
createType="{kind}"
# Extent description
{extents}
"""


def create(path: Path, kind: str, *options: str, size: str = "16M") -> Path:
    """An image as qemu-img makes it; `options` stand before the name."""
    argv = ["qemu-img", "create", "-q", "-f", kind, *options, str(path), *([size] if size else [])]
    subprocess.run(argv, check=True, capture_output=True)
    return path


def patch(path: Path, offset: int, data: bytes) -> Path:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(data)
    return path


def patched(kind: str, offset: int, data: bytes, *options: str) -> Maker:
    return lambda folder: patch(create(folder / f"disk.{kind}", kind, *options), offset, data)


def backed(kind: str, reference: str) -> Maker:
    """A reference as the format itself keeps it; `-u` makes qemu-img write it unseen."""

    def make(folder: Path) -> Path:
        return create(folder / f"disk.{kind}", kind, "-u", "-b", reference, "-F", "raw")

    return make


def descriptor(kind: str, extents: str, before: str = "") -> Maker:
    def make(folder: Path) -> Path:
        path = folder / "disk.vmdk"
        path.write_text(before + DESCRIPTOR.format(kind=kind, extents=extents))
        return path

    return make


def content(name: str, data: bytes) -> Maker:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(data)
        return path

    return make


def sparse(size: int) -> Maker:
    def make(folder: Path) -> Path:
        path = folder / "disk.raw"
        path.touch()
        os.truncate(path, size)
        return path

    return make


def cut(kind: str, size: int) -> Maker:
    def make(folder: Path) -> Path:
        path = create(folder / f"disk.{kind}", kind)
        os.truncate(path, size)
        return path

    return make


def data_file(folder: Path) -> Path:
    return create(folder / "disk.qcow2", "qcow2", "-o", f"data_file={folder}/data.raw,data_file_raw=on")


def hidden_in_raw(folder: Path) -> Path:
    """The classic: a raw disk on which the guest wrote a qcow2 header with a backing file."""
    planted = backed("qcow2", SECRET)(folder).read_bytes()
    path = sparse(64 << 20)(folder)
    return patch(path, 0, planted)


def vmdk_capacity_zero(folder: Path) -> Path:
    """A sparse header of capacity 0 makes QEMU open the extents of the descriptor inside it."""
    path = create(folder / "disk.vmdk", "vmdk")
    patch(path, 12, struct.pack("<Q", 0))
    text = DESCRIPTOR.format(kind="monolithicFlat", extents='RW 4 FLAT "/etc/passwd" 0')
    return patch(path, 512, text.encode().ljust(20 * 512, b"\0"))


def vmdk_extent(name: str) -> Maker:
    """A monolithic sparse file whose inner descriptor names another file."""

    def make(folder: Path) -> Path:
        text = DESCRIPTOR.format(kind="monolithicSparse", extents=f'RW 32768 SPARSE "{name}"')
        return patch(create(folder / "disk.vmdk", "vmdk"), 512, text.encode().ljust(20 * 512, b"\0"))

    return make


def vmdk_hidden_parent(folder: Path) -> Path:
    """The header says that the descriptor is elsewhere; QEMU reads the parent in the usual sectors all the same."""
    path = create(folder / "disk.vmdk", "vmdk")
    good = DESCRIPTOR.format(kind="monolithicSparse", extents='RW 32768 SPARSE "disk.vmdk"')
    evil = good + f'parentFileNameHint="{SECRET}"\n'
    patch(path, 512, evil.encode().ljust(20 * 512, b"\0"))
    end = path.stat().st_size
    patch(path, end, good.encode().ljust(20 * 512, b"\0"))
    return patch(path, 28, struct.pack("<QQ", end // 512, 20))


def vmdk_footer(folder: Path) -> Path:
    """A header that sends the reader to the footer, where another descriptor is named."""
    path = create(folder / "disk.vmdk", "vmdk", "-o", "subformat=streamOptimized")
    end = path.stat().st_size
    evil = (
        DESCRIPTOR.format(kind="monolithicFlat", extents='RW 4 FLAT "/etc/passwd" 0')
        .encode()
        .ljust(10240, b"\0")
    )
    footer = bytearray(path.read_bytes()[:512])
    struct.pack_into("<QQ", footer, 28, end // 512, 20)
    patch(path, end, evil + bytes(512) + footer + bytes(512))
    return patch(path, 56, b"\xff" * 8)


def vhdx_parent(folder: Path) -> Path:
    """A differencing VHDX: the flag, and a parent locator with a path that climbs out."""
    path = create(folder / "disk.vhdx", "vhdx")
    data = path.read_bytes()
    base = data.index(b"metadata", 320 * 1024)
    count = struct.unpack_from("<H", data, base + 10)[0]
    key, value = "relative_path".encode("utf-16-le"), "..\\..\\etc\\shadow".encode("utf-16-le")
    pair = struct.pack("<IIHH", 32, 32 + len(key), len(key), len(value))
    locator = (
        struct.pack("<16sHH", bytes.fromhex("b704efb04ad1cc49bb8c6b3bd2d5e5fc"), 0, 1) + pair + key + value
    )
    guid = bytes.fromhex("2d5fd3a80bb34d45abf7d3d84834ab0c")
    patch(path, base + 32 + 32 * count, struct.pack("<16sIIII", guid, 0x20000, len(locator), 4, 0))
    patch(path, base + 10, struct.pack("<H", count + 1))
    patch(path, base + 0x20000, locator)
    return vhdx_flag(path, base)


def vhdx_flag(path: Path, base: int) -> Path:
    data = path.read_bytes()
    entry = data.index(bytes.fromhex("3767a1ca36fa434db3b633f0aa44e76b"), base)
    item = base + struct.unpack_from("<I", data, entry + 16)[0]
    return patch(path, item + 4, struct.pack("<I", 2))


def vhdx_flag_only(folder: Path) -> Path:
    path = create(folder / "disk.vhdx", "vhdx")
    return vhdx_flag(path, path.read_bytes().index(b"metadata", 320 * 1024))


def vpc_parent(folder: Path) -> Path:
    path = create(folder / "disk.vpc", "vpc")
    for place in (0, path.stat().st_size - 512):
        patch(path, place + 60, struct.pack(">I", 4))
    patch(path, 512 + 64, "..\\..\\base.vhd".encode("utf-16-be"))
    return patch(path, 512 + 40, b"\x01" * 16)


def vpc_footer_only(folder: Path) -> Path:
    """The copy in front is honest, the footer at the end is differencing."""
    path = create(folder / "disk.vpc", "vpc")
    return patch(path, path.stat().st_size - 512 + 60, struct.pack(">I", 4))


def bochs(subformat: str) -> Maker:
    """A 1 MiB growing Bochs disk with nothing in it, or one of the kinds that stand upon another file."""

    def make(folder: Path) -> Path:
        head = struct.pack(
            "<32s16s16sII", b"Bochs Virtual HD Image", b"Redolog", subformat.encode(), 0x20000, 512
        )
        head += struct.pack("<IIIIQ", 1, 512, 1 << 20, 0, 1 << 20)
        path = folder / "disk.bochs"
        path.write_bytes(head.ljust(512, b"\0") + b"\xff" * 4 + bytes(508))
        return path

    return make


def unpacking_bomb(folder: Path, size: int) -> Path:
    """A few MiB of qcow2 in which every cluster of `size` bytes is the same compressed one, full of ones."""
    path = create(folder / "bomb.qcow2", "qcow2", "-o", "cluster_size=2M", size=str(size))
    packer = zlib.compressobj(9, zlib.DEFLATED, -12)
    packed = packer.compress(b"\1" * (2 << 20)) + packer.flush()
    end = -(-path.stat().st_size // (2 << 20)) * (2 << 20)
    cluster = end + (2 << 20)
    entry = 1 << 62 | (len(packed) + 511) // 512 << 49 | cluster
    patch(path, end, struct.pack(">Q", entry) * (1 << 18))
    patch(path, cluster, packed.ljust(1 << 20, b"\0"))
    l1_size, l1_offset = struct.unpack_from(">IQ", path.read_bytes()[:64], 36)
    return patch(path, l1_offset, struct.pack(">Q", 1 << 63 | end) * l1_size)


BIG = struct.pack(">Q", 1 << 62)
HOSTILE: dict[str, tuple[Maker, str]] = {
    "qcow2 backing": (backed("qcow2", SECRET), "disk.unsafe_reference"),
    "qcow2 backing relative": (backed("qcow2", "../../../etc/shadow"), "disk.unsafe_reference"),
    "qcow2 backing json": (
        backed("qcow2", 'json:{"driver":"file","filename":"/etc/shadow"}'),
        "disk.unsafe_reference",
    ),
    "qcow2 backing nbd": (backed("qcow2", "nbd://127.0.0.1:1/x"), "disk.unsafe_reference"),
    "qcow2 data file": (data_file, "disk.unsafe_reference"),
    "qcow2 data file, no name": (patched("qcow2", 72, struct.pack(">Q", 4)), "disk.unsafe_reference"),
    "qcow2 in raw": (hidden_in_raw, "disk.unsafe_reference"),
    "qcow2 version 9": (patched("qcow2", 4, struct.pack(">I", 9)), "disk.bad_header"),
    "qcow2 cluster_bits": (patched("qcow2", 20, struct.pack(">I", 63)), "disk.bad_header"),
    "qcow2 l1_size": (patched("qcow2", 36, struct.pack(">I", 0xFFFFFFFF)), "disk.bad_header"),
    "qcow2 l1_offset": (patched("qcow2", 40, BIG), "disk.bad_header"),
    "qcow2 refcount table": (patched("qcow2", 56, struct.pack(">I", 0xFFFFFFF)), "disk.bad_header"),
    "qcow2 unknown feature": (patched("qcow2", 72, struct.pack(">Q", 1 << 40)), "disk.bad_header"),
    "qcow2 header_length": (patched("qcow2", 100, struct.pack(">I", 0xFFFFFFF8)), "disk.bad_header"),
    "qcow2 extension": (patched("qcow2", 112, struct.pack(">II", 1, 0xFFFFFFF0)), "disk.bad_header"),
    "qcow2 backing size": (patched("qcow2", 8, struct.pack(">QI", 512, 1 << 30)), "disk.bad_header"),
    "qcow2 size": (patched("qcow2", 24, BIG), "disk.bomb"),
    "qcow2 corrupt": (patched("qcow2", 72, struct.pack(">Q", 2)), "disk.corrupt"),
    "qcow2 encrypted": (patched("qcow2", 32, struct.pack(">I", 1)), "disk.encrypted"),
    "qcow2 cut in its header": (cut("qcow2", 60), "disk.truncated"),
    "qcow2 cut in its tables": (cut("qcow2", 65536), "disk.bad_header"),
    "qcow backing": (backed("qcow", SECRET), "disk.unsafe_reference"),
    "qcow size": (patched("qcow", 24, BIG), "disk.bomb"),
    "qed backing": (backed("qed", SECRET), "disk.unsafe_reference"),
    "qed cluster size": (patched("qed", 4, b"\xff" * 4), "disk.bad_header"),
    "vmdk flat": (descriptor("monolithicFlat", 'RW 4 FLAT "/etc/passwd" 0'), "disk.unsafe_reference"),
    "vmdk flat above": (
        descriptor("monolithicFlat", 'RW 4 FLAT "../../etc/passwd" 0'),
        "disk.unsafe_reference",
    ),
    "vmdk flat beside": (
        descriptor("monolithicFlat", 'RW 4 FLAT "disk-flat.vmdk" 0'),
        "disk.unsafe_reference",
    ),
    "vmdk device": (descriptor("fullDevice", 'RW 4 FLAT "/dev/vda" 0'), "disk.unsafe_reference"),
    "vmdk json": (descriptor("monolithicFlat", 'RW 4 FLAT "json:{}" 0'), "disk.unsafe_reference"),
    "vmdk split": (
        descriptor("twoGbMaxExtentSparse", 'RW 4 SPARSE "a.vmdk"\nRW 4 SPARSE "b.vmdk"'),
        "disk.unsafe_reference",
    ),
    "vmdk after comments": (
        descriptor("vmfs", 'RW 4 VMFS "/etc/passwd"', before="# nothing here\n\n   # nor here\n"),
        "disk.unsafe_reference",
    ),
    "vmdk without title": (
        content("a.vmdk", b'#\nversion=1\nRW 4 FLAT "/etc/passwd" 0\n'),
        "disk.unsafe_reference",
    ),
    "vmdk without extents": (descriptor("monolithicFlat", ""), "disk.unsafe_reference"),
    "vmdk capacity 0": (vmdk_capacity_zero, "disk.bad_header"),
    "vmdk inner extent": (vmdk_extent("/etc/passwd"), "disk.unsafe_reference"),
    "vmdk inner extent above": (vmdk_extent("..\\\\x.vmdk"), "disk.unsafe_reference"),
    "vmdk hidden parent": (vmdk_hidden_parent, "disk.unsafe_reference"),
    "vmdk footer": (vmdk_footer, "disk.bad_header"),
    "vmdk descriptor size": (patched("vmdk", 36, struct.pack("<Q", 1 << 40)), "disk.bad_header"),
    "vmdk capacity": (patched("vmdk", 12, struct.pack("<Q", 1 << 50)), "disk.bomb"),
    "vmdk part of a split disk": (patched("vmdk", 28, bytes(16)), "disk.variant"),
    "vmdk COWD": (content("esx.vmdk", b"COWD" + bytes(2044)), "disk.variant"),
    "vhdx parent": (vhdx_parent, "disk.unsafe_reference"),
    "vhdx parent flag": (vhdx_flag_only, "disk.unsafe_reference"),
    "vhdx cut": (cut("vhdx", 300 * 1024), "disk.bad_header"),
    "vpc parent": (vpc_parent, "disk.unsafe_reference"),
    "vpc parent in the footer": (vpc_footer_only, "disk.unsafe_reference"),
    "vdi parent": (patched("vdi", 0x1B8, b"\x42" * 16), "disk.unsafe_reference"),
    "vdi link": (patched("vdi", 0x1A8, b"\x42" * 16), "disk.unsafe_reference"),
    "vdi differencing": (patched("vdi", 0x4C, struct.pack("<I", 4)), "disk.unsafe_reference"),
    "vdi size": (patched("vdi", 0x170, struct.pack("<Q", 1 << 60)), "disk.bomb"),
    "parallels table": (patched("parallels", 32, b"\xff" * 4), "disk.bad_header"),
    "bochs undoable": (bochs("Undoable"), "disk.unsafe_reference"),
    "luks": (content("luks.img", b"LUKS\xba\xbe\0\1" + bytes(4088)), "disk.encrypted"),
    "gzip": (content("disk.img", b"\x1f\x8b\x08" + bytes(1021)), "disk.packed"),
    "ova": (content("disk.ova", (bytes(257) + b"ustar").ljust(10240, b"\0")), "disk.packed"),
    "web page": (content("disk.qcow2", b"<html><body>404 Not Found</body></html>"), "disk.not_an_image"),
    "nothing": (content("disk.raw", b""), "disk.empty"),
    "raw without end": (sparse((16 << 40) - 4096), "disk.bomb"),
}
"""What is refused, and the code that says why. `raw without end` needs a lower limit: file systems end at 16 TiB."""
