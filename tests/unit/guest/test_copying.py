"""Files both ways through both shells, the guest being this computer: what arrives, what is refused, what is left."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from innkeeper.errors import Conflict, Failed, InnkeeperError, NotFound
from innkeeper.guest.within import copying
from innkeeper.guest.within.shells import Shell
from innkeeper.schema.guest_agent import Copied, GuestCp
from innkeeper.verbs import Unrecorded
from tests.unit.guest.local_agent import LocalAgent
from tests.unit.guest.ways import agent_shell, ssh_shell


@pytest.fixture(params=["agent", "ssh"])
def shell(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shell]:
    if request.param == "ssh":
        folder = tmp_path / "bin"
        folder.mkdir()
        yield ssh_shell(folder)
        return
    agent = LocalAgent()
    yield agent_shell(agent)
    assert agent.open_things == 0
    agent.close()
    assert agent.left == []


@pytest.fixture
def here(tmp_path: Path) -> Path:
    made = tmp_path / "here"
    made.mkdir()
    return made


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Path]:
    made = tmp_path / "there"
    made.mkdir()
    yield made
    assert not [name for name in os.listdir(made) if name.startswith(".inn-")]


def copy(
    shell: Shell, sources: list[Path], target: Path | str, to_guest: bool, **more: Any
) -> tuple[Copied, list[str]]:
    """As the verb does it, with the shell that it would have chosen."""
    request = GuestCp(
        name="fake", sources=tuple(map(str, sources)), target=str(target), to_guest=to_guest, **more
    )
    told: list[str] = []
    unrecorded: Any = Unrecorded(None, "fake", lambda progress: told.append(progress.text))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(copying, "choose", lambda *_arguments, **_options: shell)
        unrecorded.decided = copying.VERBS["guest.cp"].check(None, request)  # type: ignore[arg-type]  # no host is asked
    return copying.VERBS["guest.cp"].run(None, request, unrecorded), told  # type: ignore[arg-type]  # as above


both_ways = pytest.mark.parametrize("to_guest", [True, False], ids=["in", "out"])
NAMES = ["plain", "-n", "--help", "a b", "new\nline", "quo'te\"$HOME`id`", "é中", "*", "x" * 200, "a:b", "\\"]


@both_ways
@pytest.mark.parametrize("name", NAMES)
def test_names(shell: Shell, here: Path, there: Path, to_guest: bool, name: str) -> None:
    (here / name).write_bytes(b"\0\xff" * 1000)
    (here / name).chmod(0o741)
    copied, _told = copy(shell, [here / name], there, to_guest)
    assert (there / name).read_bytes() == b"\0\xff" * 1000
    assert (there / name).stat().st_mode & 0o7777 == 0o741
    assert (copied.files, copied.bytes, copied.way) == (1, 2000, shell.way)


@both_ways
@pytest.mark.parametrize("size", [0, 1, 511, 512, 10_240, 12_345_678])
def test_sizes(shell: Shell, here: Path, there: Path, to_guest: bool, size: int) -> None:
    data = os.urandom(size)
    (here / "f").write_bytes(data)
    _copied, told = copy(shell, [here / "f"], there / "g", to_guest)
    assert (there / "g").read_bytes() == data
    assert "guest.progress.copying" in told or size == 0


@both_ways
def test_holes(shell: Shell, here: Path, there: Path, to_guest: bool) -> None:
    with (here / "f").open("wb") as file:
        file.seek(30_000_000)
        file.write(b"end")
        file.truncate(40_000_000)
    copy(shell, [here / "f"], there, to_guest)
    status = (there / "f").stat()
    assert (status.st_size, status.st_blocks * 512 < 1 << 20) == (40_000_000, True)
    with (there / "f").open("rb") as file:
        file.seek(29_999_998)
        assert file.read(7) == b"\0\0end\0\0"


def tree(top: Path) -> None:
    (top / "sub" / "empty").mkdir(parents=True)
    for name in NAMES:
        (top / "sub" / name).write_text(name)
    (top / ".hidden").write_text("h")
    (top / "..odd").write_text("o")
    (top / "link").symlink_to("/etc/passwd")
    (top / "dangling").symlink_to("nowhere")
    (top / "to-folder").symlink_to("sub")


def same(one: Path, other: Path) -> bool:
    return not subprocess.run(["diff", "-r", "--no-dereference", one, other], check=False).returncode


@both_ways
def test_directories(shell: Shell, here: Path, there: Path, to_guest: bool) -> None:
    tree(here)
    copied, _told = copy(shell, [here], there / "new", to_guest)
    assert same(here, there / "new")
    assert copied.files == len(NAMES) + 2
    copy(shell, [here], there, to_guest)
    assert same(here, there / "here")


@both_ways
def test_a_directory_into_one_of_its_name(shell: Shell, here: Path, there: Path, to_guest: bool) -> None:
    tree(here)
    (there / "here" / "sub").mkdir(parents=True)
    (there / "here" / "own").write_text("stays")
    (there / "here" / "sub" / "plain").write_text("old")
    (there / "here" / ".hidden").write_text("old")
    copy(shell, [here], there, to_guest)
    assert (there / "here" / "own").read_text() == "stays"
    (there / "here" / "own").unlink()
    assert same(here, there / "here")


@both_ways
def test_several_need_a_directory(shell: Shell, here: Path, there: Path, to_guest: bool) -> None:
    for name in ("a", "b"):
        (here / name).write_text(name)
    copy(shell, [here / "a", here / "b"], there, to_guest)
    assert sorted(os.listdir(there)) == ["a", "b"]
    with pytest.raises(NotFound):
        copy(shell, [here / "a", here / "b"], there / "none", to_guest)
    with pytest.raises(NotFound):
        copy(shell, [here / "a"], f"{there}/none/", to_guest)
    with pytest.raises(NotFound):
        copy(shell, [here / "a"], there / "none" / "x", to_guest)


@both_ways
def test_over_what_is_there(shell: Shell, here: Path, there: Path, to_guest: bool) -> None:
    (here / "f").write_text("new")
    (there / "f").write_text("old")
    with pytest.raises(Conflict):
        copy(shell, [here / "f"], there, to_guest, overwrite=False)
    assert (there / "f").read_text() == "old"
    copy(shell, [here / "f"], there, to_guest)
    assert (there / "f").read_text() == "new"
    copy(shell, [here / "f"], there / "other", to_guest, overwrite=False)


@both_ways
def test_one_kind_over_another(shell: Shell, here: Path, there: Path, to_guest: bool) -> None:
    (here / "f").write_text("new")
    (here / "d").mkdir()
    (there / "f").mkdir()
    (there / "d").write_text("file")
    for name in ("f", "d"):
        with pytest.raises(Conflict):
            copy(shell, [here / name], there, to_guest)
    assert (there / "d").read_text() == "file"


@both_ways
def test_through_a_link_to_a_directory_nothing_is_written(
    shell: Shell, here: Path, there: Path, to_guest: bool
) -> None:
    (there / "outside").mkdir()
    (there / "here").mkdir()
    (there / "here" / "sub").symlink_to("../outside")
    (here / "sub").mkdir()
    (here / "sub" / "x").write_text("evil")
    with pytest.raises(Conflict):
        copy(shell, [here], there, to_guest)
    assert os.listdir(there / "outside") == []


@both_ways
def test_what_is_missing(shell: Shell, here: Path, there: Path, to_guest: bool) -> None:
    with pytest.raises(NotFound):
        copy(shell, [here / "none"], there, to_guest)
    assert os.listdir(there) == []


@both_ways
def test_a_link_that_is_named_is_followed(shell: Shell, here: Path, there: Path, to_guest: bool) -> None:
    (here / "f").write_text("content")
    (here / "l").symlink_to("f")
    copy(shell, [here / "l"], there, to_guest)
    assert not (there / "l").is_symlink()
    assert (there / "l").read_text() == "content"


@both_ways
def test_pipes_are_left_out(shell: Shell, here: Path, there: Path, to_guest: bool) -> None:
    (here / "f").write_text("content")
    os.mkfifo(here / "pipe")
    copied, _told = copy(shell, [here], there, to_guest)
    assert os.listdir(there / "here") == ["f"]
    assert [os.path.basename(path) for path in copied.skipped] == ["pipe"]
    with pytest.raises(InnkeeperError):
        copy(shell, [here / "pipe"], there / "p", to_guest)
    assert not (there / "p").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="mounts")
def test_a_full_disk_in_the_guest(shell: Shell, here: Path, there: Path) -> None:
    (here / "f").write_bytes(os.urandom(3_000_000))
    (there / "small").mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1M", "tmpfs", there / "small"], check=True)
    try:
        (there / "small" / "f").write_text("old")
        with pytest.raises(Failed) as caught:
            copy(shell, [here / "f"], there / "small", True)
        assert caught.value.code == "guest.cp_failed"
        assert "disk is full" in caught.value.remedy("en")
        assert os.listdir(there / "small") == ["f"]
        assert (there / "small" / "f").read_text() == "old"
    finally:
        subprocess.run(["umount", there / "small"], check=True)


def test_broken_off_nothing_half_is_left(tmp_path: Path, here: Path, there: Path) -> None:
    """ssh dies in the middle, and between two files, where the stream looks whole."""
    (here / "a").write_bytes(b"a" * 100_000)
    (here / "b").write_bytes(b"b" * 100_000)
    folder = tmp_path / "bin"
    folder.mkdir()
    shell = ssh_shell(folder)
    program = folder / "ssh"
    for size in (150_000, 512 + 512 + 100_352):
        program.write_text(f'#!/bin/sh\nfor last; do :; done\nhead -c {size} | sh -c "$last"\n')
        with pytest.raises(Failed):
            copy(shell, [here], there, True)
        assert os.listdir(there) == []
        program.write_text(f'#!/bin/sh\nfor last; do :; done\nsh -c "$last" | head -c {size}; exit 255\n')
        with pytest.raises(Failed):
            copy(shell, [here], there, False)
        assert os.listdir(there) == []


def test_a_shell_that_has_no_tar(tmp_path: Path, here: Path, there: Path) -> None:
    (here / "f").write_text("x")
    folder = tmp_path / "bin"
    folder.mkdir()
    shell = ssh_shell(folder)
    (folder / "ssh").write_text('#!/bin/sh\nfor last; do :; done\nPATH=/nowhere; eval "$last"\n')
    (folder / "sh").symlink_to("/bin/sh")
    (folder / "ssh").write_text(f'#!/bin/sh\nfor last; do :; done\nPATH={folder} exec /bin/sh -c "$last"\n')
    with pytest.raises(InnkeeperError) as caught:
        copy(shell, [here / "f"], there, True)
    assert caught.value.code == "guest.cp_no_tar"
