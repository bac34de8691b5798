"""`inn serve`: what has to be there before it serves."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from innkeeper.errors import Busy, Failed, Invalid
from innkeeper.machine import local
from innkeeper.server.access import certificate
from innkeeper.server.access.certificate import Certificate
from innkeeper.server.access.gate import Gate
from innkeeper.server.access.guard import Access
from innkeeper.server.access.hosts import Names, is_loopback
from innkeeper.server.app import make
from innkeeper.server.keeper import Keeper
from innkeeper.server.process import Process
from innkeeper.store import open_database
from innkeeper.token import place, words
from innkeeper.token.records import Records

__all__ = ["LOOPBACK", "Listen", "Ready", "serve"]

LOOPBACK = "127.0.0.1"
_FILES = 65536
"""Connections and files that the process may have open, where it may have so many."""


class Listen(NamedTuple):
    """Where to listen. `cert` and `key` are files; without them an address other than loopback gets a certificate of
    our own making, and loopback none."""

    address: str = LOOPBACK
    port: int = 8006
    cert: str | None = None
    key: str | None = None


class Ready(NamedTuple):
    """What is told when it answers."""

    url: str
    certificate: Certificate | None
    link: Callable[[], str]
    """makes one that lets its owner in, once"""


def serve(uri: str, listen: Listen, on_ready: Callable[[Ready], None]) -> None:
    """Serve until SIGTERM or SIGINT. Port 0 takes one that is free.

    Raises `Busy("server.running")` when another serves from this state directory, `Failed("server.address")` when
    nothing can listen there, `Invalid("server.certificate")`, and what `open_database` raises.
    """
    _log_to_stderr()
    with ExitStack() as held:
        held.enter_context(_alone())
        found = _certificate(listen)
        listening = held.enter_context(_listen(listen))
        database = open_database()
        held.callback(database.close)
        records = Records(database)
        app = make(Keeper(uri, database), Access(records, found is not None))
        url = _url(listen, listening.getsockname()[1], found is not None)

        def ready() -> None:
            place.write(url)
            on_ready(Ready(url, found, lambda: f"{url}/#link={records.make_link()[0]}"))

        held.callback(place.forget)
        gate = Gate(app, Names(listen.address))
        Process(gate, app.state.hub, found, ready).run([listening])


@contextmanager
def _alone() -> Iterator[None]:
    directory = local().state_dir
    try:
        held = local().lock(f"server:{words.digest(directory)[:16]}", f"process {os.getpid()}")
        with held:
            yield
    except Busy as error:
        if error.code != "operation.busy":
            raise
        raise Busy("server.running", directory=directory, owner=error.facts["owner"]) from error


def _certificate(listen: Listen) -> Certificate | None:
    if bool(listen.cert) != bool(listen.key):
        raise Invalid("request.needs", first="--tls-cert", second="--tls-key")
    if listen.cert and listen.key:
        return Certificate(os.path.abspath(listen.cert), os.path.abspath(listen.key))
    return None if is_loopback(listen.address) else certificate.own(listen.address)


@contextmanager
def _listen(listen: Listen) -> Iterator[socket.socket]:
    listening = None
    try:
        found = socket.getaddrinfo(listen.address, listen.port, type=socket.SOCK_STREAM)
        family, kind, protocol, _name, address = found[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as error:
        if listening is not None:
            listening.close()
        reason = error.strerror or str(error)
        raise Failed("server.address", address=listen.address, port=listen.port, reason=reason) from error
    with listening:
        yield listening


def _url(listen: Listen, port: int, tls: bool) -> str:
    """By an address that leads here: one of this computer's when it listens on all of them."""
    shown = listen.address
    if shown in ("0.0.0.0", "::"):  # compared, not listened on
        found = certificate.addresses()
        shown = next(iter(found), LOOPBACK if shown == "0.0.0.0" else "::1")
    host = f"[{shown}]" if ":" in shown else shown
    return f"{'https' if tls else 'http'}://{host}:{port}"


def _log_to_stderr() -> None:
    """One line each: of requests as JSON, of the rest as text."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    for name, level in (
        ("innkeeper", logging.INFO),
        ("uvicorn", logging.ERROR),  # what fuzzers send is no news
        ("asyncio", logging.CRITICAL),
    ):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level)
    _raise_limit()


def _raise_limit() -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
