"""Tar streams of those who are not trusted: nothing comes out of its directory, nothing half is seen."""

from __future__ import annotations

import io
import os
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from innkeeper.errors import Conflict, Failed, InnkeeperError
from innkeeper.machine.packing import END, TOP, Pack
from innkeeper.machine.unpacking import Unpack


def tar(*members: tuple[str, bytes, str | bytes], mode: int = 0o644, end: bool = True) -> bytes:
    """Members as name, type, and content or where a link leads."""
    data = bytearray()
    for name, kind, content in members:
        member = tarfile.TarInfo(name)
        member.type, member.mode = kind, mode if kind != tarfile.DIRTYPE else 0o755
        if isinstance(content, bytes):
            member.size = len(content)
            data += member.tobuf(tarfile.GNU_FORMAT) + content + bytes(-len(content) % 512)
        else:
            member.linkname = content
            data += member.tobuf(tarfile.GNU_FORMAT)
    return bytes(data) + (bytes(10240) if end else b"")


DIR, FILE, LINK, HARD, FIFO, DEVICE = (
    tarfile.DIRTYPE,
    tarfile.REGTYPE,
    tarfile.SYMTYPE,
    tarfile.LNKTYPE,
    tarfile.FIFOTYPE,
    tarfile.CHRTYPE,
)
ROOT = (".", DIR, b"")


def unpack(data: bytes, parent: Path, name: str = "to", overwrite: bool = True, piece: int = 700) -> Unpack:
    pieces = (data[start : start + piece] for start in range(0, len(data), piece))
    with Unpack(str(parent), name, overwrite) as done:
        done.take(pieces)
        done.put()
    return done


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A directory to unpack in, beside one that must stay as it is."""
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    (outside / "secret").write_text("mine")
    yield inside
    assert sorted(os.listdir(tmp_path)) == ["inside", "outside"]
    assert os.listdir(outside) == ["secret"]
    assert (outside / "secret").read_text() == "mine"
    assert not [name for name in os.listdir(inside) if name.startswith(".inn-")]


def test_a_file_is_called_as_asked_for_whatever_it_says(place: Path) -> None:
    for name in ("x", "../../outside/secret", "/etc/passwd", "a/b/c"):
        assert unpack(tar((name, FILE, b"good"), mode=0o6755), place).bytes == 4
    assert os.listdir(place) == ["to"]
    assert (place / "to").read_text() == "good"
    assert stat.S_IMODE((place / "to").stat().st_mode) == 0o755, "no set-user-id of a guest's root"


@pytest.mark.parametrize(
    "members",
    [
        (("l", LINK, "../../outside"), ("l/secret", FILE, b"evil")),
        (("l", LINK, "../../outside"), ("l", DIR, b""), ("l/new", FILE, b"evil")),
        (("a", DIR, b""), ("a/l", LINK, "../../../outside"), ("a/l/secret", FILE, b"evil")),
        (("l", LINK, "../../outside/secret"), ("h", HARD, "l"), ("h", FILE, b"evil")),
        (("h", HARD, "../../outside/secret"), ("h", FILE, b"evil")),
        (("h", HARD, "/etc/passwd"),),
        (("../x", FILE, b"evil"),),
        (("a/../../x", FILE, b"evil"),),
        (("/etc/inn-evil", FILE, b"evil"),),
        (("../outside/x", LINK, "y"),),
        (("..", DIR, b""), ("../x", FILE, b"evil")),
        (("l", LINK, "../../outside"), ("l/sub/deep", DIR, b""), ("l/sub/deep/x", FILE, b"evil")),
    ],
)
def test_nothing_leads_out(place: Path, members: tuple[tuple[str, bytes, bytes | str], ...]) -> None:
    try:
        unpack(tar(ROOT, *members), place)
    except InnkeeperError:
        assert os.listdir(place) == []


def test_links_are_kept_and_never_followed_the_next_time(place: Path) -> None:
    unpack(tar(ROOT, ("sub", LINK, "../../outside"), ("x", FILE, b"1")), place)
    assert os.readlink(place / "to" / "sub") == "../../outside"
    with pytest.raises(Conflict) as caught:
        unpack(tar(ROOT, ("sub", DIR, b""), ("sub/secret", FILE, b"evil")), place)
    assert caught.value.code == "machine.file_kind"
    unpack(tar(ROOT, ("sub", FILE, b"replaced")), place)
    assert (place / "to" / "sub").read_text() == "replaced"


def test_the_target_itself_may_not_be_a_link_to_a_directory(place: Path) -> None:
    (place / "to").symlink_to("../outside")
    with pytest.raises(Conflict):
        unpack(tar(ROOT, ("secret", FILE, b"evil")), place)
    unpack(tar(("x", FILE, b"file")), place)
    assert not (place / "to").is_symlink()


def test_devices_and_pipes_are_left_out(place: Path) -> None:
    done = unpack(tar(ROOT, ("p", FIFO, b""), ("d", DEVICE, b""), ("f", FILE, b"x")), place)
    assert os.listdir(place / "to") == ["f"]
    assert done.skipped == ["p", "d"]


def test_directories_keep_modes_and_go_into_each_other(place: Path) -> None:
    unpack(tar(ROOT, ("a", DIR, b""), ("a/1", FILE, b"1"), ("b", FILE, b"b")), place)
    unpack(tar(ROOT, ("a", DIR, b""), ("a/2", FILE, b"2"), ("b", FILE, b"B")), place)
    files = {path.name: path.read_text() for path in (place / "to").rglob("*") if path.is_file()}
    assert files == {"1": "1", "2": "2", "b": "B"}
    assert stat.S_IMODE((place / "to").stat().st_mode) == 0o755


def test_one_kind_does_not_replace_another(place: Path) -> None:
    (place / "to").mkdir()
    with pytest.raises(Conflict):
        unpack(tar(("x", FILE, b"x")), place)
    (place / "to").rmdir()
    (place / "to").write_text("file")
    with pytest.raises(Conflict):
        unpack(tar(ROOT), place)
    with pytest.raises(Conflict):
        unpack(tar(("x", FILE, b"x")), place, overwrite=False)
    assert (place / "to").read_text() == "file"


def endless_header() -> bytes:
    member = tarfile.TarInfo("long")
    member.type, member.size = tarfile.GNUTYPE_LONGNAME, 1 << 40
    return member.tobuf(tarfile.GNU_FORMAT) + b"x" * (8 << 20)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x" * 2000,
        tar(("x", FILE, b"y" * 5000), end=False)[:3000],
        tar(("x", FILE, b"1"), ("y", FILE, b"2")),
        tar(("x", LINK, "y")),
        tar(("x", FIFO, b"")),
        endless_header(),
        tar(("x", FILE, b"1")) + b"z" * (8 << 20),
    ],
    ids=["nothing", "garbage", "cut", "two files", "link", "pipe", "endless header", "endless end"],
)
def test_nonsense_leaves_nothing(place: Path, data: bytes) -> None:
    with pytest.raises(Failed) as caught:
        unpack(data, place, piece=10_000)
    assert caught.value.code == "machine.stream_bad"
    assert os.listdir(place) == []


def test_holes_stay_holes(place: Path, tmp_path: Path) -> None:
    data = bytearray(8 << 20)
    data[5_000_000:5_000_003] = b"abc"
    unpack(tar(("x", FILE, bytes(data))), place, piece=100_000)
    assert (place / "to").read_bytes() == data
    assert (place / "to").stat().st_blocks * 512 < 1 << 20


def test_what_is_packed_is_what_is_unpacked(place: Path, tmp_path: Path) -> None:
    source = place / "source"
    (source / "sub" / "empty").mkdir(parents=True)
    for name in ("-n", "new\nline", "é中", "quo'te\"", "*", " ", "x" * 200):
        (source / "sub" / name).write_text(name)
    os.mkdir(source / os.fsdecode(b"\xff\xfe"))
    (source / "link").symlink_to("/nowhere")
    os.mkfifo(source / "pipe")
    (source / "sub" / "-n").chmod(0o600)
    pack = Pack(str(source))
    assert pack.skipped == [str(source / "pipe")]
    stream = b"".join(pack.pieces())
    with tarfile.open(fileobj=io.BytesIO(stream)) as archive:
        names = archive.getnames()
    assert (names[0], names[-1]) == (TOP, END)
    with Unpack(str(place), "to", overwrite=True) as done:
        done.take(iter([tar(ROOT, end=False) + stream]))
        done.put()
    os.unlink(source / "pipe")
    assert listing(place / "to" / TOP) == listing(source)


def listing(top: Path) -> dict[bytes, tuple[int, bytes]]:
    found = {}
    for folder, folders, files in os.walk(os.fsencode(top)):
        for name in (*folders, *files):
            path = os.path.join(folder, name)
            mode = os.lstat(path).st_mode
            content = os.readlink(path) if stat.S_ISLNK(mode) else b""
            if stat.S_ISREG(mode):
                content = Path(os.fsdecode(path)).read_bytes()
            found[os.path.relpath(path, os.fsencode(top))] = (mode, content)
    return found


def test_a_file_that_becomes_shorter_meanwhile(place: Path) -> None:
    path = place / "file"
    path.write_bytes(b"x" * 5000)
    pieces = Pack(str(path)).pieces()
    next(pieces)
    path.write_bytes(b"")
    with pytest.raises(Failed) as caught:
        list(pieces)
    assert caught.value.code == "machine.file_shrank"
