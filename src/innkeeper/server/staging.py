"""Uploads on the keeper's side: files on their way to a request, in a directory that only this user reaches.

ID.json says what was promised, ID.data is what came: its length is how far it is, whatever became of who wrote it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
import threading
import time
from contextlib import suppress

import msgspec

from innkeeper.errors import Busy, Conflict, Failed, Invalid, NotFound
from innkeeper.machine import local
from innkeeper.schema.sizes import format_size
from innkeeper.schema.upload import Upload, UploadCreate
from innkeeper.server.upload_names import Names
from innkeeper.server.wire import Handed

__all__ = ["KEPT", "MOST", "Part", "Uploads"]

KEPT = 24 * 3600.0
"""Seconds without anything new after which an upload is removed."""
MOST = 100
"""at once"""
RESERVE = 1 << 30
"""Bytes that stay free for everybody else on that file system."""
_ID = re.compile(r"[0-9a-f]{24}\Z")
_PIECE = 1 << 20


class _Facts(msgspec.Struct):
    """ID.json."""

    asked: UploadCreate
    created: float
    size: int | None
    whole: bool = False
    operation: str | None = None


class Part(msgspec.Struct):
    """An upload that is being written, from `offset` on."""

    id: str
    offset: int
    size: int | None
    """of the whole"""


class Uploads:
    """Its methods may be called from any thread."""

    def __init__(self) -> None:
        self._folder = f"{local().state_dir}/uploads"
        self.names = Names(self._folder, lambda id: self._facts(id).asked.name)
        self._lock = threading.Lock()
        self._bound: dict[str, set[str]] = {}

    def start(self) -> None:
        """Remember who is used by whom, and remove what is too old."""
        self.sweep()
        for id in self._ids():
            facts = self._facts(id)
            if facts.operation:
                self._bound.setdefault(facts.operation, set()).add(id)

    def create(self, asked: UploadCreate) -> Upload:
        """Raises `Busy("upload.too_many")`, `Conflict("upload.no_space")`."""
        self.sweep()
        local().files.make_dir(self._folder, 0o700)
        if len(self._ids()) >= MOST:
            raise Busy("upload.too_many", most=MOST)
        self._refuse_full(asked.size or 0)
        id = secrets.token_hex(12)
        self._keep(id, _Facts(asked, time.time(), asked.size))
        local().files.grow(self._data(id)).close()
        if asked.size == 0:
            self._finish(id)
        return self.show(id)

    def show(self, id: str) -> Upload:
        """Raises `NotFound("upload.unknown")`."""
        facts = self._facts(id)
        try:
            offset, changed = local().files.size(self._data(id)), local().files.modified(self._data(id))
        except NotFound as error:
            raise NotFound("upload.unknown", id=id) from error
        return Upload(
            id=id,
            reference=f"upload:{id}",
            name=facts.asked.name,
            size=facts.size,
            offset=offset,
            sha256=facts.asked.sha256,
            whole=facts.whole,
            operation=facts.operation,
            created=facts.created,
            expires=changed + KEPT,
        )

    def begin(self, id: str, offset: int, size: int | None) -> Handed:
        """A `Part`, and the file that its bytes go to; close that after `end`. `size` is its whole length where that
        was not known before.

        Raises `Conflict("upload.offset")` where that is not where it ends, `Busy("upload.busy")` while another writes
        it, `Conflict("upload.length")`.
        """
        upload, facts = self.show(id), self._facts(id)
        if size is not None and (facts.size not in (None, size) or size < upload.offset):
            raise Conflict("upload.length", id=id, size=facts.size or upload.offset)
        file = local().files.grow(self._data(id))
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.close()
            raise Busy("upload.busy", id=id) from error
        at = file.seek(0, os.SEEK_END)
        if at != offset or facts.whole:
            file.close()
            raise Conflict("upload.offset", id=id, offset=at)
        if size is not None and facts.size is None:
            facts.size = size
            self._keep(id, facts)
        with file:
            return Handed(Part(id, offset, facts.size), os.dup(file.fileno()))  # the lock goes with it

    def end(self, part: Part) -> Upload:
        """What came is on disk; where that is all of it, it is compared.

        Raises `Conflict("upload.sum")`: it is removed then.
        """
        if part.offset == part.size == self.show(part.id).offset:
            with local().files.open(self._data(part.id)) as file:
                os.fsync(file.fileno())
            self._finish(part.id)
        return self.show(part.id)

    def give_up(self, id: str, reason: str) -> None:
        """Nothing more goes in: it is removed, so that others can go on. Raises `Failed("upload.full")`."""
        self.remove(id)
        error = Failed("upload.full", id=id, reason=reason)
        error.http_status = 507  # RFC 4918 §11.5
        raise error

    def remove(self, id: str) -> None:
        """Raises `NotFound("upload.unknown")`."""
        self._facts(id)
        local().files.remove(self._data(id))
        local().files.remove(self._told(id))

    def resolve(self, reference: str) -> str:
        """The file of `upload:ID`, which is whole and nobody's yet.

        Raises `NotFound("upload.unknown")`, `Conflict("upload.not_whole")`, `Conflict("upload.used")`.
        """
        upload = self.show(reference.removeprefix("upload:"))
        if not upload.whole:
            raise Conflict("upload.not_whole", id=upload.id, offset=upload.offset)
        if upload.operation:
            raise Conflict("upload.used", id=upload.id, operation=upload.operation)
        return self._data(upload.id)

    def lend(self, used: list[str], reference: str) -> str:
        """As `resolve`; and it is noted in `used`."""
        path = self.resolve(reference)
        used.append(reference)
        return path

    def bind(self, references: list[str], operation: str) -> None:
        """They are that operation's, and go with it."""
        with self._lock:
            for id in (one.removeprefix("upload:") for one in references):
                facts = self._facts(id)
                facts.operation = operation
                self._keep(id, facts)
                self._bound.setdefault(operation, set()).add(id)

    @property
    def operations(self) -> list[str]:
        """Those that uploads are for."""
        return list(self._bound)

    def spend(self, references: list[str]) -> None:
        """What they were for is over."""
        for reference in references:
            with suppress(NotFound):
                self.remove(reference.removeprefix("upload:"))

    def release(self, operation: str) -> None:
        """That operation has ended."""
        with self._lock:
            for id in self._bound.pop(operation, ()):
                with suppress(NotFound):
                    self.remove(id)

    def sweep(self) -> None:
        """Remove what nothing came of for a day, and nobody uses."""
        now = time.time()
        for id in self._ids():
            with suppress(NotFound):  # another one removed it
                upload = self.show(id)
                if upload.expires < now and not upload.operation:
                    self.remove(id)

    def _finish(self, id: str) -> None:
        facts = self._facts(id)
        if facts.asked.sha256 and self._sum(id) != facts.asked.sha256:
            self.remove(id)
            raise Conflict("upload.sum", id=id, wanted=facts.asked.sha256)
        facts.whole = True
        self._keep(id, facts)

    def _sum(self, id: str) -> str:
        found = hashlib.sha256()
        with local().files.open(self._data(id)) as file:
            while data := file.read(_PIECE):
                found.update(data)
        return found.hexdigest()

    def _refuse_full(self, size: int) -> None:
        free = local().files.room(str(self._folder)) - RESERVE
        if size > max(free, 0):
            raise Conflict("upload.no_space", needed=format_size(size), free=format_size(max(free, 0)))

    def _facts(self, id: str) -> _Facts:
        if not _ID.match(id):
            raise NotFound("upload.unknown", id=id)
        try:
            return msgspec.json.decode(local().files.read(self._told(id)), type=_Facts)
        except (NotFound, msgspec.DecodeError) as error:
            raise NotFound("upload.unknown", id=id) from error

    def _keep(self, id: str, facts: _Facts) -> None:
        local().files.write(self._told(id), msgspec.json.encode(facts), 0o600)

    def _ids(self) -> list[str]:
        names = local().files.list(self._folder)
        return [name[:-5] for name in names if name.endswith(".json") and _ID.match(name[:-5])]

    def _told(self, id: str) -> str:
        return f"{self._folder}/{id}.json"

    def _data(self, id: str) -> str:
        return f"{self._folder}/{id}.data"


def checked_offset(text: str | None, field: str) -> int:
    """A header's number. Raises `Invalid("request.invalid")`."""
    if text is None or not re.fullmatch(r"[0-9]{1,18}", text, re.ASCII):
        raise Invalid("request.invalid", field=field, reason=f"{text!r} is no number of bytes")
    return int(text)
