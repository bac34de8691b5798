"""Files that operations made for whoever asked, on the keeper's side: `download:ID` until they are fetched.

A request says `download:` where the verb wants a path of its own computer; the file is made in a directory that only
this user reaches, and what the operation answers names it by its id.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from typing import Any

import msgspec

from innkeeper.errors import NotFound
from innkeeper.machine import local
from innkeeper.schema.operation import OperationView
from innkeeper.server.wire import Handed

__all__ = ["KEPT", "WANTED", "ResultFiles"]

WANTED = "download:"
"""What a request says instead of a path."""
KEPT = 24 * 3600.0
"""Seconds after which one that nobody fetched is removed."""
_FIELDS = {"guest.export": "file"}
"""verb → the field of its request, and of its view, that is such a file"""
_ID = re.compile(r"[0-9a-f]{24}\Z")


class ResultFiles:
    """Its methods may be called from any thread."""

    def __init__(self) -> None:
        self._folder = f"{local().state_dir}/downloads"

    def assigned(self, name: str, request: Any, key: str | None) -> Any:
        """The request with a path of ours where it wants one: by the same key the same, as its operation is."""
        field = _FIELDS.get(name)
        if field is None or getattr(request, field) != WANTED:
            return request
        self.sweep()
        local().files.make_dir(self._folder, 0o700)
        id = hashlib.sha256(key.encode()).hexdigest()[:24] if key else secrets.token_hex(12)
        return msgspec.structs.replace(request, **{field: f"{self._folder}/{id}"})

    def told(self, view: OperationView) -> OperationView:
        """What it answered, with its file by the id."""
        field = _FIELDS.get(view.verb)
        if field is None or not isinstance(view.result, dict):
            return view
        path = str(view.result.get(field, ""))
        if not path.startswith(f"{self._folder}/"):
            return view
        result = view.result | {field: WANTED + path.rpartition("/")[2]}
        return msgspec.structs.replace(view, result=result)

    def open(self, id: str) -> Handed:
        """Its size, and a descriptor to read it by. Raises `NotFound("upload.no_download")`."""
        try:
            with local().files.open(self._path(id)) as file:
                return Handed(os.fstat(file.fileno()).st_size, os.dup(file.fileno()))
        except NotFound as error:
            raise NotFound("upload.no_download", id=id) from error

    def remove(self, id: str) -> None:
        """It was fetched. Missing is fine."""
        local().files.remove(self._path(id))

    def sweep(self) -> None:
        """Remove those that nobody fetched for a day; and what a dead server left half made."""
        files = local().files
        for name in files.list(self._folder):
            path = f"{self._folder}/{name}"
            if files.exists(path) and time.time() - files.modified(path) > KEPT:
                files.remove(path)

    def _path(self, id: str) -> str:
        if not _ID.match(id):
            raise NotFound("upload.no_download", id=id)
        return f"{self._folder}/{id}"
