"""Files and directories into a guest and out of it, as tar streams through whichever shell leads there.

On both sides all is made under a temporary name beside its place, and renamed when it is whole: whoever looks sees the
old or the new, also after an interruption. Modes are kept; owners and times are not, as with cp. Directories go along
with what is in them, into one of the same name where there is one.
"""

from __future__ import annotations

import os
import posixpath
import time
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from innkeeper.errors import Conflict, Denied, Failed, Invalid, NotFound, Unsupported
from innkeeper.guest.within.executing import choose
from innkeeper.guest.within.shells import Pieces, Shell
from innkeeper.schema.guest_agent import Copied, GuestCp
from innkeeper.verbs import Plan, Verb

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.machine.packing import Pack
    from innkeeper.operation import Operation

__all__ = ["VERBS", "Job", "copy", "packs_of"]

_MISSING, _DENIED, _KIND, _EXISTS, _NO_PARENT, _CUT = 44, 43, 42, 41, 40, 39
_NO_TAR = 38
_MOST_SAID = 4096
"""Bytes of what the guest's tar complains about that are kept."""

_GIVE = (
    f"command -v tar >/dev/null || exit {_NO_TAR}\n"
    f'[ -e "$1" ] || exit {_MISSING}; [ -r "$1" ] || exit {_DENIED}\n'
    "s=; tar --version 2>/dev/null | grep -q GNU && s=-S\n"
    'if [ -d "$1" ]; then tar -c $s -f - -C "$1" .; r=$?\n'
    f'elif [ -f "$1" ]; then tar -c -h $s -f - -C "$2" "./$3"; r=$?; else exit {_KIND}; fi\n'
    '[ "$s" ] || [ $r = 0 ] || r=2; exit $r'
)
"""Path, its directory, its name. GNU's tar does not send the holes of files; its status 1 says that a file was written
to meanwhile, as logs are."""

_TAKE = (
    f"command -v tar >/dev/null || exit {_NO_TAR}\n"
    "to=$1 name=$2 kind=$3 keep=$4 holes=$5\n"
    f'if [ -d "$to" ]; then to=${{to%/}}/$name; else case $to in */) exit {_NO_PARENT};; esac; fi\n'
    'up=${to%/*}; [ "$up" ] || up=/\n'
    f'[ -d "$up" ] || exit {_NO_PARENT}; [ -w "$up" ] || exit {_DENIED}\n'
    'there() { [ -e "$1" ] || [ -L "$1" ]; }; tree() { [ -d "$1" ] && ! [ -L "$1" ]; }\n'
    f'if [ "$keep" ] && there "$to"; then exit {_EXISTS}; fi\n'
    f'if [ "$kind" = file ]; then if [ -d "$to" ]; then exit {_KIND}; fi\n'
    f'elif there "$to" && ! tree "$to"; then exit {_KIND}; fi\n'
    'new=$(mktemp -d "$up/.inn-XXXXXX") || exit 1\n'
    "trap 'rm -rf \"$new\"' EXIT; trap 'exit 1' HUP INT TERM PIPE\n"
    'tar -xpomf - -C "$new" || exit 1\n'
    f'[ -e "$new/end" ] || exit {_CUT}\n'
    'if [ "$holes" ] && command -v fallocate >/dev/null; then '
    'find "$new/whole" -type f -exec fallocate -d {} \\;; fi\n'
    'put() { if tree "$1" && tree "$2"; then '
    'for e in "$1"/* "$1"/.[!.]* "$1"/..?*; do there "$e" || continue; put "$e" "$2/${e##*/}"; done\n'
    f'elif [ -d "$2" ] || {{ tree "$1" && there "$2"; }}; then exit {_KIND}; else mv -f "$1" "$2" || exit 1; fi; }}\n'
    'put "$new/whole" "$to"; printf "%s\\n" "$to"'
)
"""Target, the source's name, `file` or `directory`, whether what is there is kept, whether to look for holes. The
member `end` is the last: a stream that was cut off lacks it."""


class Job(NamedTuple):
    """What is copied by which way: `packs` are the sources that go into the guest."""

    shell: Shell
    packs: list[Pack]


def _check(host: Host, request: GuestCp) -> Job:
    packs = packs_of(request)
    return Job(choose(host, request.name, request.user, request.via, files=True), packs)


def packs_of(request: GuestCp) -> list[Pack]:
    """What of this computer goes into the guest. Raises what speaks against its side of the copy."""
    for path in (*request.sources, request.target):
        if not path or "\0" in path:
            raise Invalid("request.empty" if not path else "guest.exec_nul", field="path")
    packs: list[Pack] = []
    if request.to_guest:
        from innkeeper.machine.packing import Pack

        packs = [Pack(path) for path in request.sources]
        for path in request.sources:
            if os.path.abspath(path) == "/":
                raise Invalid("guest.cp_no_name", path=path)
    else:
        _local_place(request, posixpath.basename(_plain(request.sources[0])))
    return packs


def _run(_host: Host, request: GuestCp, operation: Operation) -> Copied:
    return copy(request, operation)


def copy(request: GuestCp, operation: Operation) -> Copied:
    """Copy what `operation.decided`, a `Job`, says."""
    job: Job = operation.decided
    copied = _Progress(job.shell, operation, sum(pack.bytes for pack in job.packs))
    if request.to_guest:
        for path, pack in zip(request.sources, job.packs, strict=True):
            _give(request, path, pack, copied)
    else:
        for path in request.sources:
            _fetch(request, path, copied)
    return copied.view()


class _Progress:
    """What was copied so far."""

    def __init__(self, shell: Shell, operation: Operation, total: int) -> None:
        self.shell = shell
        self.paths: list[str] = []
        self.files = self.bytes = 0
        self.skipped: list[str] = []
        self._operation, self._total = operation, total
        self._passed, self._told = 0, 0.0

    def on_bytes(self, count: int) -> None:
        """So many more went by."""
        self._passed += count
        now = time.monotonic()
        if now - self._told >= 0.2:
            self._told = now
            fraction = min(self._passed / self._total, 1.0) if self._total else None
            self._operation.progress("guest.progress.copying", fraction, size=_size(self._passed))
            self._operation.check_cancel()

    def view(self) -> Copied:
        return Copied(
            name=self.shell.name,
            way=self.shell.way,
            user=self.shell.user,
            paths=tuple(self.paths),
            files=self.files,
            bytes=self.bytes,
            skipped=tuple(self.skipped),
        )


def _size(count: int) -> str:
    from innkeeper.schema.sizes import format_size

    return format_size(count)


def _give(request: GuestCp, path: str, pack: Pack, copied: _Progress) -> None:
    """Into the guest."""
    words = [
        _TAKE,
        "sh",
        _guest_path(request.target, many=len(request.sources) > 1),
        os.path.basename(os.path.abspath(path)),
        "directory" if pack.is_directory else "file",
        "" if request.overwrite else "keep",
        "holes" if pack.has_holes else "",
    ]
    run = copied.shell.run(["sh", "-c", *words], {}, pack.pieces(copied.on_bytes), None)
    status, out, err = _drained(run)
    if status != 0:
        _refuse(request.name, request.target, status, err)
    copied.paths.append(out.decode(errors="replace").strip())
    copied.files += pack.files
    copied.bytes += pack.bytes
    copied.skipped += pack.skipped


def _drained(run: Pieces) -> tuple[int, bytes, bytes]:
    said = {1: b"", 2: b""}
    with closing(run):
        caught = _Caught(run)
        for stream, piece in caught:
            said[stream] = (said[stream] + piece)[:_MOST_SAID]
    return caught.status, said[1], said[2]


class _Caught:
    """Iterates over a run and keeps the status that it ends with."""

    def __init__(self, run: Pieces) -> None:
        self._run = run
        self.status = 0

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        self.status = yield from self._run


def _fetch(request: GuestCp, path: str, copied: _Progress) -> None:
    """Out of the guest."""
    from innkeeper.machine.unpacking import Unpack

    plain = _plain(path)
    folder, name = posixpath.split(plain)
    where = _guest_path(plain)
    words = [_GIVE, "sh", where, _guest_path(folder or "."), name]
    parent, local_name = _local_place(request, name)
    run = copied.shell.run(["sh", "-c", *words], {}, None, None)
    with Unpack(parent, local_name, request.overwrite) as unpack, closing(run):
        caught, said = _Caught(run), bytearray()
        try:
            unpack.take(_stdout(caught, said), copied.on_bytes)
        except Failed as error:
            if caught.status > 1 and error.code == "machine.stream_bad":
                _refuse(request.name, path, caught.status, bytes(said))
            raise
        if caught.status > 1:
            _refuse(request.name, path, caught.status, bytes(said))
        unpack.put()
    copied.paths.append(unpack.path)
    copied.files += unpack.files
    copied.bytes += unpack.bytes
    copied.skipped += unpack.skipped


def _stdout(caught: _Caught, said: bytearray) -> Iterator[bytes]:
    """What came on standard output; the beginning of what was said on the other is kept beside."""
    for stream, piece in caught:
        if stream == 1 and piece:
            yield piece
        elif len(said) < _MOST_SAID:
            said.extend(piece)


def _plain(path: str) -> str:
    """Without the slashes at its end, which say nothing of a source."""
    return path.rstrip("/") or "/"


def _guest_path(path: str, many: bool = False) -> str:
    """So that it is no option, and, for one of many sources, so that the target has to be a directory."""
    plain = path if path.startswith("/") or path == "." else f"./{path}"
    return f"{plain.rstrip('/')}/" if many else plain


def _local_place(request: GuestCp, name: str) -> tuple[str, str]:
    """Directory and name on this computer of what is called `name` in the guest: inside the target when that is a
    directory, else the target itself."""
    target = request.target
    if os.path.isdir(target):
        if name in ("", ".", "..", "/"):
            raise Invalid("guest.cp_no_name", path=target)
        return target, name
    if target.endswith("/") or len(request.sources) > 1:
        raise NotFound("guest.cp_no_directory", path=target)
    parent, own = os.path.split(target)
    if not os.path.isdir(parent or "."):
        raise NotFound("guest.cp_no_directory", path=parent)
    return parent or ".", own


def _refuse(name: str, path: str, status: int, said: bytes) -> NoReturn:
    """What the status of our scripts means."""
    lines = said.decode(errors="replace").strip().splitlines()
    detail = lines[0] if lines else f"status {status}"
    match status:
        case 44:
            raise NotFound("guest.cp_missing", name=name, path=path)
        case 43:
            raise Denied("guest.cp_denied", name=name, path=path)
        case 42:
            raise Conflict("guest.cp_kind", name=name, path=path)
        case 41:
            raise Conflict("guest.cp_exists", name=name, path=path)
        case 40:
            raise NotFound("guest.cp_no_directory", path=f"{name}:{path}")
        case 38:
            raise Unsupported("guest.cp_no_tar", name=name)
    raise Failed("guest.cp_failed", name=name, path=path, detail=detail)


def _plan(_host: Host, request: GuestCp, job: Job) -> Plan:
    from innkeeper.guest.within import copy_plans

    return copy_plans.plan(request, job.shell, job.packs)


VERBS = {"guest.cp": Verb("guest.cp", GuestCp, Copied, _check, _run, plan=_plan)}
