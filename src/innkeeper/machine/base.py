"""What a machine offers, whichever side of the network it is on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

__all__ = ["Files", "Limits", "Machine", "Result"]


class Result(NamedTuple):
    """How a program ended: exit status (negative: the signal that ended it) and what it printed."""

    status: int
    stdout: bytes
    stderr: bytes

    @property
    def last_line(self) -> str:
        """The last line it printed on stderr, or else on stdout: usually the one that says why."""
        for output in (self.stderr, self.stdout):
            lines = output.decode(errors="replace").strip().splitlines()
            if lines:
                return lines[-1].strip()
        return ""


class Limits(NamedTuple):
    """Bounds on a child process: seconds of CPU time and bytes of address space (setrlimit(2))."""

    cpu_seconds: int | None = None
    memory_bytes: int | None = None


class Files(Protocol):
    """Files of a machine, by absolute path."""

    def exists(self, path: str) -> bool: ...
    def size(self, path: str) -> int:
        """Bytes. Raises `NotFound("machine.file_missing")`."""
        ...

    def modified(self, path: str) -> float:
        """Seconds since the epoch. Raises `NotFound("machine.file_missing")`."""
        ...

    def read(self, path: str, offset: int = 0, limit: int | None = None) -> bytes:
        """Raises `NotFound("machine.file_missing")` or `Denied("machine.file_denied")`."""
        ...

    def write(self, path: str, data: bytes, mode: int = 0o644) -> None:
        """Replace the file whole: a reader sees the old or the new content, also after a crash."""
        ...

    def append(self, path: str, data: bytes) -> None:
        """Add to the end and wait until it is on disk."""
        ...

    def remove(self, path: str) -> None:
        """Missing is fine."""
        ...

    def make_dir(self, path: str, mode: int = 0o755) -> None:
        """With its parents; existing is fine."""
        ...

    def remove_tree(self, path: str) -> None:
        """Missing is fine; does not follow links or cross into another file system."""
        ...

    def list(self, path: str) -> list[str]:
        """Names in a directory, sorted; empty when there is no such directory."""
        ...


class Machine(Protocol):
    """A computer that can run programs and keep files for us."""

    @property
    def name(self) -> str: ...
    @property
    def is_root(self) -> bool: ...
    @property
    def files(self) -> Files: ...

    @property
    def state_dir(self) -> str:
        """Where Innkeeper keeps its own files there: /var/lib/innkeeper, or the user's XDG state directory."""
        ...

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
        """Run a program to its end. `on_line` gets each line of stdout and stderr as it comes.

        Raises `Unsupported("machine.program_missing")`, `Failed("machine.command_failed")` when `check` is set and the
        status is not 0, `Failed("machine.command_timeout")` after `timeout` seconds.
        """
        ...

    def lock(self, name: str, owner: str) -> AbstractContextManager[None]:
        """Hold the lock of that name; it goes with the process that holds it.

        Raises `Busy("operation.busy")` at once, naming the owner, when somebody else holds it.
        """
        ...

    def lock_all(self, names: Sequence[str], owner: str) -> AbstractContextManager[None]:
        """Hold them all, or none."""
        ...
