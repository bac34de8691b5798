"""`inn reset`, `suspend`, `resume`, `save`, `restore`, `set`, `protect`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from innkeeper import messages
from innkeeper.cli import options
from innkeeper.cli.framework import Option, command
from innkeeper.cli.output import clean, say
from innkeeper.cli.types import Integer, Size
from innkeeper.errors import Invalid

if TYPE_CHECKING:
    from innkeeper.cli.session import Session
    from innkeeper.schema.guest_change import Change, GuestChanges

__all__ = ["draw_changes", "protect", "reset", "restore", "resume", "save", "set_", "suspend"]

CPUS, ORDER, DELAY = Integer(1, 4096), Integer(1, 9999), Integer(0, 3600)
TOLD = {"now": "cli.set.now", "next": "cli.set.next"}
CLEARABLE = ("title", "notes", "start_order", "start_delay")


@command("reset", options.NAME, options.WAIT, options.TIMEOUT)
def reset(session: Session, **fields: Any) -> None:
    _do(session, "reset", fields)


@command("suspend", options.NAME)
def suspend(session: Session, **fields: Any) -> None:
    _do(session, "suspend", fields)


@command("resume", options.NAME)
def resume(session: Session, **fields: Any) -> None:
    _do(session, "resume", fields)


@command("save", options.NAME)
def save(session: Session, **fields: Any) -> None:
    _do(session, "save", fields)


@command(
    "restore",
    options.NAME,
    Option(["--discard"], is_flag=True),
    Option(["-y", "--yes"], is_flag=True),
    options.WAIT,
    options.TIMEOUT,
)
def restore(session: Session, yes: bool, **fields: Any) -> None:
    """Nothing brings a dropped state back, so that is asked about."""
    from innkeeper.cli.guest_bin import confirm

    if fields["discard"] and not yes and not session.dry_run:
        session.check("guest.restore", **fields)
        if not confirm(messages.text("cli.restore.ask", name=clean(fields["name"]))):
            raise Invalid("cli.not_confirmed", name=fields["name"])
    _do(session, "restore", fields, "cli.restore.discarded" if fields["discard"] else "cli.restore.done")


@command("protect", options.NAME, Option(["--off"], is_flag=True))
def protect(session: Session, name: str, off: bool) -> None:
    fields = {"name": name, "protected": not off}
    _do(session, "protect", fields, "cli.protect.off_done" if off else "cli.protect.done")


@command(
    "set",
    options.NAME,
    Option(["--cpus"], type=CPUS, metavar="N"),
    Option(["--max-cpus"], type=CPUS, metavar="N"),
    Option(["--memory"], type=Size(), metavar="SIZE"),
    Option(["--max-memory"], type=Size(), metavar="SIZE"),
    Option(["--autostart"], is_flag=True),
    Option(["--no-autostart"], is_flag=True),
    Option(["--start-order"], type=ORDER, metavar="N"),
    Option(["--no-start-order"], is_flag=True),
    Option(["--start-delay"], type=DELAY, metavar="SECONDS"),
    Option(["--no-start-delay"], is_flag=True),
    Option(["--title"], metavar="TEXT"),
    Option(["--no-title"], is_flag=True),
    Option(["--notes"], metavar="TEXT"),
    Option(["--notes-file"], metavar="FILE"),
    Option(["--no-notes"], is_flag=True),
    Option(["--label", "labels"], multiple=True, metavar="KEY=VALUE|KEY-"),
    Option(["--next-start"], is_flag=True),
)
def set_(session: Session, labels: tuple[str, ...], notes_file: str | None, **fields: Any) -> None:
    """Many at once, or none of them."""
    from innkeeper.cli import reading

    if notes_file is not None:
        if fields["notes"] is not None:
            raise Invalid("request.together", first="--notes", second="--notes-file")
        fields["notes"] = reading.text(notes_file, "notes").rstrip("\n")
    on, off = fields.pop("autostart"), fields.pop("no_autostart")
    if on and off:
        raise Invalid("request.together", first="--autostart", second="--no-autostart")
    fields["autostart"] = on if on or off else None
    clear = tuple(name for name in CLEARABLE if fields.pop(f"no_{name}"))
    kept, removed = _labels(labels)
    view = session.change("guest.set", labels=kept, remove_labels=removed, clear=clear, **fields)
    session.answer(view, draw_changes)


def _labels(words: tuple[str, ...]) -> tuple[dict[str, str], tuple[str, ...]]:
    """`KEY=VALUE` sets, `KEY-` removes, as in kubectl."""
    kept: dict[str, str] = {}
    removed: list[str] = []
    for word in words:
        key, equals, value = word.partition("=")
        if equals and key:
            kept[key] = value
        elif not equals and word.endswith("-") and len(word) > 1:
            removed.append(word[:-1])
        else:
            raise Invalid("cli.label", label=word)
    return kept, tuple(removed)


def draw_changes(view: GuestChanges) -> None:
    """A line for each value, and when it takes effect."""
    if not view.changes:
        say(clean(messages.text("cli.set.nothing", name=view.name)))
    for change in view.changes:
        say(clean(_told(view.name, change)))


def _told(name: str, change: Change) -> str:
    what, empty = _label(change.what), messages.text("cli.set.empty")
    facts = {"name": name, "what": what, "before": change.before or empty, "after": change.after or empty}
    line = messages.text(TOLD[change.when], **facts)
    if change.why is None:
        return line
    return messages.text("cli.set.because", line=line, why=messages.text(change.why, **change.facts))


def _label(what: str) -> str:
    field = f"cli.field.{what}"
    return messages.text(field) if messages.has(field) else what


def _do(session: Session, verb: str, fields: dict[str, Any], done: str | None = None) -> None:
    """One line says that it is done."""
    view = session.change(f"guest.{verb}", **fields)
    suspended = verb == "restore" and view is not None and view.state == "suspended"
    text = messages.text("cli.start.suspended" if suspended else done or f"cli.{verb}.done", **fields)
    session.answer(view, lambda _view: say(clean(text)))
