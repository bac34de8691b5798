"""Commands in guests, on the keeper's side: each has a thread and an end of a socket whose other end the web side has.

The socket keeps the bounds of what is sent (SOCK_SEQPACKET). Each packet begins with a byte. To the web side: `w` the
way into the guest and the user there (JSON), `1` and `2` what it prints, `s` how it ended, `p` the problem that it
ended in. From there: `d` a piece of its standard input, `f` the end of that, `n` that there is none. It begins with
the first of these; when the other end is closed it is ended in the guest.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

import msgspec

from innkeeper.errors import Busy, InnkeeperError
from innkeeper.guest.within.executing import choose
from innkeeper.guest.within.shells import Execution
from innkeeper.host import Host
from innkeeper.schema.guest_agent import GuestExec
from innkeeper.server.hosts import Hosts
from innkeeper.verbs import verb

__all__ = ["MOST", "PIECE", "Commands"]

MOST = 64
"""Commands at once: each has a thread and a connection to libvirt."""
PIECE = 64 * 1024
"""Bytes of a packet, without its first."""
_LONGEST = 1 << 20
"""Bytes of a packet that is read."""


class Commands:
    """Its methods may be called from any thread."""

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts
        self._running: set[socket.socket] = set()
        self._lock = threading.Lock()

    def open(self, request: GuestExec, files: bool) -> socket.socket:
        """Begin a command. `files`: the way into the guest has to carry files. Raises `Busy("guest.exec_many")`."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with self._lock:
            if len(self._running) >= MOST:
                ours.close()
                theirs.close()
                raise Busy("guest.exec_many", most=MOST)
            self._running.add(ours)
        threading.Thread(target=self._run, args=(ours, request, files), name="command", daemon=True).start()
        return theirs

    def close(self) -> None:
        """All of them end."""
        with self._lock:
            for end in self._running:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def _run(self, end: socket.socket, request: GuestExec, files: bool) -> None:
        try:
            with self._hosts.borrow() as host:
                _carry(end, _execution(host, request, files))
        except OSError:
            return  # the other side left
        except InnkeeperError as error:
            _say(end, b"p", _problem(error))
        except Exception as error:  # a thread of its own: nobody else would hear of it
            logging.getLogger("innkeeper.server").exception("a command in %s", request.name)
            facts = {"kind": type(error).__name__}
            _say(end, b"p", {"code": "server.bug", "status": 500, "outcome": "unknown", "facts": facts})
        finally:
            with self._lock:
                self._running.discard(end)
            end.close()


def _execution(host: Host, request: GuestExec, files: bool) -> Execution:
    execution: Execution = verb("guest.exec").perform(host, request)
    if files:
        execution.shell = choose(host, request.name, request.user, request.via, files=True)
    return execution


def _carry(end: socket.socket, execution: Execution) -> None:
    shell = execution.shell
    end.send(b"w" + msgspec.json.encode({"name": shell.name, "way": shell.way, "user": shell.user}))
    first = end.recv(_LONGEST)
    if not first:
        return
    if first[:1] != b"n":
        execution.source = _typed(end, first)
    execution.pulse = True
    with closing(execution.pieces()) as pieces:
        for stream, piece in pieces:
            if not piece and _left(end):
                return
            for at in range(0, len(piece), PIECE):
                end.send(b"%d" % stream + piece[at : at + PIECE])
    end.send(b"s" + msgspec.json.encode({"status": execution.status or 0, "truncated": shell.truncated}))


def _typed(end: socket.socket, packet: bytes) -> Iterator[bytes]:
    while packet[:1] == b"d":
        if packet[1:]:
            yield packet[1:]
        packet = end.recv(_LONGEST)
    if not packet:
        raise ConnectionAbortedError  # whoever typed is gone: half of an input is no input


def _left(end: socket.socket) -> bool:
    try:
        return not end.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False


def _problem(error: InnkeeperError) -> dict[str, Any]:
    facts = {name: msgspec.to_builtins(fact, enc_hook=str) for name, fact in error.facts.items()}
    return {
        "code": error.code,
        "status": error.http_status,
        "outcome": error.outcome,
        "facts": facts,
        "undone": error.undone,
        "left": error.left,
    }


def _say(end: socket.socket, kind: bytes, told: dict[str, Any]) -> None:
    with suppress(OSError):  # nobody waits for it any more
        end.send(kind + msgspec.json.encode(told))
