"""`guest.create` from an export: what was kept becomes a guest of this host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from innkeeper.errors import Invalid, NotFound
from innkeeper.guest.keeping import arriving, bundle, rebuild
from innkeeper.guest.making import sockets
from innkeeper.guest.running import admission, waiting
from innkeeper.guest.watching.inspection import view
from innkeeper.libvirtxml import Domain
from innkeeper.machine import local
from innkeeper.machine.filtered import PIPE, incoming
from innkeeper.schema.guest import GuestCreate, GuestView

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation
    from innkeeper.verbs import Plan

__all__ = ["Draft", "check", "plan", "run"]

_TOGETHER = (
    "name", "bundle", "trust", "pool", "networks", "accel", "overcommit", "wait", "timeout", "start",
)  # fmt: skip
"""What may be said beside an export; all else is in it already."""
_OPTIONS = {"ssh_keys": "--ssh-key", "password": "--password-file", "acpi": "--no-acpi"}


@dataclass(frozen=True)
class Draft:
    """Who it is to be, and the stream that its files come from."""

    newcomer: rebuild.Newcomer
    source: bundle.Reader


def check(host: Host, request: GuestCreate) -> Draft:
    """Read the beginning of the stream, and refuse what can be refused by it. Nothing is touched."""
    for field in GuestCreate.__struct_fields__:
        given = getattr(request, field) != _DEFAULTS.get(field)
        if given and field not in _TOGETHER:
            option = _OPTIONS.get(field, f"--{field.replace('_', '-')}")
            raise Invalid("request.together", first="--import", second=option)
    if request.wait == "installed":
        raise Invalid("request.together", first="--import", second="--wait installed")
    if not request.start and request.wait != "none":
        raise Invalid("request.together", first="--wait", second="--no-start")
    assert request.bundle is not None
    if request.bundle != PIPE and not local().files.exists(request.bundle):
        raise NotFound("machine.file_missing", path=request.bundle)
    source = bundle.Reader(incoming(request.bundle))
    kept, text = source.head()
    wanted = rebuild.Wanted(
        name=request.name,
        pool=request.pool,
        networks=request.networks,
        accel=request.accel,
        trust=request.trust,
        overcommit=request.overcommit,
    )
    newcomer = rebuild.decide(host, kept, Domain.from_xml(text), wanted)
    if request.start:
        memory = newcomer.document.memory or 0
        admission.refuse_memory(host, request.name, memory, request.overcommit)
        waiting.refuse(host, request.wait, newcomer.document, newcomer.facts)
    return Draft(newcomer, source)


_DEFAULTS = {
    field.name: field.default
    for field in msgspec.structs.fields(GuestCreate)
    if field.default is not msgspec.NODEFAULT
}


def run(host: Host, request: GuestCreate, draft: Draft, operation: Operation) -> GuestView:
    """Make it, start it, wait for it."""
    newcomer = draft.newcomer
    domain = arriving.bring(host, operation, newcomer, draft.source.pieces(newcomer.kept))
    waiter = waiting.Waiter(host, request.wait, newcomer.document, newcomer.facts)
    if request.start:
        with operation.step("start"):
            operation.progress("guest.progress.starting")
            if not domain.active:
                sockets.start(host, domain)
    operation.finish()
    if request.start:
        waiter.wait(domain, request.timeout, operation)
    return msgspec.structs.replace(view(host, domain), imported=newcomer.kept.notes + newcomer.notes)


def plan(host: Host, request: GuestCreate, draft: Draft) -> Plan:
    from innkeeper.guest.keeping import plans

    return plans.importing(host, request, draft.newcomer)
