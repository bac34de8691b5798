"""Calls about devices of the host (libvirt's node devices)."""

from __future__ import annotations

import libvirt

from innkeeper.errors import InnkeeperError, Unsupported
from innkeeper.virt.border import border, code_of
from innkeeper.virt.connection import Connection

__all__ = ["documents", "used_by"]


def documents(connection: Connection) -> dict[str, tuple[str, bool]]:
    """Name → its XML, and whether it is there: mediated devices may be defined only.

    Raises `Unsupported("libvirt.unsupported")` where the driver knows nothing of its host's devices.
    """
    found: dict[str, tuple[str, bool]] = {}
    with border():
        for raw in connection.raw.listAllDevices(0):
            try:
                found[str(raw.name())] = (str(raw.XMLDesc(0)), True)
            except libvirt.libvirtError as error:
                if error.get_error_code() != libvirt.VIR_ERR_NO_NODE_DEVICE:
                    raise  # else it was unplugged since it was listed
    for name in _only_defined(connection) & found.keys():
        found[name] = (found[name][0], False)
    return found


def _only_defined(connection: Connection) -> set[str]:
    """Names of those that are not there now. Before libvirt 7.3 all are."""
    try:
        with border():
            flag = libvirt.VIR_CONNECT_LIST_NODE_DEVICES_INACTIVE
            return {str(raw.name()) for raw in connection.raw.listAllDevices(flag)}
    except Unsupported:
        return set()
    except InnkeeperError as error:
        if code_of(error) != libvirt.VIR_ERR_INVALID_ARG:
            raise
        return set()


def used_by(connection: Connection) -> dict[str, tuple[str, str | None]]:
    """Name → stored XML of each domain, and that of its present run (None when it is off): what hostdevs name."""
    found: dict[str, tuple[str, str | None]] = {}
    with border():
        for raw in connection.raw.listAllDomains():
            live = None
            try:
                stored = str(raw.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE))
                if raw.isActive():
                    live = str(raw.XMLDesc(0))
            except libvirt.libvirtError as error:
                if error.get_error_code() == libvirt.VIR_ERR_NO_DOMAIN:
                    continue  # it went away since it was listed
                raise
            found[str(raw.name())] = (stored, live)
    return found
