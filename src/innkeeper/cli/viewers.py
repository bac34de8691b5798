"""Programs that show a guest's screen, and the way each of them gets there without a port open to others."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from innkeeper.errors import Unsupported
from innkeeper.guest.naming import find
from innkeeper.guest.screen import display, screen_bridge
from innkeeper.machine import SshMachine, local
from innkeeper.tools.programs import missing

if TYPE_CHECKING:
    from innkeeper.client import Client
    from innkeeper.host import Host
    from innkeeper.schema.guest_screen import Screen

__all__ = ["PACKAGE", "Viewer", "choose", "has_display", "show", "show_far"]

PACKAGE = "virt-viewer"
"""The package to install, of that name in every distribution; remote-viewer is in it too."""


class Viewer(NamedTuple):
    """A program, the protocols that it speaks, and whether it can connect to a UNIX socket."""

    program: str
    kinds: tuple[str, ...]
    sockets: tuple[str, ...]


VIEWERS = (
    Viewer("virt-viewer", ("vnc", "spice"), ()),
    Viewer("remote-viewer", ("vnc", "spice"), ("spice",)),
    Viewer("xtigervncviewer", ("vnc",), ("vnc",)),
    Viewer("vncviewer", ("vnc",), ()),
    Viewer("gvncviewer", ("vnc",), ()),
)
"""The better one first: virt-viewer goes through libvirt itself, also over ssh."""


class Place(NamedTuple):
    """What a viewer is told to connect to, on this computer."""

    address: str
    port: int
    socket: str | None = None


def has_display() -> bool:
    """Whether a window can be opened here."""
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def choose(kind: str, program: str | None, far: bool = False) -> Viewer | None:
    """The viewer of that name, else the best one for that protocol that is installed here. `far`: through a server,
    where virt-viewer, which goes by libvirt, finds no way.

    Raises `Unsupported("guest.viewer_kind")`.
    """
    if program is not None:
        wanted = next(viewer for viewer in VIEWERS if viewer.program == program)
        if kind not in wanted.kinds or (far and program == "virt-viewer"):
            raise Unsupported("guest.viewer_kind", viewer=program, kind=kind)
        return wanted
    absent = missing(local(), {viewer.program: PACKAGE for viewer in VIEWERS})
    able = (one for one in VIEWERS if kind in one.kinds and not (far and one.program == "virt-viewer"))
    return next((one for one in able if one.program not in absent), None)


def show(host: Host, screen: Screen, viewer: Viewer) -> None:
    """Run the viewer until it is closed.

    Raises `Failed("machine.command_failed")` when it fails, `Unsupported("guest.screen_far")` when it cannot get there.
    """
    if viewer.program == "virt-viewer":
        attach = ["--attach"] if not isinstance(host.machine, SshMachine) and host.machine is not None else []
        local().run(["virt-viewer", "--connect", host.uri, *attach, screen.uuid])
        return
    with reached(host, screen, screen.kind in viewer.sockets) as place:
        local().run([viewer.program, argument(viewer, screen.kind, place)])


def show_far(client: Client, screen: Screen, viewer: Viewer) -> None:
    """The same through a server. Raises what the server refuses, and `Failed("machine.command_failed")`."""
    from innkeeper.client.screen import bridge

    with bridge(client, screen.uuid) as port:
        local().run([viewer.program, argument(viewer, screen.kind, Place("127.0.0.1", port))])


@contextlib.contextmanager
def reached(host: Host, screen: Screen, by_socket: bool) -> Iterator[Place]:
    """A way from here to the screen for the body: straight, through ssh, or handed out by libvirt."""
    machine = host.machine
    if machine is None or (isinstance(machine, SshMachine) and screen.uri is None):
        raise Unsupported("guest.screen_far", name=screen.name, uri=host.uri)
    if not isinstance(machine, SshMachine) and screen.port and screen.address:
        yield Place(screen.address, screen.port)
        return
    with contextlib.ExitStack() as stack:
        socket = stack.enter_context(screen_bridge.private_socket()) if by_socket else None
        if isinstance(machine, SshMachine):
            here = socket or f"127.0.0.1:{screen_bridge.free_port()}"
            stack.enter_context(machine.forwarded(here, display.there(screen)))
        else:
            here = stack.enter_context(screen_bridge.bridge(find(host, screen.uuid), socket))
        yield Place("127.0.0.1", 0, socket) if socket else Place("127.0.0.1", int(here.rpartition(":")[2]))


def argument(viewer: Viewer, kind: str, place: Place) -> str:
    """How that program is told where to connect."""
    address = f"[{place.address}]" if ":" in place.address else place.address
    match viewer.program:
        case "remote-viewer" if place.socket:
            return f"{kind}+unix://{place.socket}"
        case "remote-viewer":
            return (
                f"vnc://{address}:{place.port}" if kind == "vnc" else f"spice://{address}?port={place.port}"
            )
        case "gvncviewer":
            return f"{address}:{place.port - 5900}"
    return place.socket or f"{address}::{place.port}"
