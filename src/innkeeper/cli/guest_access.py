"""`inn console`, `ssh`, `screenshot`: ways to a guest."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from innkeeper import messages
from innkeeper.cli import options
from innkeeper.cli.framework import Argument, Option, command
from innkeeper.cli.output import clean, say, tell
from innkeeper.cli.types import Path, Seconds
from innkeeper.errors import Conflict, Invalid
from innkeeper.machine import local

if TYPE_CHECKING:
    from innkeeper.cli.session import Session
    from innkeeper.schema.guest import Screenshot

__all__ = ["console", "screenshot", "ssh"]

_TYPES = {"image/png": "png", "image/x-portable-pixmap": "ppm"}


@command("console", options.NAME, options.FORCE)
def console(session: Session, name: str, force: bool) -> None:
    """The first serial port on this terminal."""
    from innkeeper.cli.terminal import attach

    stream = session.look("guest.console", name=name, force=force)
    session.explain_now()
    if not session.quiet:
        tell(messages.text("cli.console.connected", name=clean(name)))
    ended = attach(stream, sys.stdin.fileno(), sys.stdout.fileno())
    if not session.quiet:
        tell(messages.text("cli.console.ended" if ended else "cli.console.left", name=clean(name)))


@command(
    "ssh",
    options.NAME,
    Argument(["arguments"], nargs=-1, metavar="[-- ARGUMENT …]"),
    Option(["--user"], metavar="USER"),
    Option(["--wait"], type=Seconds(), metavar="SECONDS"),
)
def ssh(
    session: Session, name: str, arguments: tuple[str, ...], user: str | None, wait: float | None
) -> None:
    """This process becomes ssh, so that its status is the guest's."""
    target = session.look("guest.ssh", name=name, user=user, wait=wait)
    if session.json:
        session.answer(target, lambda _view: None)
        return
    session.explain_now()
    sys.stdout.flush()
    local().replace_process([*target.argv, *arguments])


@command(
    "screenshot",
    options.NAME,
    Argument(["file"], required=False, type=Path(), metavar="[FILE|-]"),
    options.FORCE,
)
def screenshot(session: Session, name: str, file: str | None, force: bool) -> None:
    """The file is never written over unasked; `-` is stdout."""
    if file == "-" and sys.stdout.isatty():
        raise Invalid("cli.screenshot.terminal")
    if file and file != "-" and not force:
        _refuse_existing(file)
    picture: Screenshot = session.look("guest.screenshot", name=name)
    if session.json and file is None:
        session.answer(picture, lambda _view: None)
        return
    session.explain_now()
    if file == "-":
        sys.stdout.buffer.write(picture.data)
        return
    path = file or f"{name}.{_TYPES.get(picture.media_type, 'img')}"
    if not force:
        _refuse_existing(path)
    local().files.write(path, picture.data)
    if not session.quiet:
        say(clean(path))


def _refuse_existing(path: str) -> None:
    if local().files.exists(path):
        raise Conflict("cli.file_exists", path=path)
