"""A tar stream of somebody who is not trusted, unpacked on this computer.

All is made below one directory of its own, beside where it belongs, reached by descriptors of directories that are
never links (openat(2) with O_NOFOLLOW): nothing in the stream can name, or lead to, anything outside. What is whole
goes to its place by rename. Owners, set-user-id bits and devices are not taken over.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import stat
import tarfile
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any

from innkeeper.errors import Conflict, Failed
from innkeeper.machine.packing import told

__all__ = ["Unpack"]

_PIECE = 1 << 16
"""Also how long a run of zeros must be to become a hole."""
_HEADER = 4 << 20
"""Bytes of headers between two members; a name has 4,096."""
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Unpack:
    """What comes in a stream, to be called `name` in the directory `parent`. Use it in a `with`: what was not put into
    place is gone afterwards.

    The stream holds one file, whatever it is called there, or a tree below `.`.
    """

    def __init__(self, parent: str, name: str, overwrite: bool) -> None:
        """Raises `NotFound`, `Denied` or `Failed` of `machine.file_…`, `Conflict("machine.file_exists")`."""
        self.path = os.path.join(parent, name)
        self.files = self.bytes = 0
        self.skipped: list[str] = []
        self._name, self._overwrite = name, overwrite
        self._draft = f".inn-{secrets.token_hex(8)}"
        self._is_directory: bool | None = None
        self._modes: list[tuple[list[str], int]] = []
        with told(parent):
            self._parent = os.open(parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        if not overwrite and self._kind(self._parent, name) is not None:
            os.close(self._parent)
            raise Conflict("machine.file_exists", path=self.path)
        with told(self.path):
            os.mkdir(self._draft, 0o700, dir_fd=self._parent)
        self._root = os.open(self._draft, _FOLDER, dir_fd=self._parent)

    def __enter__(self) -> Unpack:
        return self

    def __exit__(self, *_error: object) -> None:
        os.close(self._root)
        with told(self.path):
            shutil.rmtree(self._draft, dir_fd=self._parent)
        os.close(self._parent)

    @staticmethod
    def _kind(folder: int, name: str) -> int | None:
        """Its type bits; None when there is none."""
        try:
            return stat.S_IFMT(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
        except FileNotFoundError:
            return None

    def take(self, stream: Iterator[bytes], on_bytes: Callable[[int], object] = lambda _count: None) -> None:
        """Read it all. Raises `Failed("machine.stream_bad")` for what is no such stream."""
        source: Any = _Source(stream)  # tarfile asks for more of a file than a stream has
        try:
            with tarfile.open(fileobj=source, mode="r|", bufsize=_PIECE) as archive:
                while True:
                    source.budget = _HEADER
                    member = archive.next()
                    if member is None:
                        break
                    source.budget = None
                    self._member(archive, member, on_bytes)
                    archive.members = []  # type: ignore[attr-defined]  # not in its stubs; else it remembers them all
            source.drain()
        except (tarfile.TarError, EOFError, ValueError, OverflowError) as error:
            raise Failed("machine.stream_bad", reason=str(error) or "?") from error
        if self._is_directory is None:
            raise Failed("machine.stream_bad", reason="empty")
        for parts, mode in reversed(self._modes):
            with told(self._told(parts)), self._folder(parts) as folder:
                os.fchmod(folder, mode)

    def _member(
        self, archive: tarfile.TarFile, member: tarfile.TarInfo, on_bytes: Callable[[int], object]
    ) -> None:
        parts = [part for part in member.name.split("/") if part not in ("", ".")]
        if self._is_directory is None:
            self._is_directory = member.isdir() and not parts
            if not self._is_directory and not member.isreg():
                raise Failed("machine.stream_bad", reason="neither file nor directory")
        elif not self._is_directory:
            raise Failed("machine.stream_bad", reason="more than one file")
        if not self._is_directory:
            parts = [TOP_FILE]
        elif ".." in parts or member.name.startswith("/"):
            raise Failed("machine.stream_hostile", path=member.name)
        with told(self._told(parts)):
            self._make(archive, member, parts, on_bytes)

    def _make(
        self,
        archive: tarfile.TarFile,
        member: tarfile.TarInfo,
        parts: list[str],
        on_bytes: Callable[[int], object],
    ) -> None:
        if member.isdir():
            with self._folder(parts, make=True):
                self._modes.append((parts, member.mode & 0o777))
            return
        if not parts or not (member.isreg() or member.issym() or member.islnk()):
            self.skipped.append(member.name)
            return
        with self._folder(parts[:-1], make=True) as folder:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(parts[-1], dir_fd=folder)
            if member.issym():
                os.symlink(member.linkname, parts[-1], dir_fd=folder)
            elif member.islnk():
                self._link(member, parts[-1], folder)
            else:
                self._file(archive, member, os.open(parts[-1], _NEW, 0o600, dir_fd=folder), on_bytes)

    def _link(self, member: tarfile.TarInfo, name: str, folder: int) -> None:
        """A second name of what came before in the stream."""
        first = [part for part in member.linkname.split("/") if part not in ("", ".")]
        if ".." in first or not first or member.linkname.startswith("/"):
            raise Failed("machine.stream_hostile", path=member.linkname)
        with self._folder(first[:-1]) as there:
            os.link(first[-1], name, src_dir_fd=there, dst_dir_fd=folder, follow_symlinks=False)
        self.files += 1

    def _file(
        self,
        archive: tarfile.TarFile,
        member: tarfile.TarInfo,
        descriptor: int,
        on_bytes: Callable[[int], object],
    ) -> None:
        data: Any = archive.fileobj
        data.seek(member.offset_data)
        with open(descriptor, "wb", buffering=0) as file:
            for offset, size in _runs(member):
                file.seek(offset)
                _copy(data, file, size, on_bytes)
            file.truncate(member.size)
            os.fchmod(descriptor, member.mode & 0o777)
        self.files += 1
        self.bytes += member.size

    @contextlib.contextmanager
    def _folder(self, parts: Sequence[str], make: bool = False) -> Iterator[int]:
        """A descriptor of the directory of that path below ours; no part of it is a link."""
        folder = os.dup(self._root)
        try:
            for part in parts:
                if make:
                    with contextlib.suppress(FileExistsError):
                        os.mkdir(part, 0o700, dir_fd=folder)
                below = os.open(part, _FOLDER, dir_fd=folder)
                os.close(folder)
                folder = below
            yield folder
        finally:
            os.close(folder)

    def _told(self, parts: Sequence[str]) -> str:
        return os.path.join(self.path, *parts)

    def put(self) -> None:
        """To its place: a file over a file, a directory into a directory, never one over the other.

        Raises `Conflict("machine.file_exists")`, `Conflict("machine.file_kind")`.
        """
        with told(self.path):
            if not self._is_directory:
                self._put_file(self._root, TOP_FILE, self._parent, self._name)
                return
            if self._kind(self._parent, self._name) is not None:
                self._merge_into(self._parent, self._name, self._root)
                return
            # An empty one takes the place of the draft, which goes with the `with`.
            os.rename(self._draft, self._name, src_dir_fd=self._parent, dst_dir_fd=self._parent)
            os.mkdir(self._draft, 0o700, dir_fd=self._parent)

    def _put_file(self, source: int, name: str, folder: int, target: str) -> None:
        kind = self._kind(folder, target)
        if kind == stat.S_IFDIR:
            raise Conflict("machine.file_kind", path=self.path)
        if self._overwrite:
            os.rename(name, target, src_dir_fd=source, dst_dir_fd=folder)
            return
        try:
            os.link(name, target, src_dir_fd=source, dst_dir_fd=folder, follow_symlinks=False)
        except FileExistsError as error:
            raise Conflict("machine.file_exists", path=self.path) from error

    def _merge_into(self, folder: int, name: str, source: int) -> None:
        """What is in the directory `source` into the directory `name` of `folder`."""
        try:
            target = os.open(name, _FOLDER, dir_fd=folder)
        except OSError as error:  # a file, or a link, which is never followed
            raise Conflict("machine.file_kind", path=self.path) from error
        try:
            for entry in sorted(os.listdir(source)):
                if self._kind(source, entry) != stat.S_IFDIR:
                    self._put_file(source, entry, target, entry)
                elif self._kind(target, entry) is None:
                    os.rename(entry, entry, src_dir_fd=source, dst_dir_fd=target)
                else:
                    below = os.open(entry, _FOLDER, dir_fd=source)
                    try:
                        self._merge_into(target, entry, below)
                    finally:
                        os.close(below)
        finally:
            os.close(target)


TOP_FILE = "file"
"""What a single file is called in the draft."""


def _runs(member: tarfile.TarInfo) -> list[tuple[int, int]]:
    """Offset and length of the data of a file; what is between is a hole."""
    runs: list[tuple[int, int]] | None = getattr(member, "sparse", None)
    return [(0, member.size)] if runs is None else [(int(offset), int(size)) for offset, size in runs if size]


def _copy(source: IO[bytes], file: IO[bytes], size: int, on_bytes: Callable[[int], object]) -> None:
    left = size
    while left:
        piece = source.read(min(left, _PIECE))
        if not piece:
            raise EOFError("cut off")
        left -= len(piece)
        on_bytes(len(piece))
        if piece.count(0) == len(piece):
            file.seek(len(piece), os.SEEK_CUR)
            continue
        rest = memoryview(piece)
        while rest:
            rest = rest[file.write(rest) :]


class _Source:
    """The stream as a file, with a bound on what is read at once when it is set: a header may claim any length."""

    def __init__(self, stream: Iterator[bytes]) -> None:
        self.budget: int | None = _HEADER
        self._stream = stream
        self._rest = b""

    def drain(self) -> None:
        """What follows the archive's end is padding; whoever writes it has to come to its end, too."""
        self.budget = _HEADER
        while self.read(_PIECE):
            pass

    def read(self, size: int = -1) -> bytes:
        if self.budget is not None:
            self.budget -= size
            if self.budget < 0:
                raise tarfile.ReadError("a header without end")
        kept = [self._rest]
        have = len(self._rest)
        while have < size:
            piece = next(self._stream, b"")
            if not piece:
                break
            kept.append(piece)
            have += len(piece)
        whole = b"".join(kept)
        self._rest = whole[size:]
        return whole[:size]
