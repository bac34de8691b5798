"""A private door to a guest's screen: what connects to a socket of this user is handed to QEMU by libvirt.

For viewers that know nothing of libvirt, where QEMU listens nowhere or on a socket that only QEMU's user may open.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Iterator

from innkeeper.errors import InnkeeperError
from innkeeper.machine import local
from innkeeper.virt.domains import Domain
from innkeeper.virt.screen import open_graphics

__all__ = ["bridge", "free_port", "private_socket"]

_PIECE = 64 * 1024


@contextlib.contextmanager
def private_socket() -> Iterator[str]:
    """A path that no other user reaches, for a socket, which goes with the body."""
    folder = f"{local().runtime_dir}/screens"
    local().files.make_dir(folder, 0o700)
    path = f"{folder}/{os.getpid()}-{os.urandom(4).hex()}"
    try:
        yield path
    finally:
        local().files.remove(path)


def free_port() -> int:
    """A TCP port of this computer's loopback that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def bridge(domain: Domain, path: str | None) -> Iterator[str]:
    """While the body runs, connections to this UNIX socket, else to a port of the loopback, reach the guest's screen.
    Yields where: the path, or `127.0.0.1:PORT`."""
    with socket.socket(socket.AF_UNIX if path else socket.AF_INET) as door:
        door.bind(path or ("127.0.0.1", 0))
        door.listen()
        threading.Thread(target=_serve, args=(door, domain), daemon=True).start()
        try:
            yield path or f"127.0.0.1:{door.getsockname()[1]}"
        finally:
            with contextlib.suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits in accept


def _serve(door: socket.socket, domain: Domain) -> None:
    """A viewer may connect several times: SPICE has a connection for each of its channels."""
    with contextlib.suppress(OSError):  # the door was closed
        while True:
            visitor, _ = door.accept()
            try:
                screen = socket.socket(fileno=open_graphics(domain))
            except InnkeeperError:
                visitor.close()  # the guest went off: the viewer sees the end of it
                continue
            for source, sink in ((visitor, screen), (screen, visitor)):
                threading.Thread(target=_carry, args=(source, sink), daemon=True).start()


def _carry(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):  # either side may go at any time
        while data := source.recv(_PIECE):
            sink.sendall(data)
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
