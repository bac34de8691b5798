"""The stream of an export: read as it was written, and refused when it is anything else."""

from __future__ import annotations

import contextlib
import hashlib
import io
import random
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from innkeeper.errors import InnkeeperError
from innkeeper.guest.keeping import bundle, manifest
from innkeeper.schema.kept import KeptDisk, KeptFile, KeptGuest, Note

MIB = 1 << 20
DATA = random.Random(1).randbytes(17 * MIB)
FILE = KeptFile(name="vda.raw", size=24 * MIB, format="raw", data=17 * MIB)
KEPT = KeptGuest(
    version=1,
    name="web",
    uuid="6b3e0a5e-7c6b-4d0e-9a5e-0d6ff9f0a1b2",
    made=1795342500.0,
    state="stopped",
    disks=(KeptDisk(target="vda", capacity=24 * MIB, files=(FILE,)),),
    nvram=KeptFile(name="nvram.fd", size=1000),
    notes=(Note(text="kept.note.without", facts={"target": "vdb"}),),
)
PIECES = [(0, DATA[:MIB]), (MIB, DATA[MIB : 17 * MIB]), (20 * MIB, DATA[:7]), (24 * MIB - 5, b"tail!")]


def written(kept: KeptGuest = KEPT, document: str = "<domain/>") -> bytes:
    out = io.BytesIO()
    with bundle.Writer(out.write) as writer:
        writer.head(kept, document)
        writer.file(KEPT.files[0], [(0, b"v" * 1000)])
        writer.file(FILE, PIECES)
        writer.end()
    return out.getvalue()


WHOLE = written()


def chunks(data: bytes, dice: random.Random | None = None) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        size = dice.choice([1, 100, 512, 70000, MIB]) if dice else MIB
        yield data[at : at + size]
        at += size


def read(data: bytes, dice: random.Random | None = None) -> dict[str, bytearray]:
    reader = bundle.Reader(chunks(data, dice))
    kept, document = reader.head()
    files = {file.name: bytearray(file.size) for file in kept.files}
    for piece in reader.pieces(kept):
        files[piece.file][piece.offset : piece.offset + len(piece.data)] = piece.data
    assert document == b"<domain/>"  # the sums are only compared at the end
    return files


def code(data: bytes) -> str:
    with pytest.raises(InnkeeperError) as raised:
        read(data)
    assert "<" not in raised.value.text("en") + raised.value.remedy("zh"), "a text lacks a fact"
    return raised.value.code


def test_what_was_written_is_read(dice: random.Random) -> None:
    expected = bytearray(FILE.size)
    for offset, data in PIECES:
        expected[offset : offset + len(data)] = data
    files = read(WHOLE, dice)
    assert files["vda.raw"] == expected
    assert files["nvram.fd"] == b"v" * 1000
    assert len(WHOLE) < 18 * MIB, "holes are not in it"


def test_tar_and_sha256sum_take_it_apart(tmp_path: Path) -> None:
    subprocess.run(["tar", "-x"], input=WHOLE, cwd=tmp_path, check=True)
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=tmp_path, check=True)
    assert (tmp_path / "vda.raw" / f"{20 * MIB:016d}").read_bytes() == DATA[:7]
    assert manifest.decode((tmp_path / "guest.json").read_bytes()) == KEPT


def test_what_tar_packs_again_is_read(tmp_path: Path) -> None:
    subprocess.run(["tar", "-x"], input=WHOLE, cwd=tmp_path, check=True)
    with tarfile.open(fileobj=io.BytesIO(WHOLE)) as archive:
        names = archive.getnames()
    again = subprocess.run(
        ["tar", "-c", "--format=gnu", *names], cwd=tmp_path, check=True, capture_output=True
    ).stdout
    assert read(again) == read(WHOLE)


def member(name: str, data: bytes = b"", kind: bytes = tarfile.REGTYPE, size: int | None = None) -> bytes:
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, len(data) if size is None else size
    info.linkname = "/etc/shadow" if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
    return info.tobuf(tarfile.GNU_FORMAT) + data + bytes(-len(data) % 512)


def stream(*members: bytes, sums: bytes | None = None) -> bytes:
    head = member("guest.json", manifest.encode(KEPT)) + member("guest.xml", b"<domain/>")
    lines = b"".join(
        f"{hashlib.sha256(data).hexdigest()}  {name}\n".encode()
        for name, data in (("guest.json", manifest.encode(KEPT)), ("guest.xml", b"<domain/>"))
    )
    return head + b"".join(members) + member("SHA256SUMS", lines if sums is None else sums) + bytes(1024)


PIECE = "vda.raw/0000000000000000"
SMALL_DATA = random.Random(2).randbytes(5000)


def small() -> bytes:
    out = io.BytesIO()
    with bundle.Writer(out.write) as writer:
        writer.head(KEPT, "<domain/>")
        writer.file(FILE, [(0, SMALL_DATA), (MIB, b"x")])
        writer.end()
    return out.getvalue()


SMALL = small()


def test_cut_off_anywhere(dice: random.Random) -> None:
    places = [0, 1, 511, 512, 513, 1024, len(SMALL) - 1025, len(SMALL) - 1536]
    for size in [*places, *(dice.randrange(len(SMALL) - 1024) for _ in range(20))]:
        assert code(SMALL[:size]) == "kept.cut_off"


def test_one_bit_anywhere(dice: random.Random) -> None:
    """It is read as it was, or refused: a member's time, for one, says nothing."""
    places = [dice.randrange(3000) for _ in range(40)] + [dice.randrange(len(SMALL)) for _ in range(20)]
    good = read(SMALL)
    assert len(SMALL) < 20_000
    for place in places:
        data = bytearray(SMALL)
        data[place] ^= 1 << dice.randrange(8)
        with contextlib.suppress(InnkeeperError):
            assert read(bytes(data)) == good


HOSTILE = {
    "a path above": stream(member("../../etc/cron.d/x", b"x")),
    "an absolute path": stream(member("/etc/cron.d/x", b"x")),
    "a file that is not the guest's": stream(member("vdb.raw/0000000000000000", b"x")),
    "a link": stream(member(PIECE, kind=tarfile.SYMTYPE)),
    "a hard link": stream(member(PIECE, kind=tarfile.LNKTYPE)),
    "a device": stream(member(PIECE, kind=tarfile.BLKTYPE)),
    "a fifo": stream(member(PIECE, kind=tarfile.FIFOTYPE)),
    "a directory": stream(member("vda.raw", kind=tarfile.DIRTYPE)),
    "a sparse member": stream(member(PIECE, kind=tarfile.GNUTYPE_SPARSE)),
    "a long name": stream(member("././@LongLink", b"x" * 200, kind=tarfile.GNUTYPE_LONGNAME)),
    "pax headers": stream(member("x", b"20 path=../../x\n", kind=tarfile.XHDTYPE)),
    "behind the end of the file": stream(member(f"vda.raw/{24 * MIB:016d}", b"x")),
    "over the end of the file": stream(member(f"vda.raw/{24 * MIB - 1:016d}", b"xx")),
    "a size that lies": stream(member(PIECE, b"x", size=1 << 62)),
    "backwards": stream(member(f"vda.raw/{MIB:016d}", b"x"), member(PIECE, b"x")),
    "twice": stream(member(PIECE, b"x"), member(PIECE, b"x")),
    "nothing": stream(member(PIECE)),
    "an offset that is none": stream(member("vda.raw/-000000000000001", b"x")),
    "the manifest twice": stream(member("guest.json", b"{}")),
    "no sums": stream(sums=b""),
    "sums of something else": stream(member(PIECE, b"x")),
    "too many sums": stream(sums=b"x" * 100_000),
    "padding": stream(member(PIECE, b"x")[:-1] + b"!"),
    "something behind it": stream() + b"x",
    "endless zeros": stream() + bytes(2 * MIB),
    "no archive": b"hello" * 200,
    "zeros": bytes(4096),
    "another archive": member("README", b"hello"),
    "a long manifest": member("guest.json", size=1 << 40),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_streams_are_refused(what: str) -> None:
    assert code(HOSTILE[what]) in ("kept.bundle", "kept.cut_off", "kept.sums")


def test_the_well_formed_one_is_not() -> None:
    """What the hostile ones are made of is taken."""
    assert read(stream())["vda.raw"] == bytearray(24 * MIB)


def test_an_image_that_was_changed_is_not_exported_as_that_image() -> None:
    file = msgspec.structs.replace(FILE, sha256="0" * 64)
    with pytest.raises(InnkeeperError) as raised, bundle.Writer(lambda _data: None) as writer:
        writer.file(file, PIECES)
    assert raised.value.code == "kept.image_changed"
    whole = bytearray(FILE.size)
    for offset, data in PIECES:
        whole[offset : offset + len(data)] = data
    file = msgspec.structs.replace(FILE, sha256=hashlib.sha256(whole).hexdigest())
    with bundle.Writer(lambda _data: None) as writer:
        writer.file(file, PIECES)


def changed(**fields: object) -> bytes:
    return manifest.encode(msgspec.structs.replace(KEPT, **fields))


def disk(**fields: object) -> bytes:
    return changed(disks=(msgspec.structs.replace(KEPT.disks[0], **fields),))


def file(**fields: object) -> bytes:
    return disk(files=(msgspec.structs.replace(FILE, **fields),))


IMPOSSIBLE = {
    "not JSON": b"{",
    "not text": b"\xff\xfe\xff",
    "another thing": b"[1]",
    "no version": b"{}",
    "a file's name leads out": file(name="../x"),
    "a file's name is taken": file(name="SHA256SUMS"),
    "a file's name is long": file(name="x" * 200),
    "a file's format": file(format="vmdk"),
    "a file's size": file(size=-1),
    "a file's size is beyond all": file(size=1 << 62),
    "a file's sum": file(sha256="abc"),
    "a raw disk of another size": file(size=5),
    "an empty file": file(size=0),
    "a disk without files": disk(files=()),
    "a disk's target": disk(target="vda/../x"),
    "a disk's capacity": disk(capacity=1 << 62),
    "a disk twice": changed(disks=KEPT.disks * 2),
    "a disk on itself": disk(files=(FILE, FILE)),
    "raw on something": disk(files=(FILE, KeptFile(name="b", size=1))),
    "large firmware variables": changed(nvram=KeptFile(name="nvram.fd", size=1 << 40)),
    "a TPM's file": changed(tpm=(KeptFile(name="authorized_keys", size=1),)),
    "one name for two": changed(kernel=KeptFile(name="vda.raw", size=5)),
    "a UUID that is none": changed(uuid="../../x"),
}


@pytest.mark.parametrize("what", IMPOSSIBLE)
def test_impossible_manifests_are_refused(what: str) -> None:
    with pytest.raises(InnkeeperError) as raised:
        manifest.decode(IMPOSSIBLE[what])
    assert raised.value.code == "kept.manifest"


def test_a_later_version_is_said() -> None:
    with pytest.raises(InnkeeperError) as raised:
        manifest.decode(b'{"version": 2, "everything": "else"}')
    assert raised.value.code == "kept.version"


def test_the_format_of_version_1_is_read() -> None:
    """Every stored format ever written stays readable: see tests/formats."""
    assert manifest.decode(manifest.encode(KEPT)) == KEPT
    assert [file.name for file in KEPT.files] == ["nvram.fd", "vda.raw"]
