"""The registry: every verb once, reached alike from Python, the command line and REST.

A verb is two functions and a row. `check(host, request)` refuses before anything is touched and alone is `--dry-run`;
`run(host, request, operation)` acts in recorded steps. A verb without steps only looks, or does one thing that libvirt
itself does whole. What `check` decided on the way (it may return anything) reaches `run` as `operation.decided`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, cast

from innkeeper.errors import Busy, Denied, Unsupported

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation, Reporter

__all__ = ["REGISTRY", "Plan", "Preparation", "Transport", "Verb", "noun", "verb"]

Q = TypeVar("Q")
V = TypeVar("V")

REGISTRY = {
    "backup.create": "innkeeper.backup.making",
    "backup.list": "innkeeper.backup.catalogue",
    "backup.remove": "innkeeper.backup.catalogue",
    "backup.restore": "innkeeper.backup.restoring",
    "backup.show": "innkeeper.backup.catalogue",
    "backup.verify": "innkeeper.backup.catalogue",
    "guest.console": "innkeeper.guest.within.access",
    "guest.cp": "innkeeper.guest.within.copying",
    "guest.create": "innkeeper.guest.making.creation",
    "guest.delete": "innkeeper.guest.leaving.deletion",
    "guest.document": "innkeeper.guest.watching.stored_document",
    "guest.edit": "innkeeper.guest.changing.editing",
    "guest.exec": "innkeeper.guest.within.executing",
    "guest.export": "innkeeper.guest.keeping.exporting",
    "guest.forget": "innkeeper.guest.leaving.forgetting",
    "guest.list": "innkeeper.guest.watching.listing",
    "guest.logs": "innkeeper.guest.watching.log_reading",
    "guest.paste": "innkeeper.guest.screen.keys",
    "guest.protect": "innkeeper.guest.changing.protection",
    "guest.purge": "innkeeper.guest.leaving.deletion",
    "guest.reboot": "innkeeper.guest.running.lifecycle",
    "guest.rename": "innkeeper.guest.naming",
    "guest.reset": "innkeeper.guest.running.powering",
    "guest.restore": "innkeeper.guest.running.saving",
    "guest.resume": "innkeeper.guest.running.powering",
    "guest.save": "innkeeper.guest.running.saving",
    "guest.screenshot": "innkeeper.guest.within.access",
    "guest.send_keys": "innkeeper.guest.screen.keys",
    "guest.set": "innkeeper.guest.changing.settings",
    "guest.show": "innkeeper.guest.watching.inspection",
    "guest.ssh": "innkeeper.guest.within.access",
    "guest.ssh_config": "innkeeper.guest.within.inventory",
    "guest.start": "innkeeper.guest.running.lifecycle",
    "guest.stop": "innkeeper.guest.running.lifecycle",
    "guest.suspend": "innkeeper.guest.running.powering",
    "guest.top": "innkeeper.guest.watching.rates",
    "guest.undelete": "innkeeper.guest.leaving.deletion",
    "guest.view": "innkeeper.guest.screen.display",
    "host.check": "innkeeper.doctor.checking",
    "host.device_list": "innkeeper.doctor.devices",
    "host.setup": "innkeeper.doctor.preparing",
    "host.show": "innkeeper.doctor.overview",
    "host.start_guests": "innkeeper.guest.running.ordering",
    "host.stop_guests": "innkeeper.guest.running.ordering",
    "host.support": "innkeeper.guest.making.offering",
    "image.build": "innkeeper.image.building",
    "image.import": "innkeeper.image.importing",
    "image.list": "innkeeper.image.catalogue",
    "image.make": "innkeeper.image.making",
    "image.pull": "innkeeper.image.pulling",
    "image.remove": "innkeeper.image.removal",
    "image.show": "innkeeper.image.catalogue",
    "network.list": "innkeeper.network.overview",
    "network.show": "innkeeper.network.overview",
    "operation.cancel": "innkeeper.operation.verbs",
    "operation.clean": "innkeeper.operation.verbs",
    "operation.list": "innkeeper.operation.verbs",
    "operation.retry": "innkeeper.operation.verbs",
    "operation.show": "innkeeper.operation.verbs",
    "pool.list": "innkeeper.pool.overview",
    "pool.show": "innkeeper.pool.overview",
    "schedule.create": "innkeeper.schedule.keeping",
    "schedule.list": "innkeeper.schedule.keeping",
    "schedule.remove": "innkeeper.schedule.keeping",
    "schedule.run": "innkeeper.schedule.keeping",
    "schedule.show": "innkeeper.schedule.keeping",
    "token.create": "innkeeper.token.keeping",
    "token.link": "innkeeper.token.keeping",
    "token.list": "innkeeper.token.keeping",
    "token.remove": "innkeeper.token.keeping",
    "volume.download": "innkeeper.volume.carrying",
    "volume.list": "innkeeper.volume.holdings",
    "volume.remove": "innkeeper.volume.holdings",
    "volume.upload": "innkeeper.volume.carrying",
}
"""name → the module whose `VERBS` holds it"""


@dataclass(frozen=True)
class Plan:
    """What a verb would do: the XML it would define, and the commands that amount to the same.

    `commands` run in a directory where each of `documents` is a file of that name. `differences` tells a reader what an
    edited document changes: name → unified difference.
    """

    summary: list[str]
    documents: dict[str, str]
    commands: list[str]
    differences: dict[str, str] = field(default_factory=dict)
    inn: str = ""
    """the line of `inn` that asks for it; secrets, and what is in files, are named in capitals"""

    def asked(self, verb: str, request: Any) -> Plan:
        """The same, asked for by that request."""
        from innkeeper.command_line import line

        return replace(self, inn=line(verb, request))


@dataclass(frozen=True)
class Preparation:
    """What has to be there before a verb can even check, such as an image that is fetched first. It is an operation of
    its own, and stays when the verb is refused after all."""

    plan: Callable[[], Plan]
    run: Callable[[Reporter | None], object]


class Transport(Protocol):
    """Where verbs are performed: a Host does it here, a Client has its server do it."""

    def perform(
        self,
        verb: Verb[Any, V],
        request: Any,
        report: Reporter | None = None,
        on_plan: Callable[[Plan], None] | None = None,
    ) -> V: ...

    def planned(self, verb: Verb[Any, Any], request: Any) -> Plan: ...

    def checked(self, verb: Verb[Any, Any], request: Any) -> None: ...


@dataclass(frozen=True)
class Verb(Generic[Q, V]):
    """One row of the registry. Calling it is the Python door: keywords build the request."""

    name: str
    request: type[Q]
    view: Any
    check: Callable[[Host, Q], Any]
    run: Callable[[Host, Q, Operation], V]
    steps: tuple[str, ...] = ()
    target: Callable[[Q], str] = lambda request: str(getattr(request, "name", ""))
    needs_machine: str = "no"
    claims: Callable[[Q], Iterable[str]] = lambda request: ()
    """names that it will make or take, beside its target"""
    plan: Callable[[Host, Q, Any], Plan] | None = None
    prepare: Callable[[Host, Q], Preparation | None] | None = None
    """what is done before its check, if anything; a plan tells only that, since the rest is not known before"""
    wait: Callable[[Host, Q, Busy, Reporter | None], None] | None = None
    """called again and again while somebody else holds its locks; raises what it is given where that is not waited
    for"""

    def __call__(self, where: Transport, /, **fields: Any) -> V:
        from innkeeper.schema.base import build

        request: Any = build(self.request, fields)  # type: ignore[type-var]  # Q is a Request; Verb does not import it
        return self.perform(where, request)

    def planned(self, where: Transport, request: Q) -> Plan:
        """What it would do, or its refusal; nothing is touched. A verb without a plan of its own tells its steps."""
        return where.planned(self, request)

    def perform(
        self,
        where: Transport,
        request: Q,
        report: Reporter | None = None,
        on_plan: Callable[[Plan], None] | None = None,
    ) -> V:
        """Refuse or do. `on_plan` gets the plan of what is about to be done."""
        return where.perform(self, request, report, on_plan)

    def planned_here(self, host: Host, request: Q) -> Plan:
        """`planned`, on a host of this process."""
        self.check_machine(host)
        before = self.prepare(host, request) if self.prepare else None
        if before:
            return before.plan().asked(self.name, request)
        return self._plan(host, request, self.check(host, request))

    def _plan(self, host: Host, request: Q, decided: Any) -> Plan:
        told = f"{self.name} {self.target(request)}: {', '.join(self.steps) or '-'}"
        plan = Plan([told], {}, []) if self.plan is None else self.plan(host, request, decided)
        return plan.asked(self.name, request)

    def perform_here(
        self,
        host: Host,
        request: Q,
        report: Reporter | None = None,
        on_plan: Callable[[Plan], None] | None = None,
        operation_id: str | None = None,
    ) -> V:
        """`perform`, on a host of this process. A verb with steps holds its target's lock, first cleans what a dead
        run of it left there, and undoes itself when it fails. `on_plan` gets the plan of what is about to be done.
        The operation has that id, if one is given; a `Watcher` for `report` reaches it while it runs."""
        self.check_machine(host)
        before = self.prepare(host, request) if self.prepare else None
        if before:
            before.run(report)
        if not self.steps:
            decided = self.check(host, request)
            if on_plan:
                on_plan(self._plan(host, request, decided))
            unrecorded: Any = Unrecorded(decided, self.target(request), report)
            return self.run(host, request, unrecorded)
        from innkeeper.operation import Progress, begin, recover

        target = self.target(request)
        with ExitStack() as held:
            self._hold(held, host, request, report, self.owner_text(target, operation_id))
            for entry in recover(host, self.name, target):
                if report:
                    report(Progress(entry.id, target, "operation.progress.recovered", {"id": entry.id}, None))
                if entry.answer is not None:
                    return self._answer(entry.answer)
            decided = self.check(host, request)
            if on_plan:
                on_plan(self._plan(host, request, decided))
            with begin(self.name, target, host, report, operation_id) as operation:
                operation.decided, operation.release = decided, held.close
                return self.run(host, request, operation)

    def _hold(self, held: ExitStack, host: Host, request: Q, report: Reporter | None, owner: str) -> None:
        names = sorted(self.locks(host, request))
        while True:
            try:
                held.enter_context(host.lock_all(names, owner))
            except Busy as busy:
                if self.wait is None:
                    raise
                self.wait(host, request, busy, report)
            else:
                return

    def _answer(self, kept: Any) -> V:
        """Of a run that was interrupted and is ended now. To go on would do it to the next of that name."""
        import msgspec

        if isinstance(kept, list):  # of several guests at once
            several: Any = [msgspec.convert(one, self.view) for one in kept]
            return cast("V", several)
        answer: V = msgspec.convert(kept, self.view)
        return answer

    def locks(self, host: Host, request: Q) -> set[str]:
        """Names of the locks it holds: its target, the new name of a renamed one, and every name that it claims."""
        from innkeeper.operation.locks import lock_name

        targets = (self.target(request), getattr(request, "new_name", None), *self.claims(request))
        return {lock_name(host, self.name, target) for target in targets if target}

    def owner_text(self, target: str, operation_id: str | None = None) -> str:
        """Who holds a lock: what is done, to what, in which process; of a server also in which operation."""
        from innkeeper.operation import journal

        process = f"process {journal.this_process().pid}"
        return f"{self.name} {target} ({f'operation {operation_id}, {process}' if operation_id else process})"

    def check_machine(self, host: Host) -> None:
        if self.needs_machine == "no":
            return
        if host.machine is None:
            raise Unsupported("machine.needed", verb=self.name, uri=host.uri)
        if self.needs_machine == "root" and not host.machine.is_root:
            raise Denied("machine.root_needed", verb=self.name)


class Unrecorded:
    """What a verb without steps gets for an operation: what its check decided, and who watches."""

    id = ""

    def __init__(self, decided: Any, target: str, report: Reporter | None) -> None:
        self.decided = decided
        self._target, self._report = target, report

    def progress(self, text: str, fraction: float | None = None, **facts: object) -> None:
        """Tell whoever watches."""
        if self._report:
            from innkeeper.operation import Progress

            self._report(Progress(self.id, self._target, text, facts, fraction))

    def check_cancel(self) -> None:
        """It is over before anyone could ask."""


def verb(name: str) -> Verb[Any, Any]:
    """The verb of that registry name; loads its module."""
    found: Verb[Any, Any] = import_module(REGISTRY[name]).VERBS[name]
    return found


def noun(kind: str) -> Callable[[str], Verb[Any, Any]]:
    """The Python door of a noun: `guest.create` is the verb `guest.create`, loaded when first asked for."""

    def look_up(attribute: str) -> Verb[Any, Any]:
        name = f"{kind}.{attribute.rstrip('_')}"
        if name not in REGISTRY:
            raise AttributeError(f"module 'innkeeper.{kind}' has no attribute {attribute!r}")
        return verb(name)

    return look_up
