"""Files of this computer that a verb names: sent to the server first, and named there by what they became."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from innkeeper.client import uploads
from innkeeper.errors import InnkeeperError, Invalid
from innkeeper.machine import local
from innkeeper.operation import Progress
from innkeeper.schema.upload import Upload

if TYPE_CHECKING:
    from innkeeper.client.client import Client
    from innkeeper.operation import Reporter
    from innkeeper.verbs import Plan, Verb

__all__ = ["FIELDS", "Staged", "staged"]

FIELDS = {
    "guest.create": ("bundle", "iso", "drivers"),
    "image.import": ("file",),
    "volume.upload": ("file",),
}
"""verb → fields that may name a file of this computer"""
_DATA = r"(?:\S*/uploads/)?{id}\.data"
"""Where an upload stands on the server's host, as plans, progress and errors name it."""


class Staged:
    """A request whose files are on the server, and what they were called here."""

    def __init__(self, request: Any, sent: dict[str, Upload]) -> None:
        self.request, self.sent = request, sent

    def told(self, plan: Plan) -> Plan:
        """The plan in the words of this computer."""
        from dataclasses import replace

        return replace(
            plan,
            summary=[self.here(line) for line in plan.summary],
            commands=[self.here(line) for line in plan.commands],
            documents={name: self.here(text) for name, text in plan.documents.items()},
        )

    def watched(self, report: Reporter | None) -> Reporter | None:
        """Progress likewise."""
        if report is None:
            return None
        return lambda event: report(event._replace(facts=self.here(event.facts)))

    def here(self, told: Any) -> Any:
        """A text, or each of some facts, with the names that its files have here."""
        if isinstance(told, dict):
            return {name: self.here(fact) for name, fact in told.items()}
        for path, upload in self.sent.items():
            if isinstance(told, str) and upload.id in told:
                told = path.join(re.split(_DATA.format(id=upload.id), told))
        return told


@contextmanager
def staged(
    client: Client, verb: Verb[Any, Any], request: Any, report: Reporter | None = None
) -> Iterator[Staged]:
    """For the body the files that the request names are on the server; what no operation took goes again.

    Raises `Invalid("client.disk")` for a disk of this computer, and what `uploads.send` raises.
    """
    sent: dict[str, Upload] = {}

    def send(path: str) -> str:
        def tell(text: str, fraction: float | None) -> None:
            if report:
                report(Progress("", verb.target(request), text, {"file": os.path.basename(path)}, fraction))

        if path not in sent:
            sent[path] = uploads.send(client, path, tell)
        return sent[path].reference

    if getattr(request, "disk", None) and _is_here(request.disk):
        raise Invalid("client.disk", path=request.disk)
    try:
        changed = {field: send(path) for field, path in _files(verb.name, request).items()}
        if verb.name == "image.import" and request.name is None:
            changed["name"] = os.path.splitext(os.path.basename(request.file))[0]
        if verb.name == "guest.create" and request.location:
            changed |= _location(request, send)
        there = Staged(msgspec.structs.replace(request, **changed), sent)
        try:
            yield there
        except InnkeeperError as error:
            error.facts = there.here(error.facts)
            raise
    finally:
        for upload in sent.values():
            uploads.drop(client, upload)


def _files(name: str, request: Any) -> dict[str, str]:
    """Field → the file of this computer that it names."""
    said = {field: getattr(request, field) for field in FIELDS[name]}
    return {field: path for field, path in said.items() if path and (path == "-" or _is_here(path))}


def _is_here(path: str) -> bool:
    """POOL/VOLUME is none, and the command line makes each path of its own absolute."""
    return path.startswith("/")


def _location(request: Any, send: Any) -> dict[str, Any]:
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
