"""`guest.export` through a server: made there, and fetched to a file of this computer, or to standard output."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from innkeeper.client.fetching import fetch
from innkeeper.errors import InnkeeperError, Invalid
from innkeeper.machine import local
from innkeeper.machine.filtered import PIPE, Outgoing, draft_name, is_terminal, refuse_taken
from innkeeper.operation import Progress
from innkeeper.routes import API
from innkeeper.verbs import Plan

if TYPE_CHECKING:
    from innkeeper.client.client import Client
    from innkeeper.operation import Reporter
    from innkeeper.schema.guest_export import GuestExport, GuestExported
    from innkeeper.verbs import Verb

__all__ = ["perform", "planned"]

_WANTED = "download:"
"""As the server writes it (`innkeeper.server.result_files`)."""


def perform(
    client: Client, verb: Verb[Any, Any], request: GuestExport, report: Reporter | None
) -> GuestExported:
    """Refused here is what this computer has against its file. What the line breaks goes on where it was."""
    _refuse(request.file)
    there = msgspec.structs.replace(request, file=_WANTED)
    view: GuestExported = client.ask(verb, there, report)
    path = f"{API}/downloads/{view.file.removeprefix(_WANTED)}"
    draft = draft_name(request.file) if request.file != PIPE else None
    try:
        with Outgoing(request.file, draft, ()) as out:
            fetch(client, path, out.write, _teller(request, report))
            out.finish()
    except BaseException:
        if draft:
            local().files.remove(draft)
        raise
    finally:
        _drop(client, path)
    size = None if request.file == PIPE else local().files.size(request.file)
    return msgspec.structs.replace(view, file=request.file, size=size)


def planned(client: Client, verb: Verb[Any, Any], request: GuestExport) -> Plan:
    """As the host would write the file itself."""
    _refuse(request.file)
    there = msgspec.structs.replace(request, file=_WANTED)
    plan = client.ask_plan(verb, there)
    return Plan(
        [line.replace(_WANTED, request.file) for line in plan.summary],
        plan.documents,
        [line.replace(_WANTED, request.file) for line in plan.commands],
        plan.differences,
    )


def _refuse(path: str) -> None:
    if path == PIPE:
        if is_terminal(1):
            raise Invalid("kept.to_terminal")
        return
    refuse_taken(path)
    directory = path.rpartition("/")[0] or "/"
    if not local().files.exists(directory):
        raise Invalid("kept.no_directory", path=path, directory=directory)


def _teller(request: GuestExport, report: Reporter | None) -> Callable[[float], None]:
    facts: dict[str, object] = {"file": os.path.basename(request.file)}

    def tell(fraction: float) -> None:
        if report:
            report(Progress("", request.name, "client.progress.downloading", facts, fraction))

    return tell


def _drop(client: Client, path: str) -> None:
    """It goes by itself after a day, too."""
    try:
        client.asked("DELETE", path)
    except InnkeeperError:
        return
