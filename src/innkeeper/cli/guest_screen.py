"""`inn view`, `send-keys`, `paste`."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Any

import click

from innkeeper import messages
from innkeeper.cli import options
from innkeeper.cli.framework import Argument, Option, command
from innkeeper.cli.output import clean, say, tell
from innkeeper.cli.types import Choice, Integer, Kind, Path
from innkeeper.errors import Invalid, Unsupported

if TYPE_CHECKING:
    from innkeeper.cli.session import Session
    from innkeeper.schema.guest_screen import KeysSent, Pasted, Screen

__all__ = ["paste", "send_keys", "view"]

_CODESETS = ("linux", "xt", "atset1", "atset2", "atset3", "os_x", "xt_kbd", "usb", "win32", "qnum")
_VIEWERS = ("virt-viewer", "remote-viewer", "xtigervncviewer", "vncviewer", "gvncviewer")
_LAYOUTS = ("us", "gb", "de", "de-nodeadkeys", "fr")
_MOST = 4 * 20_000
"""Bytes read of a text to type: more characters than that are refused anyway."""
_HOLD = Option(["--hold"], type=Integer(1, 10_000), metavar="MILLISECONDS")


class Keys(Kind):
    """`ctrl-alt-delete`: shells complete the name behind the last `-`."""

    name = "keys"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        from click.shell_completion import CompletionItem

        from innkeeper.guest.screen.key_codes import names

        before, dash, last = incomplete.rpartition("-")
        found = [name for name in names() if name.startswith(last.lower())]
        return [CompletionItem(f"{before}{dash}{name}") for name in found]


@command(
    "view",
    options.NAME,
    Option(["--print", "print_only"], is_flag=True),
    Option(["--connection-file"], is_flag=True),
    Option(["--viewer"], type=Choice(*_VIEWERS)),
)
def view(session: Session, name: str, print_only: bool, connection_file: bool, viewer: str | None) -> None:
    """A window with the screen, else how to get one."""
    screen: Screen = session.look("guest.view", name=name)
    if session.json or print_only or connection_file:
        told = screen.connection_file if connection_file else screen.uri
        if told is None and not session.json:
            raise Unsupported("guest.screen_nowhere", name=screen.name)
        session.answer(screen, lambda _view: say((told or "").rstrip("\n")))
        return
    session.explain_now()
    _open(session, screen, viewer)


def _open(session: Session, screen: Screen, program: str | None) -> None:
    from innkeeper.cli import viewers

    viewer = viewers.choose(screen.kind, program, far=session.client is not None)
    if viewer is not None and viewers.has_display():
        if not session.quiet:
            tell(messages.text("cli.view.opened", name=clean(screen.name), program=viewer.program))
        if session.client is not None:
            viewers.show_far(session.client, screen, viewer)
        else:
            viewers.show(session.host, screen, viewer)
        return
    if viewer is None:
        say(messages.text("cli.view.install", package=viewers.PACKAGE))
    if not viewers.has_display():
        say(messages.text("cli.view.no_display"))
    if screen.uri is None:
        say(messages.text("cli.view.nowhere"))
        return
    say(messages.text("cli.view.address", uri=clean(screen.uri), host=clean(screen.host)))
    say(messages.text("cli.view.tunnel"))
    say(f"  {clean(shlex.join(screen.tunnel))}")
    near = f"vnc://127.0.0.1:{screen.port or 5900}"
    if screen.kind == "spice":
        near = f"spice://127.0.0.1?port={screen.port or 5900}"
    say(f"  remote-viewer {shlex.quote(near)}")


@command(
    "send_keys",
    options.NAME,
    Argument(["keys"], nargs=-1, required=True, type=Keys(), metavar="KEY…"),
    _HOLD,
    Option(["--codeset"], type=Choice(*_CODESETS)),
)
def send_keys(session: Session, **fields: Any) -> None:
    """Keys pressed together are joined by `-`."""

    def draw(sent: KeysSent) -> None:
        told = " ".join("-".join(chord) for chord in sent.keys)
        say(clean(messages.text("cli.send_keys.done", name=sent.name, keys=told)))

    session.answer(session.change("guest.send_keys", **fields), draw)


@command(
    "paste",
    options.NAME,
    Argument(["text"], required=False, metavar="[TEXT]"),
    Option(["--file"], type=Path(), metavar="FILE"),
    Option(["--layout"], type=Choice(*_LAYOUTS)),
    _HOLD,
)
def paste(session: Session, name: str, text: str | None, file: str | None, **fields: Any) -> None:
    """Only what stands on the command line is no secret any more."""
    if text is not None and file is not None:
        raise Invalid("cli.paste.twice")
    secret = text is None
    typed = text if text is not None else _read(file)

    def draw(pasted: Pasted) -> None:
        say(clean(messages.text("cli.paste.done", name=pasted.name, count=pasted.characters)))

    session.answer(session.change("guest.paste", name=name, text=typed, secret=secret, **fields), draw)


def _read(path: str | None) -> str:
    """A file, or standard input; on a terminal one line that is not shown."""
    if path is None and sys.stdin.isatty():
        from getpass import getpass

        return getpass(messages.text("cli.paste.ask"))
    from innkeeper.machine import local

    if path in (None, "-"):
        data = sys.stdin.buffer.read(_MOST + 1)
    else:
        assert path is not None
        data = local().files.read(path, 0, _MOST + 1)
    if len(data) > _MOST:
        raise Invalid("cli.file_too_large", path=path or "-", most=_MOST)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Invalid("cli.file_encoding", path=path or "-") from error
