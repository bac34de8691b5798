"""Files of this computer that a verb names: sent to the server first, and named there by what they became."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from innkeeper.client import uploads
from innkeeper.errors import Conflict
from innkeeper.machine import local
from innkeeper.operation import Progress
from innkeeper.schema.upload import Upload

if TYPE_CHECKING:
    from innkeeper.client.client import Client
    from innkeeper.operation import Reporter
    from innkeeper.verbs import Plan, Verb

__all__ = ["FIELDS", "planned", "staged"]

FIELDS = {
    "guest.create": ("bundle", "disk", "iso", "drivers"),
    "image.import": ("file",),
    "volume.upload": ("file",),
}
"""verb → fields that may name a file of this computer"""
_TAKEN = {
    "guest.create": ("/guests", "guest.exists"),
    "image.import": ("/images", "image.exists"),
    "volume.upload": ("/hosts/local/pools/{pool}/volumes", "volume.exists"),
}
"""verb → the list where the name that it makes must not stand, and what is refused then"""


@contextmanager
def staged(
    client: Client, verb: Verb[Any, Any], request: Any, report: Reporter | None = None
) -> Iterator[Any]:
    """For the body the files that the request names are on the server, and this is the request that names them there;
    what no operation took goes again.

    Raises `Conflict` for a name that is taken, before anything is sent, and what `uploads.send` raises.
    """
    sent: dict[str, Upload] = {}

    def send(path: str) -> str:
        def tell(text: str, fraction: float | None) -> None:
            if report:
                report(Progress("", verb.target(request), text, {"file": os.path.basename(path)}, fraction))

        if path not in sent:
            if not sent:
                _refuse_taken(client, verb.name, request)
            sent[path] = uploads.send(client, path, tell)
        return sent[path].reference

    try:
        yield _changed(verb.name, request, send)
    finally:
        for upload in sent.values():
            uploads.drop(client, upload)


def planned(client: Client, verb: Verb[Any, Any], request: Any) -> Plan | None:
    """What it would send, for a dry run: nothing is, so that what is in the files is not judged. None where it names no
    file of this computer."""
    from innkeeper.schema.sizes import format_size
    from innkeeper.verbs import Plan

    lines: dict[str, str] = {}

    def note(path: str) -> str:
        said = "standard input" if path == "-" else f"{path} ({format_size(local().files.size(path))})"
        lines[path] = f"upload {said} to {client.uri}"
        return path

    there = _changed(verb.name, request, note)
    if not lines:
        return None
    _refuse_taken(client, verb.name, there)
    what = " ".join(filter(None, (verb.name, there.name)))
    return Plan([*lines.values(), f"{what}, which judges there what came"], {}, [])


def _changed(name: str, request: Any, send: Callable[[str], str]) -> Any:
    """The request with what `send` makes of each file of this computer."""
    changed = {field: send(path) for field, path in _files(name, request).items()}
    if name == "image.import" and request.name is None:
        changed["name"] = os.path.splitext(os.path.basename(request.file))[0]
    if name == "guest.create" and request.location:
        changed |= _location(request, send)
    return msgspec.structs.replace(request, **changed)


def _refuse_taken(client: Client, verb: str, request: Any) -> None:
    """A large file would be sent for nothing."""
    name = request.name
    if verb == "image.import" and name is None:
        name = os.path.splitext(os.path.basename(request.file))[0]
    if not name or getattr(request, "replace", False) or getattr(request, "count", 1) > 1:
        return
    path, code = _TAKEN[verb]
    facts = {"name": name, "pool": getattr(request, "pool", None)}
    place = path.format(**facts)
    if client.get(place, {"name": name}).body.strip() not in (b"", b"[]"):
        raise Conflict(code, **facts)


def _files(name: str, request: Any) -> dict[str, str]:
    """Field → the file of this computer that it names."""
    said = {field: getattr(request, field) for field in FIELDS[name]}
    return {field: path for field, path in said.items() if path and (path == "-" or _is_here(path))}


def _is_here(path: str) -> bool:
    """POOL/VOLUME is none, and the command line makes each path of its own absolute."""
    return path.startswith("/")


def _location(request: Any, send: Callable[[str], str]) -> dict[str, Any]:
    """Kernel and initrd that stand here, from wherever in the directory they are; URLs are the server's to fetch."""
    from innkeeper.guest.making import location
    from innkeeper.tools.web import is_url

    parts = location.parts(request.location)
    if all(is_url(part) for part in parts):
        return {}
    if len(parts) == 1 and parts[0].startswith("/") and local().files.exists(parts[0]):
        found = location.find(parts[0], request.arch or platform.machine(), request.kernel_args)
        parts = [piece.source for piece in found.pieces]
    return {"location": ",".join(part if is_url(part) else send(part) for part in parts)}
