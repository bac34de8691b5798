"""xz, gzip, bzip2, zstd, tar: the one file that was packed, into a file with holes where it is empty.

What was packed is of whoever: it may be made to unpack to more than any disk has. Memory, time and length are bounded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

from innkeeper.errors import Conflict, Failed
from innkeeper.machine import local
from innkeeper.machine.packing import told
from innkeeper.machine.pouring import Running, running

__all__ = ["command", "programs_of", "unpack"]

_COMMANDS = {
    "xz": ["xz", "--decompress", "--stdout", "--memlimit-decompress=1GiB"],
    "gz": ["gzip", "--decompress", "--stdout"],
    "bz2": ["bzip2", "--decompress", "--stdout"],
    "zst": ["zstd", "--decompress", "--stdout", "--quiet", "--memory=1024MB"],
    "tar": ["tar"],
    "tar.xz": ["tar", "--xz"],
    "tar.gz": ["tar", "--gzip"],
}
_PACKAGES = {"xz": "xz-utils", "gz": "gzip", "bz2": "bzip2", "zst": "zstd", "tar": "tar"}
_BOUNDS = ["prlimit", f"--as={4 << 30}", f"--cpu={4 * 3600}"]
_PIECE = 1 << 20
_EMPTY = bytes(_PIECE)


def programs_of(packing: str) -> dict[str, str]:
    """Program → package (as on Debian) that it needs."""
    return {_COMMANDS[one][0]: _PACKAGES[one] for one in packing.split(".")} | {"prlimit": "util-linux"}


def command(packing: str, member: str | None) -> list[str]:
    """What unpacks its standard input to its standard output; tar names each file on stderr."""
    argv = _COMMANDS[packing]
    if argv[0] != "tar":
        return argv
    chosen = ["--no-anchored", "--", member] if member else []
    return [*argv, "--extract", "--to-stdout", "--verbose", "--quoting-style=escape", "--file=-", *chosen]


def unpack(
    path: str, packing: str, member: str | None, target: str, most: int, on_fraction: Callable[[float], None]
) -> None:
    """The file that was packed as `path`, into the new file `target`; of a tar its only file, or the `member` of that
    name in whatever folder. `on_fraction` is told how far it is, 0 to 1, and may raise.

    Raises `Conflict("unpack.too_large")` for more than `most` bytes, `Conflict("unpack.members")`, and
    `Failed("unpack.failed")`.
    """
    whole = local().files.size(path)
    with local().files.open(path) as source, local().files.create(target) as file:

        def tell() -> None:
            # the program reads by our descriptor: where it is, is where it has got
            on_fraction(min(source.raw.tell() / whole, 1.0) if whole else 1.0)  # type: ignore[attr-defined]  # buffered

        with running([*_BOUNDS, *command(packing, member)], source=source, on_wait=tell) as program:
            if not _write(program, file, target, most, tell):
                raise Conflict("unpack.too_large", path=path, most=most)
            status = program.status()
            said = program.said.decode(errors="replace").splitlines()
        if status != 0:
            raise Failed(
                "unpack.failed", path=path, packing=packing, detail=said[-1] if said else f"status {status}"
            )
    if packing.startswith("tar"):
        names = [line for line in said if not line.endswith("/")]
        if len(names) != 1:
            raise Conflict("unpack.members", path=path, count=len(names), member=member or "-")


def _write(program: Running, file: IO[bytes], path: str, most: int, tell: Callable[[], None]) -> bool:
    """False when it is more than that."""
    length = 0
    while piece := program.read(_PIECE):
        length += len(piece)
        if length > most:
            return False
        with told(path):
            if piece == _EMPTY[: len(piece)]:
                file.seek(length)
            else:
                file.write(piece)
        tell()
    with told(path):
        file.truncate(length)
    return True
