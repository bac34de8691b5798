"""Files of this computer."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from innkeeper.errors import Denied, Failed, InnkeeperError, NotFound
from innkeeper.machine import local

FILES = local().files
Deed = Callable[[str], object]
READERS: list[Deed] = [FILES.size, FILES.modified, FILES.read, FILES.open]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become somebody without rights")


def test_write_read_append(tmp_path: Path) -> None:
    path = str(tmp_path / "a")
    FILES.write(path, b"0123456789", 0o640)
    assert FILES.exists(path)
    assert FILES.size(path) == 10
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o640
    assert (FILES.read(path), FILES.read(path, 3), FILES.read(path, 3, 4)) == (
        b"0123456789",
        b"3456789",
        b"3456",
    )
    assert FILES.read(path, 20) == b""
    FILES.append(path, b"ab")
    assert FILES.read(path, 9) == b"9ab"
    FILES.append(str(tmp_path / "new"), b"x")
    assert FILES.read(str(tmp_path / "new")) == b"x"


def test_a_reader_sees_the_old_or_the_new_content(tmp_path: Path) -> None:
    path = tmp_path / "a"
    FILES.write(str(path), b"old")
    with path.open("rb") as reader:
        FILES.write(str(path), b"new")
        assert reader.read() == b"old"
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["a"]


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "dir").mkdir()
    with pytest.raises(Failed) as caught:
        FILES.write(str(tmp_path / "dir"), b"x")
    assert caught.value.code == "machine.file_failed"
    assert os.listdir(tmp_path) == ["dir"]


@pytest.mark.parametrize("deed", [*READERS, lambda path: FILES.append(path, b""), FILES.create])
def test_missing(tmp_path: Path, deed: Deed) -> None:
    path = str(tmp_path / "no" / "such")
    with pytest.raises(NotFound) as caught:
        deed(path)
    assert (caught.value.code, caught.value.facts) == ("machine.file_missing", {"path": path})


def test_missing_is_fine_where_it_is_said(tmp_path: Path) -> None:
    path = str(tmp_path / "no" / "such")
    FILES.remove(path)
    FILES.remove_tree(path)
    assert FILES.list(path) == []
    assert not FILES.exists(path)
    (tmp_path / "file").touch()
    assert FILES.list(str(tmp_path / "file")) == []


def test_directories(tmp_path: Path) -> None:
    path = str(tmp_path / "a" / "b")
    FILES.make_dir(path, 0o700)
    FILES.make_dir(path, 0o700)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o700
    for name in ("z", "b", "a"):
        (tmp_path / name).mkdir(exist_ok=True)
    assert FILES.list(str(tmp_path)) == ["a", "b", "z"]
    with pytest.raises(Failed):
        FILES.remove(path)


def test_a_new_file_takes_no_other_s_place(tmp_path: Path) -> None:
    path = str(tmp_path / "a")
    with FILES.create(path) as file:
        file.write(b"x")
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    with pytest.raises(Failed):
        FILES.create(path)
    with FILES.open(path) as file:
        assert file.read() == b"x"


def test_a_tree_goes_without_what_its_links_point_at(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").touch()
    (tmp_path / "tree" / "deep").mkdir(parents=True)
    (tmp_path / "tree" / "deep" / "link").symlink_to(tmp_path / "kept")
    (tmp_path / "tree" / "blocked").mkdir(mode=0o000)
    FILES.remove_tree(str(tmp_path / "tree"))
    assert os.listdir(tmp_path) == ["kept"]
    assert os.listdir(tmp_path / "kept") == ["file"]


def test_a_link_is_no_tree(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "kept")
    with pytest.raises(Failed) as caught:
        FILES.remove_tree(str(tmp_path / "link"))
    assert "Success" not in str(caught.value)
    assert (tmp_path / "kept").is_dir()


@pytest.mark.parametrize(
    "deed",
    [lambda path: FILES.write(path, b""), FILES.make_dir, FILES.create],
    ids=["write", "make_dir", "create"],
)
def test_a_file_where_a_directory_should_be(tmp_path: Path, deed: Deed) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Failed, match="Not a directory"):
        deed(str(tmp_path / "file" / "x"))


@pytest.mark.parametrize("name", ["x" * 300, "nul\0"], ids=["long", "nul"])
def test_names_no_file_can_have(tmp_path: Path, name: str) -> None:
    path = str(tmp_path / name)
    for deed in (FILES.read, lambda path: FILES.append(path, b"x")):
        with pytest.raises(InnkeeperError):
            deed(path)


@as_root
def test_denied(tmp_path: Path) -> None:
    """In a child that has given up its rights."""
    (tmp_path / "closed").mkdir(mode=0o700)
    (tmp_path / "closed" / "file").touch()
    tmp_path.chmod(0o755)
    child = os.fork()
    if child == 0:
        os._exit(denied_to_nobody(str(tmp_path / "closed"), str(tmp_path / "closed" / "file")))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def denied_to_nobody(directory: str, file: str) -> int:
    """How many deeds were not refused as they should be, in a process that ends right after."""
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    deeds: list[tuple[Deed, str]] = [(deed, file) for deed in (*READERS, FILES.remove, FILES.create)]
    deeds += [(lambda path: FILES.write(path, b""), file), (lambda path: FILES.append(path, b""), file)]
    deeds += [(FILES.list, directory), (FILES.make_dir, f"{directory}/new"), (FILES.remove_tree, directory)]
    wrong = 0
    for deed, path in deeds:
        try:
            deed(path)
            wrong += 1
        except Denied as error:
            wrong += error.code != "machine.file_denied"
        except Exception:
            wrong += 1
    return wrong


@as_root
def test_a_tree_with_a_mount_in_it_is_left_alone(tmp_path: Path) -> None:
    """What is mounted there is somebody else's: a bind mount of a home, say."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "precious").touch()
    (tmp_path / "tree" / "mount point").mkdir(parents=True)
    child = os.fork()
    if child == 0:
        os._exit(in_own_mounts(tmp_path))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert os.listdir(tmp_path / "other") == ["precious"]
    FILES.remove_tree(str(tmp_path / "tree"))
    assert os.listdir(tmp_path) == ["other"]


def in_own_mounts(directory: Path) -> int:
    """0 when the tree was refused; in a process of its own, with mounts that nobody else sees."""
    script = 'mount --make-rprivate / && mount --bind "$1/other" "$1/tree/mount point" && exec "$2" -c "$3" "$1/tree"'
    code = (
        "import sys; from innkeeper.errors import Failed; from innkeeper.machine import local\n"
        "try: local().files.remove_tree(sys.argv[1])\n"
        "except Failed as error: sys.exit(0 if 'mount point' in str(error) else 2)\n"
        "sys.exit(3)"
    )
    import sys

    argv = ["unshare", "--mount", "sh", "-c", script, "sh", str(directory), sys.executable, code]
    os.execvp(argv[0], argv)
