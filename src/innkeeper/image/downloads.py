"""Downloads of large files: one store in the state directory, where what came stays until it was made use of.

    NAME.part      what came so far
    NAME.json      of which file that is, and what its server said of it
    NAME.whole     all of it, with the digest that it was to have
    NAME.wanted    touched by who waits for it: it is then kept for them

NAME is the file's own with a mark of its URL and digest. A `.part` becomes a `.whole` in one step and only with the
right digest; a `.whole` is believed only after its digest was taken anew. Whoever is at one holds its lock, so that two
who want the same file fetch it once. What nobody touched for `KEPT` is removed when the next one is fetched.
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import IO, TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import msgspec

from innkeeper.errors import Busy, Conflict, Failed, InnkeeperError, NotFound
from innkeeper.image.transfer_rate import Meter
from innkeeper.machine import local
from innkeeper.schema.sizes import format_size
from innkeeper.tools import web

if TYPE_CHECKING:
    from innkeeper.operation import Operation

__all__ = ["KEPT", "Source", "directory", "drop", "part_size", "take"]

KEPT = 7 * 24 * 3600.0
"""Seconds."""
_DRAFT_KEPT = 3600.0
"""Of a small file that was being written when its process died."""
_PIECE = 1 << 18
"""Bytes that are read at a time: they stay in the processor's cache."""
_TURN = 0.3
"""Seconds between two looks whether a lock is free."""
_WANTED = 30.0
"""Seconds for which who waits counts as waiting since it last looked."""
_BREAKS = ("web.cut_off", "web.unreachable", "web.status", "machine.file_failed")
"""Errors after which a download is gone on with some other time."""


class Source(NamedTuple):
    """A file to be fetched."""

    url: str
    digest: str
    """`sha256:…` or `sha512:…`"""
    most: int
    """bytes that it may have"""
    size: int | None = None
    """bytes that it has, where that is known; for progress only"""

    @property
    def name(self) -> str:
        """Its name in the store, without ending."""
        plain = re.sub(r"[^A-Za-z0-9._-]+", "-", urlsplit(self.url).path.rpartition("/")[2]).strip(".-")
        mark = hashlib.sha256(f"{self.digest} {self.url}".encode()).hexdigest()[:16]
        return f"{plain[:80] or 'file'}.{mark}"


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    """NAME.json."""

    url: str
    digest: str
    known: web.Known


def directory() -> str:
    return f"{local().state_dir}/downloads"


def part_size(name: str) -> int:
    """Bytes of a download that came so far."""
    for ending in ("part", "whole"):
        path = f"{directory()}/{name}.{ending}"
        if local().files.exists(path):
            return local().files.size(path)
    return 0


def take(source: Source, target: str, operation: Operation) -> str:
    """The file, with the digest that it is to have: the path `target`, which is a second name of it. Where another
    process is at it, this waits, and finds it there.

    Raises what `tools.web.obtain` raises, `Conflict("disk.no_space")`, `Failed("image.broken_off")` where it can be
    gone on with, `Failed("image.digest")`.
    """
    local().files.make_dir(directory(), 0o700)
    whole = f"{directory()}/{source.name}.whole"
    with _alone(source, operation):
        _tidy()
        if not _is_whole(source, whole):
            _fetch(source, operation)
        local().files.remove(target)
        local().files.link(whole, target)
    return target


def drop(source: Source) -> None:
    """It was made use of. It stays for whoever is at it at this moment, or waits for it."""
    with ExitStack() as held:
        try:
            held.enter_context(local().lock(_lock_name(source.name), "image.pull"))
        except Busy:
            return
        if _is_wanted(source):
            return
        for ending in ("whole", "part", "json"):
            local().files.remove(f"{directory()}/{source.name}.{ending}")


def _is_wanted(source: Source) -> bool:
    try:
        return time.time() - local().files.modified(_mark(source)) < _WANTED
    except NotFound:
        return False


def _mark(source: Source) -> str:
    return f"{directory()}/{source.name}.wanted"


def _lock_name(name: str) -> str:
    return f"download:{name}"


@contextmanager
def _alone(source: Source, operation: Operation) -> Iterator[None]:
    """Holding its lock; until then, how far the other one is."""
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(local().lock(_lock_name(source.name), f"operation {operation.id}"))
                break
            except Busy as error:
                operation.check_cancel()
                local().files.write(_mark(source), b"")
                fraction = min(part_size(source.name) / source.size, 1.0) if source.size else None
                operation.progress("image.progress.shared", fraction, owner=error.facts["owner"])
                time.sleep(_TURN)
        local().files.remove(_mark(source))  # others who wait make it again
        yield


def _is_whole(source: Source, whole: str) -> bool:
    if not local().files.exists(whole):
        return False
    with closing(_Sum(whole, source.digest)) as taken:
        if taken.finish() == source.digest:
            return True
    local().files.remove(whole)
    return False


def _fetch(source: Source, operation: Operation) -> None:
    """What began as another file may have come together from two: it is then fetched once more, anew."""
    for _ in range(2):
        with closing(_Part(source, operation)) as part:
            _refuse_full(source, part.have)
            try:
                web.obtain(source.url, part, source.most)
            except InnkeeperError as error:
                if error.code in _BREAKS and part.have:
                    raise _broken_off(source, part, error) from error
                if not part.have:
                    part.remove()
                raise
            found = part.digest()
            if found == source.digest:
                part.be_whole()
                return
            part.remove()
            if not part.continued:
                break
    raise Failed("image.digest", url=source.url, digest=source.digest, found=found)


def _broken_off(source: Source, part: _Part, error: InnkeeperError) -> Failed:
    size = part.known.size if part.known else None
    facts = {"came": format_size(part.have), "size": format_size(size) if size else "?", "path": part.path}
    return Failed("image.broken_off", url=source.url, reason=str(error), **facts)


def _refuse_full(source: Source, have: int) -> None:
    blocks, block = local().run(["stat", "-f", "-c", "%a %S", "--", directory()]).stdout.split()
    free, need = int(blocks) * int(block), (source.size or 0) - have
    if need > free:
        raise Conflict("disk.no_space", path=directory(), need=format_size(need), free=format_size(free))


def _tidy() -> None:
    """Remove what nobody came back for. What is at work was touched a moment ago."""
    files, now = local().files, time.time()
    for name in files.list(directory()):
        path = f"{directory()}/{name}"
        try:
            age = now - files.modified(path)
        except InnkeeperError:  # another one was quicker
            continue
        if age > (_DRAFT_KEPT if name.startswith(".inn-") else KEPT):
            files.remove(path)


class _Part:
    """A download that grows: a `web.Sink`. Its digest is taken beside its coming."""

    def __init__(self, source: Source, operation: Operation) -> None:
        self._source, self._operation = source, operation
        self._note = f"{directory()}/{source.name}.json"
        self.path = f"{directory()}/{source.name}.part"
        self.file: IO[bytes] = local().files.grow(self.path)
        self.known = self._read_note()
        self.have = local().files.size(self.path) if self.known else 0
        if self.known and self.known.size is not None and self.have > self.known.size:
            self.known, self.have = None, 0
        self.continued = self.have > 0
        """some of it was there before"""
        self._sum: _Sum | None = None
        self._meter = Meter(operation, source.url, source.size)

    def _read_note(self) -> web.Known | None:
        try:
            kept = msgspec.json.decode(local().files.read(self._note), type=_Kept)
        except (InnkeeperError, msgspec.DecodeError):
            return None
        same = (kept.url, kept.digest) == (self._source.url, self._source.digest)
        return kept.known if same else None

    def begin(self, known: web.Known, at: int) -> None:
        kept = _Kept(url=self._source.url, digest=self._source.digest, known=known)
        local().files.write(self._note, msgspec.json.encode(kept), 0o600)
        self._operation.note(download=self._source.name, size=known.size or self._source.size)
        if at == 0 and self._sum:
            self._sum.close()
            self._sum = None
        self.continued = at > 0
        self._meter.begin(at, known.size or self._source.size)
        self._sum = self._sum or _Sum(self.path, self._source.digest)

    def came(self, have: int) -> None:
        self._operation.check_cancel()
        self._meter.came(have)
        if self._sum:
            self._sum.more()

    def again(self, error: InnkeeperError) -> None:
        self._operation.progress("image.progress.again", None, reason=str(error))

    def waits(self) -> None:
        self._operation.check_cancel()

    def digest(self) -> str:
        """Of all that is there."""
        self._sum = self._sum or _Sum(self.path, self._source.digest)
        return self._sum.finish()

    def be_whole(self) -> None:
        local().files.rename(self.path, self.path.removesuffix("part") + "whole")
        local().files.remove(self._note)

    def remove(self) -> None:
        for path in (self._note, self.path):
            local().files.remove(path)

    def close(self) -> None:
        if self._sum:
            self._sum.close()
        self.file.close()


class _Sum:
    """The digest of a file that may still grow, taken in a thread of its own: hashlib lets others work meanwhile."""

    def __init__(self, path: str, digest: str) -> None:
        self._algorithm = digest.partition(":")[0]
        self._hash = hashlib.new(self._algorithm)
        self._file = local().files.open(path)
        self._grew = threading.Event()
        self._over, self._dropped = False, False
        self._failed: OSError | None = None
        self._path = path
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()

    def more(self) -> None:
        """There is more to read."""
        self._grew.set()

    def finish(self) -> str:
        """Of all that is there now, such as `sha256:…`. Raises `Failed("machine.file_failed")`."""
        self._over = True
        self._grew.set()
        self._thread.join()
        if self._failed:
            reason = self._failed.strerror or str(self._failed)
            raise Failed("machine.file_failed", path=self._path, reason=reason)
        return f"{self._algorithm}:{self._hash.hexdigest()}"

    def close(self) -> None:
        """It is not needed any more."""
        self._dropped = True
        self._grew.set()
        self._thread.join()
        self._file.close()

    def _follow(self) -> None:
        try:
            self._read_all()
        except OSError as error:
            self._failed = error

    def _read_all(self) -> None:
        room = memoryview(bytearray(_PIECE))
        while not self._dropped:
            over = self._over
            if count := self._file.readinto(room):  # type: ignore[attr-defined]  # it is buffered
                self._hash.update(room[:count])
            elif over:
                return
            else:
                self._grew.wait()
                self._grew.clear()
