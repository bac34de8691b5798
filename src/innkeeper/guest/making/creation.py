"""Create guests.

The define comes first: it claims the name, as `NAME~creating`, atomically on the host. The volumes follow, and at the
end the rename to NAME says that the guest is whole. What fails on the way is undone for all guests of the request.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from itertools import cycle
from typing import TYPE_CHECKING

from innkeeper.errors import Conflict
from innkeeper.guest import naming
from innkeeper.guest.making import fetched_image, installing, keeping, sockets, xml_edits
from innkeeper.guest.making.document import build
from innkeeper.guest.making.draft import Draft, decide, names_of, refuse_wait
from innkeeper.guest.making.plans import plan
from innkeeper.guest.metadata import Facts
from innkeeper.guest.running import waiting
from innkeeper.guest.watching.inspection import view
from innkeeper.guest.watching.serial_log import directory, make_directory
from innkeeper.image.catalogue import refuse_gone
from innkeeper.install import cloud_init
from innkeeper.machine import local
from innkeeper.network import reservations
from innkeeper.schema.guest import GuestCreate, GuestView
from innkeeper.schema.names import CREATING, mark
from innkeeper.storage import volumes
from innkeeper.verbs import Plan, Verb
from innkeeper.virt import booting, domains
from innkeeper.virt.connection import Connection

if TYPE_CHECKING:
    from innkeeper.guest.keeping import importing
    from innkeeper.guest.making.location import Location, Piece
    from innkeeper.host import Host
    from innkeeper.libvirtxml import Domain
    from innkeeper.operation import Operation

__all__ = ["VERBS", "undo_define"]

_AT_ONCE = 4
"""Calls under way together: libvirt serves five of one client (libvirtd.conf, max_client_requests)."""
_LINES = 3
"""Connections over which guests are started: a QEMU that starts waits more than it works."""


class _Birth:
    """One guest on its way."""

    def __init__(self, host: Host, draft: Draft, operation: Operation, request: GuestCreate) -> None:
        self.host, self.draft, self.operation = host, draft, operation
        self.log_file = f"{directory(host)}/{draft.stem}.serial.log"
        self.facts = facts(draft, operation.id)
        self.document = build(draft, mark(draft.name, CREATING), self.log_file, self.facts)
        self.domain: domains.Domain | None = None
        self.waiter: waiting.Waiter | None = None
        self.wait = request.wait
        self.files: dict[str, str] = {}
        """kernel and initrd on this computer"""

    @property
    def made(self) -> domains.Domain:
        assert self.domain is not None
        return self.domain

    def define(self) -> None:
        self.operation.undo("guest.delete", uuid=self.draft.uuid)
        self.operation.undo("log.delete", path=self.log_file)
        make_directory(self.host)
        self.domain = define(self.host, self.document, self.draft)

    def volumes(self) -> None:
        name, source, pool = self.draft.disk_volume, self.draft.source, self.draft.pool
        if name is None or source is None:
            return
        self.operation.undo("volume.delete", pool=pool, name=name)
        self.operation.progress("guest.progress.disk")
        if source.file:
            self._anew(name, self._upload, name, source.file)
        elif source.copy_of:
            self._anew(name, volumes.copy, self.host, source.copy_of, pool, name, source.capacity)
        else:
            make = partial(volumes.create, backing=source.backing)
            self._anew(name, make, self.host, pool, name, source.capacity, source.format)

    def _anew(self, name: str, make: Callable[..., str], *args: object) -> None:
        """A volume of that name, which holds its UUID, is what an earlier try of this step left: perhaps half of it."""
        try:
            make(*args)
        except Conflict:
            volumes.delete(self.host, self.draft.pool, name)
            make(*args)

    def media(self) -> None:
        """Upload CDs, kernel and initrd that the host cannot reach where they are."""
        draft, uploads = self.draft, dict[str, str]()
        for medium in draft.media:
            if medium.file:
                uploads[str(draft.medium_volume(medium))] = medium.file
        for kind, file in self.files.items():
            uploads[draft.piece_volume(kind)] = file
        for name, file in uploads.items():
            self.operation.undo("volume.delete", pool=draft.pool, name=name)
            self._anew(name, self._upload, name, file)

    def _upload(self, name: str, file: str) -> str:
        whole, sent = max(local().files.size(file), 1), 0

        def tell(count: int) -> None:
            nonlocal sent
            sent += count
            self.operation.check_cancel()
            self.operation.progress("guest.progress.upload", sent / whole, file=os.path.basename(file))

        pool = self.draft.pool
        if not volumes.link(self.host, pool, name, file):
            volumes.create(self.host, pool, name, whole, "raw")
            volumes.upload(self.host, pool, name, file, tell)
        return volumes.lookup(self.host, pool, name).path

    def seed(self, workdir: str) -> None:
        name, pool = self.draft.seed_volume, self.draft.pool
        if name is None or self.draft.answers is None:
            return
        self.operation.undo("volume.delete", pool=pool, name=name)
        image = cloud_init.make_seed(self.draft.answers, workdir)
        self._anew(name, volumes.create_from_file, self.host, pool, name, image)

    def address(self) -> None:
        if self.facts.address:
            network, mac, ip = self.facts.address
            self.operation.undo("network.host_delete", network=network, mac=mac, ip=ip)
            reservations.add(self.host, network, mac, ip)

    def publish(self) -> None:
        naming.rename_offline(self.made, self.draft.name)
        keeping.note(self.operation, self.made)

    def start(self, line: Connection) -> None:
        """Over that connection."""
        wait = "none" if self.wait == "installed" else self.wait
        self.waiter = waiting.Waiter(self.host, wait, self.document, self.facts)
        self.operation.progress("guest.progress.starting")
        if self.made.active:
            return
        if self.draft.boots_once:
            first = build(self.draft, self.draft.name, self.log_file, self.facts, first_boot=True)
            booting.boot_once(self.host.virt, first.to_xml(), self.draft.name)
        else:
            sockets.start(self.host, domains.lookup(line, self.draft.uuid))

    def wait_for(self, timeout: float | None) -> None:
        if self.wait == "installed":
            installing.wait(self.made, timeout, self.operation)
        elif self.waiter:
            self.waiter.wait(self.made, timeout, self.operation)


def facts(draft: Draft, operation: str) -> Facts:
    """What is kept with the guest."""
    manifest = draft.manifest
    return Facts(
        created=str(int(time.time())),
        operation=operation,
        image=manifest.name if manifest else None,
        user=draft.answers.user if draft.answers else (manifest.user if manifest else None),
        login=manifest.login if manifest else None,
        profile=draft.profile,
        boot_pattern=manifest.boot_pattern if manifest else None,
        accel_reason=draft.machine.accel_reason,
        accel_facts=draft.machine.accel_facts,
        volumes=draft.volumes,
        address=(draft.machine.networks[0], draft.macs[0], draft.ip) if draft.ip else None,
    )


def define(host: Host, document: Domain, draft: Draft) -> domains.Domain:
    """Claim the name. Raises `Conflict("guest.exists")` for whoever comes second."""
    domain = domains.define(host.virt, document.to_xml(), mark(draft.name, CREATING))
    if domains.find(host.virt, draft.name):  # somebody was quicker between our look and our claim
        raise Conflict("guest.exists", name=draft.name)
    return domain


def _check(host: Host, request: GuestCreate) -> list[Draft] | importing.Draft:
    if request.bundle:
        from innkeeper.guest.keeping import importing

        return importing.check(host, request)
    drafts = decide(host, request)
    refuse_wait(request, drafts[0])
    if request.xml:
        _refuse_changes(host, drafts[0])
    return drafts


def _refuse_changes(host: Host, draft: Draft) -> None:
    """What the request changes in the document by hand has to be possible too."""
    log_file, kept = f"{directory(host)}/{draft.stem}.serial.log", facts(draft, "")
    xml_edits.refuse(host, build(replace(draft, xml=()), draft.name, log_file, kept), draft.xml)


def _run(host: Host, request: GuestCreate, operation: Operation) -> GuestView | list[GuestView]:
    if request.bundle:
        from innkeeper.guest.keeping import importing

        return importing.run(host, request, operation.decided, operation)
    drafts: list[Draft] = operation.decided
    births = [_Birth(host, draft, operation, request) for draft in drafts]
    with operation.step("define"):
        _each(operation, births, _Birth.define)
    if drafts[0].location:
        with operation.step("fetch"):
            _fetch(operation, births, drafts[0].location)
    with operation.step("volumes"):
        _each(operation, births, _Birth.volumes)
        if drafts[0].manifest:
            # Its removal takes the manifest first and then looks who stands on it: one of us two sees the other.
            refuse_gone(host, drafts[0].manifest)
    if drafts[0].location or any(medium.file for medium in drafts[0].media):
        with operation.step("media"):
            _each(operation, births, _Birth.media)
    if drafts[0].answers:
        with operation.step("seed"):
            workdir = operation.workdir()
            _each(operation, births, lambda birth: birth.seed(workdir))
    if drafts[0].ip:
        with operation.step("address"):
            _each(operation, births, _Birth.address)
    with operation.step("publish"):
        _each(operation, births, _Birth.publish)
    if request.start:
        with operation.step("start"):
            _start(host, operation, births)
    operation.finish()
    _each(operation, births, lambda birth: birth.wait_for(request.timeout), at_once=len(births))
    views = [view(host, birth.made) for birth in births]
    return views[0] if request.count == 1 else views


def _fetch(operation: Operation, births: list[_Birth], place: Location) -> None:
    """Kernel and initrd onto this computer, once for all of them."""
    from innkeeper.guest.making import location

    def tell(piece: Piece, fraction: float | None) -> None:
        operation.check_cancel()
        operation.progress("guest.progress.fetch", fraction, file=piece.source)

    files = location.fetch(place, operation.workdir(), tell)
    for birth in births:
        birth.files = files


def _start(host: Host, operation: Operation, births: list[_Birth]) -> None:
    """More at once than one connection carries, where another costs nothing."""
    near = host.machine is not None and host.machine is local()
    more = min(_LINES, -(-len(births) // _AT_ONCE)) - 1 if near else 0
    with ExitStack() as stack:
        lines = [host.virt, *(stack.enter_context(closing(Connection(host.uri))) for _ in range(more))]
        line_of = dict(zip(births, cycle(lines), strict=False))
        _each(operation, births, lambda birth: birth.start(line_of[birth]), at_once=_AT_ONCE * len(lines))


def _each(
    operation: Operation, births: list[_Birth], deed: Callable[[_Birth], None], at_once: int = _AT_ONCE
) -> None:
    """Do it for all of them, some at once; the first failure comes out when those under way are done."""
    if len(births) == 1:
        deed(births[0])
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(at_once) as pool:
        futures = [pool.submit(deed, birth) for birth in births]
        try:
            for future in futures:
                future.result()
        except KeyboardInterrupt:
            operation.cancel()  # those that wait for their guest look out for it
            raise
        finally:
            for future in futures:
                future.cancel()


def undo_define(host: Host, uuid: str) -> None:
    """Take away a guest that was being made; its volumes are undone by themselves."""
    domain = domains.find(host.virt, uuid)
    if domain is not None:
        domain.destroy()
        domain.undefine()


def _plan(host: Host, request: GuestCreate, decided: list[Draft] | importing.Draft) -> Plan:
    if isinstance(decided, list):
        return plan(host, request, decided)
    from innkeeper.guest.keeping import importing

    return importing.plan(host, request, decided)


VERBS = {
    "guest.create": Verb(
        "guest.create",
        GuestCreate,
        GuestView,
        _check,
        _run,
        steps=("define", "fetch", "volumes", "media", "seed", "address", "files", "publish", "start"),
        plan=_plan,
        prepare=fetched_image.prepare,
        claims=names_of,
    )
}
