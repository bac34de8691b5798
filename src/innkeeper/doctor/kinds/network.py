"""A libvirt network by its name: {"xml", "active", "autostart"}, or None when there is none."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from innkeeper import libvirtxml
from innkeeper.doctor.repairs import Kind
from innkeeper.errors import Conflict, InnkeeperError
from innkeeper.virt import networks

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["KIND"]


def _look(site: Site, name: str) -> dict[str, Any] | None:
    network = networks.find(site.host.virt, name)
    if network is None:
        return None
    autostart = network.persistent and network.autostart
    return {"xml": network.stored_xml(), "active": network.active, "autostart": autostart}


def _put(site: Site, name: str, value: dict[str, Any] | None) -> None:
    """What the value does not name stays as it is. A changed document of an active network is started anew, and the
    former one when that fails.

    Raises `Conflict("network.in_use")` rather than cut off guests.
    """
    network = networks.find(site.host.virt, name)
    if value is None:
        _remove(network)
        return
    if network is not None and network.active and value.get("active") is False:
        _stop(network)
    if "xml" in value and (network is None or value["xml"] != network.stored_xml()):
        network = _define(site, network, name, value["xml"])
    assert network is not None, "a repair of a network that is not there says its document"
    if value.get("active") and not network.active:
        network.start()
    if value.get("autostart", network.autostart) != network.autostart:
        network.autostart = value["autostart"]


def _define(site: Site, network: networks.Network | None, name: str, xml: str) -> networks.Network:
    if network is None or not network.active:
        return networks.define(site.host.virt, xml, name)
    former = network.stored_xml()
    _refuse_guests(network)
    networks.define(site.host.virt, xml, name)
    try:
        network.stop()
        network.start()
    except InnkeeperError:
        again = networks.define(site.host.virt, former, name)
        if not again.active:
            again.start()
        raise
    return network


def _remove(network: networks.Network | None) -> None:
    if network is None:
        return
    persistent = network.persistent
    if network.active:
        _stop(network)
    if persistent:
        network.undefine()


def _stop(network: networks.Network) -> None:
    _refuse_guests(network)
    network.stop()


def _refuse_guests(network: networks.Network) -> None:
    if libvirtxml.Network.from_xml(network.xml()).connections:
        raise Conflict("network.in_use", name=network.name)


def _commands(name: str, value: dict[str, Any] | None) -> list[str]:
    word = shlex.quote(name)
    if value is None:
        return [f"virsh net-destroy {word}", f"virsh net-undefine {word}"]
    lines = []
    if "xml" in value:
        lines.append(f"printf %s {shlex.quote(value['xml'])} | virsh net-define /dev/stdin")
    if value.get("active"):
        if "xml" in value:  # what is active goes on as it was until it is started anew
            lines.append(f"virsh net-destroy {word} >/dev/null 2>&1 || true")
        lines.append(f"virsh net-start {word}")
    elif value.get("active") is False:
        lines.append(f"virsh net-destroy {word}")
    if value.get("autostart") is not None:
        lines.append(f"virsh net-autostart {word}{'' if value['autostart'] else ' --disable'}")
    return lines


def _done(now: dict[str, Any] | None, value: dict[str, Any] | None) -> bool:
    if now is None or value is None:
        return now is value
    return all(now[piece] == wanted for piece, wanted in value.items())


KIND = Kind(_look, _put, _commands, _done, touches=(("forwarding", "all"),))
