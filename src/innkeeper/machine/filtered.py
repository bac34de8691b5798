"""Long streams between a file or pipe of this computer and a program that packs or unpacks them."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import secrets
import shutil
import stat
import subprocess
import threading
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Self

from innkeeper.errors import Conflict, Failed, Invalid, Unsupported
from innkeeper.machine.extents import StreamWriter
from innkeeper.machine.packing import told
from innkeeper.machine.streaming import STDOUT, carried, start

__all__ = ["PIPE", "Outgoing", "draft_name", "incoming", "is_terminal", "refuse_taken"]

PIPE = "-"
"""Stands for standard input or output instead of a path."""
_PIPE_SIZE, _PIECE = 1 << 20, 1 << 20
_PAUSE, _FLUSHED = 0.05, 64 << 20
"""Seconds between two looks at how much was written, and bytes after which it is brought to the disk."""
_SET_PIPE_SIZE = getattr(fcntl, "F_SETPIPE_SZ", 1031)
_MAGIC = ((b"\x28\xb5\x2f\xfd", ("zstd", "-dcq")), (b"\x1f\x8b", ("gzip", "-dcq")))


def is_terminal(descriptor: int) -> bool:
    """Whether somebody would have the bytes on a screen."""
    return os.isatty(descriptor)


class Outgoing:
    """A file that appears whole when `finish` returns, or standard output; `argv` packs what is written.

    Use it in a `with`: what is not finished is gone. `draft` is the name that the file has until then.
    """

    def __init__(self, path: str, draft: str | None, argv: Sequence[str]) -> None:
        """Raises `Conflict("machine.file_exists")`, `NotFound`, `Denied` or `Failed` of `machine.file_…`,
        `Unsupported("machine.program_missing")`."""
        self._path, self._draft = path, draft
        self._child: subprocess.Popen[bytes] | None = None
        if path != PIPE:
            refuse_taken(path)
            assert draft is not None
            with told(draft):
                self._end = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        else:
            self._end = os.dup(1)
        self._into = self._end
        self._flusher: _Flusher | None = None
        self._stream: StreamWriter | None = None
        try:
            if draft and argv:
                self._flusher = _Flusher(self._end)
            elif draft:
                self._stream = StreamWriter(draft, path)
            if argv:
                self._child = start(argv, subprocess.PIPE, self._end)
                assert self._child.stdin is not None
                self._into = self._child.stdin.fileno()
                _widen(self._into)
        except BaseException:
            self._close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._close()

    def write(self, data: bytes | memoryview) -> None:
        """All of it. Raises `Failed("machine.reader_gone")` where a pipe's other end was closed."""
        if self._stream:
            self._stream.write(data)
            return
        rest = memoryview(data)
        with self._told():
            while rest:
                rest = rest[os.write(self._into, rest) :]

    def finish(self) -> None:
        """It is on disk, under its name. Raises `Conflict("machine.file_exists")` when somebody was quicker."""
        self._end_program()
        if self._path == PIPE:
            return
        assert self._draft is not None
        with told(self._path):
            if self._flusher:
                self._flusher.end()
            if self._stream:
                self._stream.finish()
            os.fsync(self._end)
            _appear(self._draft, self._path)
        self._draft = None

    def _end_program(self) -> None:
        child = self._child
        if child is None:
            return
        assert child.stdin is not None
        with self._told():
            child.stdin.close()
        assert child.stderr is not None
        with child.stderr:
            words = child.stderr.read().decode(errors="replace").strip().splitlines()
        status = child.wait()
        if status != 0:
            raise Failed("machine.file_failed", path=self._path, reason=words[-1] if words else str(status))
        self._child = None

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError as error:
            if self._path == PIPE:
                raise Failed("machine.reader_gone") from error
            assert self._child is not None
            assert self._child.stderr is not None
            self._child.wait()
            reason = self._child.stderr.read().decode(errors="replace").strip() or "?"
            raise Failed("machine.file_failed", path=self._path, reason=reason) from error
        except OSError as error:
            reason = error.strerror or str(error)
            raise Failed("machine.file_failed", path=self._path, reason=reason) from error

    def _close(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stderr):
                with contextlib.suppress(BrokenPipeError):
                    if pipe:
                        pipe.close()
        if self._flusher:
            self._flusher.end()
        if self._stream:
            self._stream.__exit__()
        os.close(self._end)
        if self._draft is not None:
            with told(self._path), contextlib.suppress(FileNotFoundError):
                os.unlink(self._draft)


class _Flusher:
    """Has what was written so far brought to the disk while more is written: at the end little is left to wait for."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        flushed = 0
        while not self._over.wait(_PAUSE):
            size = os.fstat(self._file).st_size
            if size - flushed >= _FLUSHED:
                flushed = size
                with contextlib.suppress(OSError):  # the last fsync tells what is wrong
                    os.fdatasync(self._file)

    def end(self) -> None:
        self._over.set()
        self._thread.join()


def draft_name(path: str) -> str:
    """A name beside a file, for its content until it is whole."""
    return os.path.join(os.path.dirname(path), f".inn-{secrets.token_hex(8)}")


def incoming(path: str) -> Iterator[bytes]:
    """The bytes of a file or of standard input as they come, unpacked by what the first of them say.

    Raises `NotFound`, `Denied` or `Failed` of `machine.file_…`, `Unsupported("machine.program_missing")`, and
    `Invalid("machine.unpacking")` at the end of what is damaged or cut off.
    """
    with told(path):
        file = os.dup(0) if path == PIPE else os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if stat.S_ISDIR(os.fstat(file).st_mode):
            raise Invalid("machine.unpacking", path=path, reason=os.strerror(errno.EISDIR))
        packed = _from(path, file)
        first = next(packed, b"")
        argv = next((argv for magic, argv in _MAGIC if first.startswith(magic)), None)
        if argv is None:
            yield from chain([first], packed)
        elif shutil.which(argv[0]) is None:
            raise Unsupported("machine.program_missing", program=argv[0])
        else:
            yield from _unpacked(path, argv, chain([first], packed))
    finally:
        os.close(file)


def _from(path: str, file: int) -> Iterator[bytes]:
    while True:
        with told(path):
            piece = os.read(file, _PIECE)
        if not piece:
            return
        yield piece


def _unpacked(path: str, argv: Sequence[str], packed: Iterator[bytes]) -> Iterator[bytes]:
    errors = bytearray()
    program = carried(argv, packed)
    try:
        while True:
            stream, piece = next(program)
            if stream == STDOUT:
                yield piece
            elif len(errors) < _PIECE:
                errors += piece
    except StopIteration as end:
        if end.value != 0:
            words = errors.decode(errors="replace").strip().splitlines()
            raise Invalid("machine.unpacking", path=path, reason=words[-1] if words else "?") from None
    finally:
        program.close()


def refuse_taken(path: str) -> None:
    """Raises `Conflict("machine.file_exists")`."""
    if os.path.lexists(path):
        raise Conflict("machine.file_exists", path=path)


def _appear(draft: str, path: str) -> None:
    """Under its name, if nothing else got that meanwhile: a rename would replace it silently."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise Conflict("machine.file_exists", path=path) from None
    except OSError:  # a file system without links
        refuse_taken(path)
        os.rename(draft, path)
    else:
        os.unlink(draft)
    folder = os.open(os.path.dirname(path) or os.curdir, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with contextlib.suppress(OSError):  # a file system that knows no such thing
            os.fsync(folder)
    finally:
        os.close(folder)


def _widen(pipe: int) -> None:
    with contextlib.suppress(OSError):  # more than this user may have
        fcntl.fcntl(pipe, _SET_PIPE_SIZE, _PIPE_SIZE)
