"""A machine that does nothing: it writes down, as lines for a shell, what a recipe asks of it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from innkeeper.machine import Result, local
from innkeeper.tools.programs import SEARCH

__all__ = ["Telling"]

_ALL = "*"


class Telling:
    """Stands in for a `Machine` while a recipe is told. What it is fed by standard input becomes documents beside the
    lines; all that a directory holds is said as `*`."""

    def __init__(self) -> None:
        self.lines = ["PATH=$PATH:/usr/sbin:/sbin"]
        self.documents: dict[str, str] = {}
        self.files = _Files(self.lines)

    @property
    def name(self) -> str:
        return local().name

    @property
    def is_root(self) -> bool:
        return local().is_root

    @property
    def state_dir(self) -> str:
        return local().state_dir

    def run(
        self,
        argv: Sequence[str],
        *,
        input: bytes | None = None,
        env: Mapping[str, str] | None = None,
        **_how: Any,
    ) -> Result:
        """Every program ends well and prints nothing; how it would be watched and bounded is no part of the line."""
        told = [f"{key}={value}" for key, value in (env or {}).items() if SEARCH.get(key) != value]
        line = " ".join(map(_word, [*(["env", *told] if told else []), *argv]))
        if input is not None:
            document = f"input-{len(self.documents) + 1}"
            self.documents[document] = input.decode()
            line += f" < {document}"
        self.lines.append(line)
        return Result(0, b"", b"")

    def lock(self, name: str, owner: str) -> AbstractContextManager[None]:
        return nullcontext()

    def lock_all(self, names: Sequence[str], owner: str) -> AbstractContextManager[None]:
        return nullcontext()


def _word(word: str) -> str:
    """Quoted, but for a `*` that stands for all files of a directory."""
    folder, star, rest = word.rpartition(_ALL)
    return f"{shlex.quote(folder)}*" if star and not rest and folder.endswith("/") else shlex.quote(word)


class _Files:
    """Looking is done here, since nothing is made: what a recipe finds on this computer is what it is told with."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def exists(self, path: str) -> bool:
        return local().files.exists(path)

    def size(self, path: str) -> int:
        return local().files.size(path)

    def modified(self, path: str) -> float:
        return local().files.modified(path)

    def read(self, path: str, offset: int = 0, limit: int | None = None) -> bytes:
        return local().files.read(path, offset, limit)

    def write(self, path: str, data: bytes, mode: int = 0o644) -> None:
        self._lines.append(f"printf %s {shlex.quote(data.decode())} > {shlex.quote(path)}")

    def append(self, path: str, data: bytes) -> None:
        self._lines.append(f"printf %s {shlex.quote(data.decode())} >> {shlex.quote(path)}")

    def remove(self, path: str) -> None:
        self._lines.append(shlex.join(["rm", "-f", path]))

    def make_dir(self, path: str, mode: int = 0o755) -> None:
        self._lines.append(shlex.join(["mkdir", "-p", path]))

    def remove_tree(self, path: str) -> None:
        self._lines.append(shlex.join(["rm", "-rf", path]))

    def list(self, path: str) -> list[str]:
        return [_ALL]
