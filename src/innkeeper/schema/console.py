"""Requests and views of consoles over the network. Times are Unix seconds."""

from __future__ import annotations

from typing import Literal

from innkeeper.schema.base import Request, View

__all__ = ["ConsoleOpen", "ConsoleTicket"]


class ConsoleOpen(Request, frozen=True, kw_only=True):
    kind: Literal["serial", "vnc"] = "serial"
    """the first serial port, or the screen (RFB, as VNC speaks it)"""
    force: bool = False
    """take the serial port from whoever has it outside the server"""
    read_only: bool = False
    """of the serial port: watch, and type nothing"""


class ConsoleTicket(View, frozen=True, kw_only=True):
    """Where a WebSocket is opened, once, by who asked for it."""

    path: str
    """of the server, such as `/api/v1/consoles/…`; a secret until it is used"""
    token: str
    """the last part of `path`"""
    expires: float
    kind: Literal["serial", "vnc"]
    name: str
    uuid: str
    read_only: bool
