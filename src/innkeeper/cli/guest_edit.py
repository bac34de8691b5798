"""`inn edit`: a guest's stored document in an editor, or from a file."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

from innkeeper import messages
from innkeeper.cli import options, reading
from innkeeper.cli.framework import Option, command
from innkeeper.cli.output import clean, say, tell
from innkeeper.errors import Conflict, Failed, InnkeeperError, Invalid
from innkeeper.machine import local

if TYPE_CHECKING:
    from innkeeper.cli.session import Session
    from innkeeper.schema.guest_change import GuestChanges

__all__ = ["edit"]

DONE = {"now": "cli.edit.now", "next": "cli.edit.next", "nothing": "cli.edit.nothing"}
"""When it takes effect → what is said."""


@command(
    "edit",
    options.NAME,
    Option(["--file"], metavar="FILE"),
    Option(["--base"], metavar="FILE"),
    Option(["-y", "--yes"], is_flag=True),
)
def edit(session: Session, name: str, file: str | None, base: str | None, yes: bool) -> None:
    """In $VISUAL or $EDITOR; a program hands in a file."""
    if file is None:
        if base is not None:
            raise Invalid("request.needs", first="--base", second="--file")
        _in_editor(session, name, yes)
        return
    document = reading.text(file, "document")
    _take(session, name, document, None if base is None else reading.text(base, "document"))


def _in_editor(session: Session, name: str, yes: bool) -> None:
    """What was typed is in a file of its own from the first moment, and goes only when libvirt has taken it."""
    guest, base = _stored(session, name)
    draft = _Draft(guest, base)
    while True:
        try:
            draft.open()
            text = draft.read()
            if text.strip() == base.strip():
                draft.remove()
                tell(clean(messages.text("cli.edit.unchanged", name=guest)))
                return
            if not yes and not session.dry_run and _can_ask():
                answer = _ask(session, guest, text, base)
                if answer == "again":
                    continue
                if answer == "no":
                    raise Invalid("cli.not_confirmed", name=guest)
            _take(session, guest, text, base, shown=not yes and _can_ask())
        except InnkeeperError as error:
            if _again(session, error):
                continue
            if draft.same(base):
                draft.remove()
            else:
                error.left.append(messages.text("cli.edit.kept", path=draft.path))
            raise
        if session.dry_run:
            tell(clean(messages.text("cli.edit.kept", path=draft.path)))
        else:
            draft.remove()
        return


def _stored(session: Session, name: str) -> tuple[str, str]:
    """The guest's name and its document. A server tells no passwords, and keeps those that are there."""
    if session.client is not None:
        view = session.look("guest.document", name=name)
        return view.name, view.document
    from innkeeper.guest.changing.editing import stored

    return stored(session.host, name)


def _take(session: Session, name: str, text: str, base: str | None, shown: bool = False) -> None:
    fields = {"name": name, "document": text, "base": base}
    if not (shown or session.dry_run or session.json or session.quiet):
        _show(session, name, text, base)
    session.answer(session.change("guest.edit", **fields), _draw)


def _show(session: Session, name: str, text: str, base: str | None) -> None:
    """The difference, before it is taken; refused here is what would be refused then."""
    from innkeeper.schema.guest_change import GuestEdit
    from innkeeper.verbs import verb

    planned = verb("guest.edit").planned(session.where, GuestEdit(name=name, document=text, base=base))
    for line in planned.summary[1:]:
        tell(clean(line))
    for difference in planned.differences.values():
        say(difference)


def _ask(session: Session, name: str, text: str, base: str) -> str:
    """`yes`, `no` or `again`."""
    _show(session, name, text, base)
    tell(messages.text("cli.edit.ask"))
    answer = sys.stdin.readline().strip().lower()
    return {"": "yes", "y": "yes", "yes": "yes", "是": "yes", "e": "again", "编辑": "again"}.get(answer, "no")


def _again(session: Session, error: InnkeeperError) -> bool:
    """Say what is wrong and offer the editor again, where somebody is there; a document that others changed meanwhile
    is no longer what the text was made from."""
    from innkeeper.cli.problems import show

    hopeless = isinstance(error, Conflict) or error.code in ("cli.not_confirmed", "cli.edit.editor")
    if hopeless or not _can_ask():
        return False
    show(error, session.json)
    tell(messages.text("cli.edit.again"))
    return sys.stdin.readline().strip().lower() in ("", "y", "yes", "e", "是")


def _can_ask() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _draw(view: GuestChanges) -> None:
    for warning in view.warnings:
        tell(clean(messages.text(warning, name=view.name)))
    for part in view.dropped:
        tell(clean(messages.text("cli.edit.dropped", part=part)))
    when = view.changes[0].when if view.changes else "nothing"
    facts = dict(view.changes[0].facts) if view.changes else {}
    line = messages.text(DONE[when], **{"name": view.name, **facts})
    why = view.changes[0].why if view.changes else None
    if why:
        line = messages.text("cli.set.because", line=line, why=messages.text(why, **facts))
    say(clean(line))


class _Draft:
    """The text that is edited, in a file that only its owner reads: it holds the guest's passwords."""

    def __init__(self, name: str, text: str) -> None:
        import secrets

        folder = f"{local().state_dir}/edits"
        plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)[:60]
        self.path = f"{folder}/{plain}-{secrets.token_hex(4)}.xml"
        local().files.make_dir(folder, 0o700)
        local().files.write(self.path, text.encode(), 0o600)

    def open(self) -> None:
        """Raises `Invalid("cli.edit.no_editor")`, `Failed("cli.edit.editor")` when the editor did not end well."""
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ("vi" if _can_ask() else None)
        if editor is None:
            raise Invalid("cli.edit.no_editor")
        sys.stdout.flush()
        # As in virsh and git it is a line of the shell: it may have options.
        status = local().attend(["sh", "-c", f'{editor} "$1"', "sh", self.path])
        if status != 0:
            raise Failed("cli.edit.editor", editor=editor, status=status)

    def read(self) -> str:
        return reading.text(self.path, "document")

    def same(self, base: str) -> bool:
        """Whether nothing was typed that could be lost."""
        return local().files.read(self.path).decode(errors="replace").strip() == base.strip()

    def remove(self) -> None:
        local().files.remove(self.path)
