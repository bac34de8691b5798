"""`inn serve`: what has to be there before it serves."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from innkeeper.errors import Busy, Failed, InnkeeperError, Invalid
from innkeeper.machine import apart, local
from innkeeper.server import web
from innkeeper.server.access import certificate
from innkeeper.server.access.certificate import Certificate
from innkeeper.server.access.hosts import Names, is_loopback
from innkeeper.server.access.plain import refusal
from innkeeper.server.calls import CALLS
from innkeeper.server.keeper import Keeper
from innkeeper.server.process import end_in_time
from innkeeper.server.wire import Called
from innkeeper.store import open_database
from innkeeper.store.owning import claim
from innkeeper.token import place, words

__all__ = ["LOOPBACK", "Listen", "Ready", "serve"]

LOOPBACK = "127.0.0.1"
_LOOK = 10.0
"""Seconds between two looks at the certificate's files."""
_FILES = 65536
"""Connections and files that the process may have open, where it may have so many."""
_TURN = 0.0005
"""Seconds for which a thread that looks at guests holds the interpreter while one that answers waits for it: an answer
waits for several turns. Python's own 0.005 made the slowest of a hundred pages two to three times as slow."""


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
    nothing can listen there, `Invalid("server.certificate")`, and what `open_database` and `owning.claim` raise.
    """
    _log_to_stderr()
    sys.setswitchinterval(_TURN)
    with _alone(), ExitStack() as held:
        found = _certificate(listen)
        listening = held.enter_context(_listen(listen))
        url = _url(listen, listening.getsockname()[1], found is not None)
        if found is not None:
            found.context.answer = refusal(url)
        apart.wait(apart.begin(_migrate))
        ours, theirs = socket.socketpair()
        web.load()
        pid = apart.begin(lambda: web.run(theirs, listening, found, Names(listen.address)))
        theirs.close()
        held.callback(_end, pid)
        asked = _pass_on_signals(pid)
        database = open_database()
        held.callback(database.close)
        claim(database)
        keeper = Keeper(uri, database)

        def ready() -> None:
            place.write(url)
            on_ready(Ready(url, found, lambda: f"{url}/#link={keeper.records.make_link()[0]}"))

        held.callback(place.forget)
        keeper.on_ready = ready
        _answer(keeper, ours, found)
        held.callback(keeper.close)
        if (status := apart.wait(pid)) and not asked.is_set():
            raise Failed("server.web_gone", status=status)


def _answer(keeper: Keeper, end: socket.socket, found: Certificate | None) -> None:
    """What the web side asks for, from now on."""
    called = Called(keeper, CALLS, end)
    keeper.publish = lambda *event: called.push(event)
    keeper.start()
    threading.Thread(target=called.serve, name="calls", daemon=True).start()
    if found is not None:
        threading.Thread(target=_refresh, args=(found, called), name="certificate", daemon=True).start()


def _migrate() -> int:
    """In a process of its own: what a migration loads, some 10 MB, would stay for as long as the server runs. What goes
    wrong is met again, and told, where the database is opened to be used."""
    open_database().close()
    return 0


def _pass_on_signals(pid: int) -> threading.Event:
    """The web side ends first; what is under way after that ends in time. Whether that was asked."""
    asked = threading.Event()

    def end(_number: int, _frame: object) -> None:
        if not asked.is_set():
            asked.set()
            end_in_time(place.forget)
        apart.pass_on(pid, signal.SIGTERM)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    return asked


def _end(pid: int) -> None:
    """It is not there without the keeper's side."""
    apart.pass_on(pid, signal.SIGKILL)


def _refresh(found: Certificate, called: Called) -> None:
    """The web side cannot read the files of the certificate: it is told what is in them."""
    log = logging.getLogger("innkeeper.server")
    while True:
        time.sleep(_LOOK)
        try:
            if found.refresh():
                called.push(("certificate", *found.files()))
                log.warning("certificate taken anew: %s", found.fingerprint)
        except InnkeeperError as error:
            log.error("certificate stays as it was: %s", error)  # noqa: TRY400  # it is no bug


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
