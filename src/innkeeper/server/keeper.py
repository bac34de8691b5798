"""What the web side may ask (`calls` lists it): all that touches the host and the database.

It is another process, of another user (DESIGN.md §8): what comes from there is data, and judged here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any

from innkeeper.durable import Durable
from innkeeper.errors import NotFound, Unsupported
from innkeeper.host import Host
from innkeeper.inventory import Inventory, Snapshot
from innkeeper.network import overview as networks
from innkeeper.network.plugs import Plugged
from innkeeper.operation.behalf import on_behalf_of
from innkeeper.schema.guest import GuestList, GuestView
from innkeeper.schema.live import Link, Measured, Samples, Span
from innkeeper.schema.operation import (
    ENDED,
    LogLine,
    OperationCancel,
    OperationList,
    OperationShow,
    OperationView,
)
from innkeeper.server import conditions, listing, lists
from innkeeper.server.command_doors import Commands
from innkeeper.server.conditions import Condition
from innkeeper.server.confinement import confine
from innkeeper.server.console_doors import Consoles
from innkeeper.server.hosts import Hosts
from innkeeper.server.result_files import ResultFiles
from innkeeper.server.screens import Screens
from innkeeper.server.staging import Uploads
from innkeeper.server.volume_doors import Contents
from innkeeper.store import Database
from innkeeper.token.records import Records
from innkeeper.verbs import Plan, verb

__all__ = ["Keeper"]

_VIEWS: dict[str, Callable[[Any], tuple[str, str]]] = {
    "guest.show": lambda request: ("guest", request.name),
    "host.show": lambda _request: ("host", "local"),
    "image.list": lambda _request: ("image", ""),
    "network.list": lambda _request: ("network", ""),
    "network.show": lambda request: ("network", request.name),
    "pool.list": lambda _request: ("pool", ""),
    "pool.show": lambda request: ("pool", request.name),
    "volume.list": lambda request: ("pool", getattr(request, "pool", None) or ""),
}
"""verb → what whoever performs it is shown"""
_SHOWN: dict[str, Callable[[Any], Any]] = {"guest.exec": lambda execution: execution.collect()}
"""verb → what makes a view of what it answers, where that is none"""
_WITH_GUESTS: dict[str, Callable[[Host, Any, list[Plugged]], Any]] = {
    "network.list": networks.listed,
    "network.show": networks.shown,
}
"""verb → how it is answered from what is known of all guests, instead of asking for their documents"""

_INSIDE = ("guest.exec", "guest.paste", "guest.send_keys")
"""Verbs without steps that change nothing of what is listed."""
_LOOKED_AT = 50
"""Guests whose cards are looked at each second while somebody is shown networks; those of more every 15 seconds."""
_OPERATIONS = 1000
"""Operations of the server that a list has."""


class Keeper:
    """The calls may come from any thread; each takes as long as it takes. `publish(kind, id, what)` is told what
    changed, from whatever thread sees it, and `on_ready` is called when the web side is."""

    def __init__(self, uri: str, database: Database) -> None:
        self.hosts = Hosts(uri)
        self.commands = Commands(self.hosts)
        self.results = ResultFiles()
        self.publish: Callable[[str, str, str], None] = lambda *_event: None
        self.on_ready: Callable[[], None] = lambda: None
        self.inventory = Inventory(uri, lambda *event: self.publish(*event))
        self.uploads = Uploads()
        self.durable = Durable(database, self.hosts, self._changed, self.uploads.names.told)
        self.durable.on_end(self._seen)
        self.consoles = Consoles(self.hosts)
        self.screens = Screens()
        self.contents = Contents(self.hosts)
        self.records = Records(database)

    def start(self) -> None:
        """Begin to look at the host, and go on with what was under way. First of all: libvirt's events come only to
        connections that are opened after it."""
        self.inventory.start()
        self.uploads.start()
        self.durable.launch()
        for id in self.uploads.operations:
            self._settle(id)

    def close(self) -> None:
        self.consoles.close()
        self.durable.close()
        self.inventory.stop()
        self.commands.close()
        self.hosts.close()

    def ready(self) -> None:
        """The web side answers from now on."""
        self.on_ready()

    def plan(self, name: str, request: Any) -> Plan:
        """What that verb would do, or its refusal."""
        with self.uploads.names.told_of(), self.hosts.borrow() as host:
            plan = verb(name).planned(host, confine(host, name, request, self.uploads.resolve))
        told = {
            one: self.uploads.names.told(getattr(plan, one)) for one in ("summary", "documents", "commands")
        }
        return replace(plan, **told).asked(name, request)

    def guests(self) -> Snapshot:
        """All guests as they are known now."""
        return self.inventory.guests()

    def page(self, request: GuestList, chosen: lists.Choice) -> listing.Listed:
        """A page of the guests."""
        return listing.page(self.guests(), request, chosen)

    def states(self) -> dict[str, int]:
        """How many guests are in which state."""
        return dict(Counter(row.state for row in self.guests().rows))

    def viewed(self, kind: str, id: str) -> None:
        """Somebody is shown this now; see `Inventory.viewed`."""
        self.inventory.viewed(kind, id)

    def link(self) -> Link:
        """Whether libvirt on the host answers."""
        return self.inventory.link()

    def samples(self, name: str | None, span: Span) -> Samples:
        """What that guest took lately, or the host."""
        return self.inventory.samples(name, span) if name else self.inventory.host_samples(span)

    def measured(self) -> Measured | None:
        """Counters of guests and host, as they were last read."""
        return self.inventory.measured()

    def counted(self) -> dict[tuple[str, str], int]:
        """How many operations of the server there are: (verb, state) → number."""
        return self.durable.counts()

    def look(self, name: str, request: Any, about: tuple[str, str] | None = None) -> tuple[Any, str | None]:
        """What a verb that only looks sees; and what a condition on that resource would compare, as it was before."""
        if name == "operation.list":
            return self.operations(), None
        if name == "operation.show":
            return self.operation(request.id), None
        if name in _VIEWS:
            self.viewed(*_VIEWS[name](request))
        with self.hosts.borrow() as host:
            request = confine(host, name, request)
            if name == "guest.screenshot":
                take = partial(verb(name).perform, host, request)
                return self.screens.picture(request.name, take), None
            if name in _WITH_GUESTS:
                return _WITH_GUESTS[name](host, request, self._plugged()), None
            tag = conditions.stored(host, *about) if about else None
            return verb(name).perform(host, request), tag

    def _plugged(self) -> list[Plugged]:
        """All guests and their cards. Whether a cable is pulled libvirt tells nobody: those that run are looked at."""
        guests = self.inventory.plugged()
        running = (one.uuid for one in guests if any(plug.now for plug in one.plugs))
        for uuid in islice(running, _LOOKED_AT):
            self.viewed("guest", uuid)
        return guests

    def perform(self, name: str, request: Any, who: str, condition: Condition | None = None) -> Any:
        """Perform a verb to its end, and answer its view; refused when that condition does not hold."""
        used: list[str] = []
        try:
            with self.uploads.names.told_of(), self.hosts.borrow() as host, on_behalf_of(who):
                request = confine(host, name, request, partial(self.uploads.lend, used))
                if condition:
                    conditions.refuse_stale(host, condition)
                view = _SHOWN.get(name, lambda view: view)(verb(name).perform(host, request))
                if name not in _INSIDE:
                    self._seen(name, verb(name).target(request), view)
                return view
        finally:
            self.uploads.spend(used)

    def submit(
        self, name: str, request: Any, who: str, key: str | None, condition: Condition | None
    ) -> OperationView:
        """Have a verb with steps performed, as an operation. One that is stale already is refused at once, unless its
        key may be that of an operation which made it so."""
        used: list[str] = []
        with self.uploads.names.told_of(), self.hosts.borrow() as host:
            request = confine(host, name, request, partial(self.uploads.lend, used))
            request = self.results.assigned(name, request, key and f"{who} {key}")
            if condition is not None and key is None:
                conditions.refuse_stale(host, condition)
        holds = None if condition is None else partial(conditions.refuse_stale, asked=condition)
        view = self.durable.submit(name, request, who, key=key, precondition=holds)
        if used:
            self.uploads.bind(used, view.id)
            self._settle(view.id)
        return view

    def _seen(self, name: str, target: str, view: Any) -> None:
        """Whoever changed a guest finds it changed: libvirt tells not all of it."""
        if name.partition(".")[0] in ("guest", "backup"):
            views = view if isinstance(view, list | tuple) else (view,)
            made = {one.uuid for one in views if isinstance(one, GuestView)}
            self.inventory.changed({target, *made})

    def _changed(self, kind: str, id: str, what: str) -> None:
        self.publish(kind, id, what)
        if kind == "operation" and id in self.uploads.operations:
            self._settle(id)

    def _settle(self, id: str) -> None:
        """What was uploaded for an operation goes with it."""
        try:
            ended = self.durable.get(id).state in ENDED
        except NotFound:
            ended = True
        if ended:
            self.uploads.release(id)

    def operations(self) -> list[OperationView]:
        """The newest thousand of the server's, and before them what the journal has of the command line's."""
        ours = self.durable.list(limit=_OPERATIONS)
        known = {view.id for view in ours}
        with self.hosts.borrow() as host:
            others = verb("operation.list").perform(host, OperationList())
        return [*(view for view in others if view.id not in known), *ours]

    def operation(self, id: str) -> OperationView:
        """By its id or an unambiguous beginning of it. Raises `NotFound("operation.unknown")`."""
        try:
            return self.results.told(self.durable.get(id))
        except NotFound:
            with self.hosts.borrow() as host:
                found: OperationView = verb("operation.show").perform(host, OperationShow(id=id))
                return found

    def log(self, id: str, after: int) -> list[LogLine]:
        """Of an operation of the server; nothing of another."""
        try:
            return self.durable.log(id, after)
        except NotFound:
            return []

    def cancel(self, id: str, who: str) -> OperationView:
        """Ask one of the server to stop; one of the command line is ended as the verb does it."""
        try:
            return self.durable.cancel(id, who)
        except NotFound:
            with self.hosts.borrow() as host:
                ended: OperationView = verb("operation.cancel").perform(host, OperationCancel(id=id))
                return ended

    def retry(self, id: str, who: str) -> OperationView:
        """Raises `Unsupported("operation.only_server")` for one of the command line."""
        try:
            return self.durable.retry(id, who)
        except NotFound:
            view = self.operation(id)
            raise Unsupported("operation.only_server", id=view.id) from None
