"""Change a guest's settings: what is stored, and what of it can be had while it runs.

What QEMU cannot do to a running guest is stored all the same and takes effect at its next start; the answer says which
and why. Processors are added while it runs, memory follows by the balloon; processors are never taken away live, for
that waits for the guest and mostly runs out of time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from innkeeper.errors import InnkeeperError, Invalid, OutcomeUnknown, Unsupported
from innkeeper.guest import metadata
from innkeeper.guest.changing import setting_plans, values
from innkeeper.guest.changing.difference import unified
from innkeeper.guest.naming import find
from innkeeper.guest.watching.inspection import view
from innkeeper.libvirtxml import Domain
from innkeeper.schema.guest_change import Change, GuestChanges, GuestSet
from innkeeper.schema.sizes import MIB, format_size
from innkeeper.verbs import Verb
from innkeeper.virt import changes, domains

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation

__all__ = ["VERBS", "Decided", "undo_live", "undo_stored"]

_LONGEST = {"title": 255, "label": 255, "notes": 64 * 1024}
"""Characters."""
_TEXTS = ("title", "notes")


@dataclass
class Decided:
    """What a request comes to for this guest as it is now."""

    domain: domains.Domain
    before: dict[str, Any]
    after: dict[str, Any]
    """of the stored document, what changes; `before` has the same names"""
    autostart: bool | None
    """None when that stays"""
    live: dict[str, Any]
    """what is to be given to the present run"""
    later: dict[str, tuple[str | None, dict[str, str]]] = field(default_factory=dict)
    """what waits for the next start, and why: text id and facts"""
    old: str = ""
    new: str = ""
    """the stored document before and after"""


def _check(host: Host, request: GuestSet) -> Decided:
    domain = find(host, request.name)
    if not changes.persistent(domain):
        raise Unsupported("guest.transient", name=domain.name)
    asked = _asked(request)
    old = domain.xml()
    document = Domain.from_xml(old)
    now = values.read(document)
    after = values.wanted(asked, now)
    _refuse_amounts(host, document, after)
    values.apply(document, after)
    autostart = request.autostart if request.autostart not in (None, domain.autostart) else None
    before = {name: now[name] for name in after}
    found = Decided(domain, before, after, autostart, {}, old=old, new=document.to_xml())
    if domain.active:
        _live(domain, request, asked, found)
    elif domain.saved:
        for name in found.after.keys() & {"cpus", "max_cpus", "memory", "max_memory"}:
            found.later[name] = ("guest.next.saved", {"name": domain.name})
    return found


def _asked(request: GuestSet) -> dict[str, Any]:
    """What was said at all, and makes sense by itself."""
    names = ("cpus", "max_cpus", "memory", "max_memory", "start_order", "start_delay", *_TEXTS)
    asked = {name: getattr(request, name) for name in names if getattr(request, name) is not None}
    for name in ("labels", "remove_labels", "clear"):
        if getattr(request, name):
            asked[name] = getattr(request, name)
    if not asked and request.autostart is None:
        raise Invalid("guest.nothing_to_set", name=request.name)
    for name in request.clear:
        if name in asked:
            raise Invalid("request.together", first=name, second=f"clear {name}")
    for name in set(request.labels) & set(request.remove_labels):
        raise Invalid("request.together", first=f"label {name}=", second=f"label {name}-")
    for name in ("memory", "max_memory"):
        if name in asked:
            asked[name] = -(-asked[name] // 1024) * 1024  # libvirt counts in KiB
    _refuse_texts(request)
    return asked


def _refuse_texts(request: GuestSet) -> None:
    """A title is one line (libvirt refuses others); nothing may hold what XML cannot, or a terminal obeys."""
    for name, text in (
        ("title", request.title),
        *((f"label {key}", value) for key, value in request.labels.items()),
    ):
        if text is not None and (not text.isprintable() or len(text) > _LONGEST["title"]):
            raise Invalid("guest.text", what=name, most=_LONGEST["title"])
    for key in (*request.labels, *request.remove_labels):
        plain = key.replace(".", "").replace("-", "").replace("_", "").replace("/", "")
        if not (plain.isascii() and plain.isalnum() and len(key) <= 63 and key[0].isalnum()):
            raise Invalid("guest.label", key=repr(key[:63]))
    notes = request.notes
    if notes is not None:
        plain = notes.replace("\n", "").replace("\t", "")
        if not (plain.isprintable() or not plain) or len(notes) > _LONGEST["notes"]:
            raise Invalid("guest.notes", most=_LONGEST["notes"])


def _refuse_amounts(host: Host, document: Domain, after: dict[str, Any]) -> None:
    """What no host could start."""
    if after.get("memory", MIB) < MIB:
        raise Invalid("guest.memory_small", memory=format_size(after["memory"]), least=format_size(MIB))
    if not host.support.is_qemu:
        return
    total = host.virt.node()[1]
    if after.get("max_memory", 0) > total:
        raise Invalid("guest.memory_host", memory=format_size(after["max_memory"]), host=format_size(total))
    if "max_cpus" in after and document.os.arch:
        offered = host.support.domain(document.os.arch, document.os.machine, document.type or "qemu")
        if offered.max_vcpus and after["max_cpus"] > offered.max_vcpus:
            raise Invalid(
                "request.number", what="cpus", value=after["max_cpus"], least=1, most=offered.max_vcpus
            )


def _live(domain: domains.Domain, request: GuestSet, asked: dict[str, Any], found: Decided) -> None:
    """Sort what is asked into what the present run can have and what has to wait."""
    document = Domain.from_xml(domain.xml(live=True))
    now = values.read(document)
    for name in ("cpus", "memory"):
        amount = asked.get(name)
        if amount is None or amount == now[name]:
            continue
        why = None if request.next_start else _obstacle(document, now, name, amount)
        if request.next_start or why:
            found.later[name] = why or (None, {})
        else:
            found.live[name] = amount
    for name in ("max_cpus", "max_memory"):
        if name in found.after:
            found.later[name] = (None, {})
    texts = values.wanted(
        {
            key: value
            for key, value in asked.items()
            if key in (*_TEXTS, *values.OURS, "remove_labels", "clear")
        },
        now,
    )
    if not request.next_start:
        found.live |= texts


def _obstacle(
    document: Domain, now: dict[str, Any], name: str, amount: int
) -> tuple[str, dict[str, str]] | None:
    """Why the present run cannot have it: text id and facts."""
    if amount > now[f"max_{name}"]:
        most = now[f"max_{name}"]
        return f"guest.next.max_{name}", {"most": str(most) if name == "cpus" else format_size(most)}
    if name == "memory":
        balloons = list(document.devices.memballoons)
        return None if balloons and balloons[0].model != "none" else ("guest.next.no_balloon", {})
    if amount < now["cpus"]:
        return "guest.next.unplug", {}
    # QEMU 7.2 aborts when a processor is plugged into a guest whose firmware is UEFI with SMM, and the guest is gone.
    efi = document.os.firmware == "efi" or document.os.loader_type == "pflash"
    return ("guest.next.uefi", {}) if efi else None


def _run(host: Host, _request: GuestSet, operation: Operation) -> GuestChanges:
    found: Decided = operation.decided
    domain = found.domain
    if found.after:
        operation.undo("guest.stored", uuid=domain.uuid, before=found.before, after=found.after)
    with operation.step("store"):
        if found.after:
            fresh = Domain.from_xml(domain.xml())
            values.apply(fresh, found.after)
            domain.redefine(fresh.to_xml())
    if found.autostart is not None:
        operation.undo("guest.autostart", uuid=domain.uuid, autostart=domain.autostart)
    with operation.step("autostart"):
        if found.autostart is not None:
            domain.autostart = found.autostart
    with operation.step("live"):
        if found.live:
            _give(domain, found, operation)
    return GuestChanges(
        name=domain.name,
        changes=tuple(_changes(found)),
        difference=unified(f"{domain.name}.xml", found.old, found.new) if found.after else "",
        guest=view(host, domain),
    )


def _give(domain: domains.Domain, found: Decided, operation: Operation) -> None:
    """Processors come last: they cannot be taken back."""
    now = values.read(Domain.from_xml(domain.xml(live=True)))
    back = {name: now[name] for name in found.live if name != "cpus"}
    operation.undo("guest.live", uuid=domain.uuid, values=back)
    give_live(domain, {name: value for name, value in found.live.items() if name != "cpus"})
    if "cpus" in found.live:
        operation.progress("guest.progress.plugging")
        try:
            changes.plug_cpus(domain, found.live["cpus"])
        except OutcomeUnknown:
            raise
        except InnkeeperError as error:  # it is stored, so it comes with the next start
            found.later["cpus"] = ("guest.next.refused", {"detail": str(error)})


def give_live(domain: domains.Domain, wanted: dict[str, Any]) -> None:
    """Give these values to the present run."""
    document = Domain.from_xml(domain.xml(live=True))
    if not wanted.keys().isdisjoint(_TEXTS):
        whole = values.read(document) | wanted
        changes.describe(domain, whole["title"], whole["notes"])
    if not wanted.keys().isdisjoint(values.OURS):
        values.apply(document, {name: wanted[name] for name in wanted if name in values.OURS})
        facts = metadata.read(document)
        text = None if facts == metadata.Facts() else metadata.text_of(facts)
        changes.set_live_metadata(domain, metadata.NAMESPACE, metadata.PREFIX, text)
    if "memory" in wanted:
        changes.balloon(domain, wanted["memory"])


def undo_live(host: Host, uuid: str, values: dict[str, Any]) -> None:
    """Give a running guest back what it had; one that stopped meanwhile has what is stored."""
    domain = domains.find(host.virt, uuid)
    if domain is not None and domain.active:
        give_live(domain, values)


def undo_stored(host: Host, uuid: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Put back what is stored, unless others changed it since."""
    domain = domains.find(host.virt, uuid)
    if domain is None:
        return
    document = Domain.from_xml(domain.xml())
    if values.undo(document, before, after):
        domain.redefine(document.to_xml())


def _changes(found: Decided) -> list[Change]:
    told: list[Change] = []
    for name, value in found.after.items():
        if name == "labels":
            told += _label_changes(found.before[name], value)
        else:
            told.append(_change(found, name, found.before[name], value))
    for name, value in found.live.items():  # stored already, but the present run had another
        if name not in found.after and name in ("cpus", "memory"):
            told.append(_change(found, name, None, value))
    if found.autostart is not None:
        told.append(_change(found, "autostart", not found.autostart, found.autostart))
    return told


def _change(found: Decided, name: str, before: Any, after: Any) -> Change:
    why, facts = found.later.get(name, (None, {}))
    return Change(
        what=name,
        before=_shown(name, before),
        after=_shown(name, after),
        when="next" if name in found.later else "now",
        why=why,
        facts=facts,
    )


def _label_changes(before: dict[str, str], after: dict[str, str]) -> list[Change]:
    return [
        Change(what=f"label {key}", before=before.get(key), after=after.get(key), when="now")
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]


def _shown(name: str, value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return format_size(value) if name in ("memory", "max_memory") else str(value)


VERBS = {
    "guest.set": Verb(
        "guest.set",
        GuestSet,
        GuestChanges,
        _check,
        _run,
        steps=("store", "autostart", "live"),
        plan=setting_plans.plan,
    )
}
