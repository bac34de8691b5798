"""This computer.

What only running a program or writing a file needs is imported there: `inn list` does neither, and is counted in
milliseconds.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import IO, TYPE_CHECKING

from innkeeper.errors import Busy, Denied, Failed, NotFound, Unsupported
from innkeeper.machine.base import Limits, Result

if TYPE_CHECKING:
    import subprocess

__all__ = ["LocalMachine", "local"]


class LocalFiles:
    """Files of this computer."""

    def exists(self, path: str) -> bool:
        return os.path.exists(path)

    def size(self, path: str) -> int:
        with _told(path):
            return os.stat(path).st_size

    def room(self, path: str) -> int:
        """Bytes that are free in the file system there, for whoever is no root too."""
        with _told(path):
            found = os.statvfs(path)
        return found.f_bavail * found.f_frsize

    def modified(self, path: str) -> float:
        with _told(path):
            return os.stat(path).st_mtime

    def read(self, path: str, offset: int = 0, limit: int | None = None) -> bytes:
        with _told(path), open(path, "rb") as file:
            file.seek(offset)
            return file.read(-1 if limit is None else limit)

    def write(self, path: str, data: bytes, mode: int = 0o644) -> None:
        import tempfile

        with _told(path):
            descriptor, draft = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".inn-")
            try:
                with open(descriptor, "wb") as file:
                    os.fchmod(descriptor, mode)
                    file.write(data)
                    file.flush()
                    os.fsync(descriptor)
                os.replace(draft, path)
            except BaseException:
                os.unlink(draft)
                raise
            _sync_directory(path)

    def append(self, path: str, data: bytes) -> None:
        with _told(path), open(path, "ab") as file:
            new = file.tell() == 0
            file.write(data)
            file.flush()
            os.fdatasync(file.fileno())
            if new:
                _sync_directory(path)

    def remove(self, path: str) -> None:
        with _told(path), contextlib.suppress(FileNotFoundError):
            os.unlink(path)

    def make_dir(self, path: str, mode: int = 0o755) -> None:
        with _told(path):
            os.makedirs(path, mode, exist_ok=True)

    def remove_tree(self, path: str) -> None:
        import shutil

        with _told(path), contextlib.suppress(FileNotFoundError):
            _refuse_mounts(path)
            shutil.rmtree(path)

    def list(self, path: str) -> list[str]:
        with _told(path), contextlib.suppress(FileNotFoundError, NotADirectoryError):
            return sorted(os.listdir(path))
        return []

    def open(self, path: str) -> IO[bytes]:
        """For reading piece by piece; only this computer's files can be."""
        with _told(path):
            return open(path, "rb")

    def create(self, path: str, mode: int = 0o600) -> IO[bytes]:
        """A new file for writing piece by piece. Raises `Failed("machine.file_failed")` when it exists."""
        with _told(path):
            return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode), "wb")

    def grow(self, path: str, mode: int = 0o600) -> IO[bytes]:
        """For reading and writing anywhere in it, unbuffered; made when it is missing. No link is followed."""
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        with _told(path):
            return open(os.open(path, flags, mode), "r+b", buffering=0)

    def rename(self, path: str, new: str) -> None:
        """Another name in the same file system; what has that name is replaced."""
        with _told(path):
            os.replace(path, new)
            _sync_directory(new)

    def link(self, path: str, new: str) -> None:
        """A second name in the same file system, for a file that may lose its first."""
        with _told(path):
            os.link(path, new)


class LocalMachine:
    """This computer, as the user that runs Innkeeper."""

    name = "local"

    def __init__(self) -> None:
        self.is_root = os.geteuid() == 0
        self.files = LocalFiles()

    @property
    def state_dir(self) -> str:
        return _directory("INNKEEPER_STATE_DIR", "/var/lib/innkeeper", "XDG_STATE_HOME", "~/.local/state")

    @property
    def runtime_dir(self) -> str:
        """Where locks are: gone after a reboot, as their holders are."""
        own = f"/run/user/{os.geteuid()}"  # a login over ssh may lack XDG_RUNTIME_DIR, and must meet the same locks
        fallback = own if os.access(own, os.W_OK) else "~/.cache"
        return _directory("INNKEEPER_RUNTIME_DIR", "/run/innkeeper", "XDG_RUNTIME_DIR", fallback)

    def run(
        self,
        argv: Sequence[str],
        *,
        input: bytes | None = None,
        check: bool = True,
        timeout: float | None = None,
        env: Mapping[str, str] | None = None,
        on_line: Callable[[str], None] | None = None,
        limits: Limits | None = None,
    ) -> Result:
        import subprocess

        child = _start(argv, env, limits, with_input=input is not None)
        try:
            stdout, stderr = _talk(child, input, timeout, on_line)
        except subprocess.TimeoutExpired as error:
            raise Failed("machine.command_timeout", program=argv[0], seconds=timeout) from error
        finally:
            _end(child)
        result = Result(child.returncode, stdout, stderr)
        if check and result.status != 0:
            raise Failed(
                "machine.command_failed", program=argv[0], status=result.status, detail=result.last_line
            )
        return result

    def attend(self, argv: Sequence[str]) -> int:
        """Run a program on this terminal to its end; its exit status. ^C is for it alone.

        Raises `Unsupported("machine.program_missing")`.
        """
        import signal
        import subprocess

        before = signal.signal(signal.SIGINT, lambda *_: None)  # unlike SIG_IGN it is not handed down
        try:
            return subprocess.run(list(argv), check=False).returncode
        except FileNotFoundError as error:
            raise Unsupported("machine.program_missing", program=argv[0]) from error
        finally:
            signal.signal(signal.SIGINT, before)

    def replace_process(self, argv: Sequence[str]) -> None:
        """Become that program, terminal and all. Raises `Unsupported("machine.program_missing")`."""
        try:
            os.execvp(argv[0], list(argv))
        except FileNotFoundError as error:
            raise Unsupported("machine.program_missing", program=argv[0]) from error

    @contextlib.contextmanager
    def lock(self, name: str, owner: str) -> Iterator[None]:
        directory = f"{self.runtime_dir}/locks"
        self.files.make_dir(directory, 0o700)
        path = f"{directory}/{name}"
        with _told(path):
            descriptor = _locked_file(path, name)
        try:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, owner.encode(errors="replace"), 0)
            yield
        finally:
            self.files.remove(path)
            os.close(descriptor)

    @contextlib.contextmanager
    def lock_all(self, names: Sequence[str], owner: str) -> Iterator[None]:
        with contextlib.ExitStack() as held:
            for name in names:
                held.enter_context(self.lock(name, owner))
            yield


@cache
def local() -> LocalMachine:
    """The one LocalMachine of this process."""
    return LocalMachine()


def _directory(override: str, of_root: str, xdg: str, fallback: str) -> str:
    if os.environ.get(override):
        return os.environ[override]
    if os.geteuid() == 0:
        return of_root
    return f"{os.environ.get(xdg) or os.path.expanduser(fallback)}/innkeeper"


@contextlib.contextmanager
def _told(path: str) -> Iterator[None]:
    """Errors of the operating system about a path, as ours."""
    try:
        yield
    except FileNotFoundError as error:
        raise NotFound("machine.file_missing", path=path) from error
    except PermissionError as error:
        raise Denied("machine.file_denied", path=path) from error
    except OSError as error:
        raise Failed("machine.file_failed", path=path, reason=error.strerror or str(error)) from error
    except ValueError as error:  # a NUL in the path
        raise Failed("machine.file_failed", path=path, reason=str(error)) from error


def _sync_directory(path: str) -> None:
    """A new file is on disk only when its name is too (fsync(2))."""
    descriptor = os.open(os.path.dirname(path) or os.curdir, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOSYS):  # a file system that knows no such thing
            raise
    finally:
        os.close(descriptor)


def _refuse_mounts(tree: str) -> None:
    """What is mounted below a tree is not of it. The kernel is asked, for bind mounts have no device of their own."""
    inside = os.fsencode(os.path.realpath(tree)) + b"/"
    with open("/proc/self/mounts", "rb") as mounts:
        for line in mounts:  # proc(5): blanks in a path are written as octal escapes
            point = line.split()[1].decode("unicode_escape").encode("latin-1")
            if point.startswith(inside):
                raise OSError(errno.EBUSY, f"{os.fsdecode(point)} is mounted in it")


def _locked_file(path: str, name: str) -> int:
    """An open, locked file at `path`. The holder unlinks it at the end, so what was locked must still be there."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(descriptor, 4096, 0).decode(errors="replace") or "?"
            os.close(descriptor)
            raise Busy("operation.busy", name=name.partition(":")[2] or name, owner=owner) from None
        with contextlib.suppress(FileNotFoundError):
            if os.stat(path).st_ino == os.fstat(descriptor).st_ino:
                return descriptor
        os.close(descriptor)


def _start(
    argv: Sequence[str], env: Mapping[str, str] | None, limits: Limits | None, with_input: bool
) -> subprocess.Popen[bytes]:
    import resource
    import shutil
    import subprocess

    def bound() -> None:
        assert limits is not None
        if limits.cpu_seconds is not None:
            resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds))
        if limits.memory_bytes is not None:
            resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))

    program = shutil.which(argv[0], path=(env or {}).get("PATH"))
    if program is None:
        raise Unsupported("machine.program_missing", program=argv[0])
    # setpriv asks the kernel to kill the child when we die: no program goes on working for an operation that is gone.
    tied = ("setpriv", "--pdeathsig", "KILL", "--") if shutil.which("setpriv") else ()
    try:
        return subprocess.Popen(
            [*tied, program, *argv[1:]],
            stdin=subprocess.PIPE if with_input else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "LC_ALL": "C.UTF-8", **(env or {})},
            preexec_fn=bound if limits else None,
            start_new_session=True,
        )
    except PermissionError as error:
        raise Denied("machine.file_denied", path=argv[0]) from error


def _talk(
    child: subprocess.Popen[bytes],
    input: bytes | None,
    timeout: float | None,
    on_line: Callable[[str], None] | None,
) -> tuple[bytes, bytes]:
    if on_line is None:
        return child.communicate(input, timeout)
    import selectors
    import subprocess
    import time

    assert input is None, "nobody needs both: a program that is fed and watched line by line"
    assert child.stdout is not None
    assert child.stderr is not None
    out, err = _Lines(child.stdout, on_line), _Lines(child.stderr, on_line)
    deadline = time.monotonic() + timeout if timeout else None
    with selectors.DefaultSelector() as selector, child.stdout, child.stderr:
        for lines in (out, err):
            selector.register(lines.stream, selectors.EVENT_READ, lines)
        while selector.get_map():
            left = deadline - time.monotonic() if deadline else None
            ready = selector.select(left) if left is None or left > 0 else []
            if not ready:
                raise subprocess.TimeoutExpired(child.args, timeout or 0)
            for key, _events in ready:
                if not key.data.take():
                    selector.unregister(key.fileobj)
    child.wait(max(deadline - time.monotonic(), 0) if deadline else None)
    return bytes(out.kept), bytes(err.kept)


class _Lines:
    """What a program prints on one stream. A progress display ends its lines with a carriage return alone."""

    def __init__(self, stream: IO[bytes], tell: Callable[[str], None]) -> None:
        self.stream = stream
        self.kept = bytearray()
        self._tell = tell
        self._rest = b""

    def take(self) -> bool:
        """Read what there is and tell its whole lines; False at the end, when the last one is told too."""
        fresh = os.read(self.stream.fileno(), 65536)
        self.kept += fresh
        *lines, self._rest = (self._rest + fresh).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        if not fresh and self._rest:
            lines.append(self._rest)
        for line in lines:
            self._tell(line.decode(errors="replace"))
        return bool(fresh)


def _end(child: subprocess.Popen[bytes]) -> None:
    """No child outlives the call, nor do its children, also when the child itself ended before them."""
    import signal

    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for pipe in (child.stdin, child.stdout, child.stderr):
        with contextlib.suppress(BrokenPipeError):  # what it did not read before it ended
            if pipe:
                pipe.close()
