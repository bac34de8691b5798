"""The web side: a process of a user without rights, which has the connections, and asks the keeper (DESIGN.md §8).

What it needs is loaded before it gives up its rights, since it may not be able to read it afterwards.
"""

from __future__ import annotations

import gc
import os
import pkgutil
import socket
from importlib import import_module
from typing import Any, cast

from innkeeper import config, messages
from innkeeper.machine import apart
from innkeeper.server import pages, web_pages
from innkeeper.server.access.certificate import Certificate
from innkeeper.server.access.gate import Gate
from innkeeper.server.access.guard import Access
from innkeeper.server.access.hosts import Names
from innkeeper.server.app import MODULES, make
from innkeeper.server.calls import Remote
from innkeeper.server.events import Hub
from innkeeper.server.process import Process
from innkeeper.server.wire import Caller

__all__ = ["load", "run"]

USER = "innkeeper"
"""Whom the web side runs as where that user is there (the Debian package makes it); else as nobody."""
_LATER = (
    "uvicorn.lifespan.off",
    "uvicorn.loops.auto",
    "uvicorn.loops.uvloop",
    "uvicorn.protocols.websockets.websockets_sansio_impl",
)
"""What Uvicorn loads when it begins."""


def load() -> None:
    """All that the web side needs, once for both processes."""
    for name in _LATER:
        import_module(name)
    for language in messages.LANGUAGES:
        package = import_module(f"innkeeper.messages.{language}")
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    pages.described(MODULES)
    web_pages.load()
    config.get("uri")
    gc.collect()
    gc.freeze()  # what is shared stays shared


def run(end: socket.socket, listening: socket.socket, certificate: Certificate | None, names: Names) -> int:
    """Serve until SIGTERM. `end` leads to the keeper."""
    apart.give_up_rights(os.getppid(), USER)
    hub = Hub()

    def told(news: Any) -> None:
        match news:
            case ("certificate", bytes(chain), bytes(key)) if certificate is not None:
                certificate.take(chain, key)
            case (str(kind), str(id), str(what)):
                hub.publish(kind, id, what)

    caller = Caller(end, told)
    caller.call("link")  # it answers when it is ready
    keeper: Any = Remote(caller)
    app = make(keeper, Access(cast(Any, keeper.records), certificate is not None), hub)
    process = Process(
        Gate(web_pages.WebPages(app), names),
        hub,
        certificate.context if certificate else None,
        lambda: caller.call("ready"),
    )
    process.run([listening])
    return 0
