"""Where a guest's screen is, and how one gets there from where one sits."""

from __future__ import annotations

import getpass
import shlex
from typing import TYPE_CHECKING, NamedTuple

from innkeeper.errors import Conflict, Unsupported
from innkeeper.guest.naming import find
from innkeeper.libvirtxml import Domain
from innkeeper.machine import SshMachine
from innkeeper.schema.guest_screen import GuestScreen, Screen
from innkeeper.verbs import Plan, Verb

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.libvirtxml.devices.graphics import Graphics
    from innkeeper.operation import Operation
    from innkeeper.virt import domains

__all__ = ["VERBS", "there"]

_KINDS = ("vnc", "spice")
_ANYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}
"""Listens on all addresses → the one to use on that computer itself"""
_PORT = 5900
"""for a tunnel's near end, where the far one is no port"""


class _Served(NamedTuple):
    domain: domains.Domain
    graphics: Graphics


def _check(host: Host, request: GuestScreen) -> _Served:
    domain = find(host, request.name)
    if not domain.active:
        raise Conflict("guest.not_running", name=domain.name)
    served = [one for one in Domain.from_xml(domain.xml(live=True)).devices.graphics if one.type in _KINDS]
    if not served:
        raise Unsupported("guest.no_graphics", name=domain.name)
    return _Served(domain, min(served, key=lambda one: _KINDS.index(one.type or "")))


def _run(host: Host, _request: GuestScreen, operation: Operation) -> Screen:
    domain, graphics = operation.decided
    address, port, socket = _place(graphics)
    screen = Screen(
        name=domain.name,
        uuid=domain.uuid,
        kind=str(graphics.type),
        host=_host_name(host),
        address=address,
        port=port,
        tls_port=_port(graphics.tls_port),
        socket=socket,
        uri=_uri(graphics, address, port, socket),
        tunnel=(),
        password=bool(graphics.password),
        connection_file=None,
    )
    import msgspec

    whole: Screen = msgspec.structs.replace(
        screen, tunnel=_tunnel(host, screen), connection_file=_connection_file(screen)
    )
    return whole


def _place(graphics: Graphics) -> tuple[str | None, int | None, str | None]:
    """Address and port, or a UNIX socket, or neither: then only libvirt hands out connections."""
    listen = next(iter(graphics.listens), None)
    socket = graphics.socket or (listen.socket if listen else None)
    if socket:
        return None, None, socket
    port = _port(graphics.port) or _port(graphics.tls_port)
    if port is None or (listen is not None and listen.type == "none"):
        return None, None, None
    address = graphics.listen or (listen.address if listen else None) or ""
    return _ANYWHERE.get(address, address), port, None


def _port(number: int | None) -> int | None:
    return number if number and number > 0 else None


def _uri(graphics: Graphics, address: str | None, port: int | None, socket: str | None) -> str | None:
    """As virsh domdisplay and remote-viewer(1) write it."""
    if socket:
        return f"{graphics.type}+unix://{socket}"
    if address is None or port is None:
        return None
    place = f"[{address}]" if ":" in address else address
    if graphics.type == "vnc":
        return f"vnc://{place}:{port}"
    plain, tls = _port(graphics.port), _port(graphics.tls_port)
    asked = [f"port={plain}"] if plain else []
    asked += [f"tls-port={tls}"] if tls else []
    return f"spice://{place}?{'&'.join(asked)}"


def _host_name(host: Host) -> str:
    return host.machine.name if isinstance(host.machine, SshMachine) else host.virt.host_name


def there(screen: Screen) -> str:
    """The far end of a tunnel, as ssh -L writes it."""
    if screen.socket:
        return screen.socket
    place = f"[{screen.address}]" if ":" in (screen.address or "") else screen.address
    return f"{place}:{screen.port}"


def _tunnel(host: Host, screen: Screen) -> tuple[str, ...]:
    """From another computer: with the user's own ssh options where the URI is over ssh, else as this user."""
    if screen.uri is None:
        return ()
    machine = host.machine
    if not isinstance(machine, SshMachine):
        machine = SshMachine(screen.host, getpass.getuser())
    return tuple(machine.forward(str(screen.port or _PORT), there(screen)))


def _connection_file(screen: Screen) -> str | None:
    """For the computer where the guest runs, and for what is behind the tunnel; a password is not in it
    (remote-viewer(1), CONNECTION FILE)."""
    if screen.port is None:
        return None
    keys = {
        "type": screen.kind,
        "host": screen.address,
        "port": screen.port if screen.port != screen.tls_port else None,
        "tls-port": screen.tls_port,
        "title": "".join(one for one in screen.name if one.isprintable()),
    }
    lines = [f"{key}={value}" for key, value in keys.items() if value is not None]
    return "\n".join(["[virt-viewer]", *lines, ""])


def _plan(_host: Host, _request: GuestScreen, served: _Served) -> Plan:
    name = shlex.quote(served.domain.name)
    return Plan([f"open the screen of {served.domain.name}"], {}, [f"virsh domdisplay {name}"])


VERBS = {"guest.view": Verb("guest.view", GuestScreen, Screen, _check, _run, plan=_plan)}
