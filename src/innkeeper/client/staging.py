"""Files of this computer that a verb names: sent to the server first, and named there by what they became."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from innkeeper.machine import local

if TYPE_CHECKING:
    from innkeeper.client.client import Client
    from innkeeper.operation import Reporter
    from innkeeper.verbs import Plan, Verb

__all__ = ["perform", "planned"]

V = TypeVar("V")

_FIELDS = {"guest.create": ("bundle", "disk", "iso", "drivers"), "image.import": ("file",)}
"""verb → fields that may name a file of this computer"""


def perform(client: Client, verb: Verb[Any, V], request: Any, report: Reporter | None) -> V:
    """With everything sent first that it needs."""
    return client.ask(verb, request, report)


def planned(client: Client, verb: Verb[Any, Any], request: Any) -> Plan:
    return client.ask_plan(verb, request)


def _files(name: str, request: Any) -> dict[str, str]:
    """Field → the file of this computer that it names. POOL/VOLUME is none, unless such a file is there."""
    found = {}
    for field in _FIELDS[name]:
        said = getattr(request, field)
        if said and (said.startswith("/") or local().files.exists(os.path.abspath(said))):
            found[field] = said
    return found


def _replaced(request: Any, fields: dict[str, str]) -> Any:
    return msgspec.structs.replace(request, **fields)
