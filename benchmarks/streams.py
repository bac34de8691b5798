"""What goes through the server byte by byte: a serial console's echo, and a file that becomes a volume."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import libvirt
from benchmarks.measure import Comparison, Way, in_turns, run, seconds
from benchmarks.programs import INN
from benchmarks.served import Served
from websockets.sync.client import connect

__all__ = ["compare_console", "compare_upload"]

_URI = "qemu:///system"
_NAME = "talks"
_ECHOES = 60
_LINE = 10
"""Words until what was typed is wiped out, so that no line becomes long."""
_PATIENCE = 60.0
_MIB = 512
_SENT = "sent.raw"
_NEAR = "/var/lib/libvirt"


def compare_console(rounds: int) -> Iterator[Comparison]:
    """From a key until the guest's shell echoes it, beside libvirt's own stream. Which guest and shell is the same."""
    run(INN, "create", _NAME, "--image", "tiny", "--wait", "boot")
    with (
        tempfile.TemporaryDirectory(dir="/var/lib") as directory,
        Served(_URI, Path(directory)) as served,
    ):
        served.until_connected(1)
        ours, direct = "WebSocket", "libvirt's stream"
        ways: dict[str, Way] = {ours: lambda: _through(served), direct: _direct}
        times = in_turns(ways, rounds)
    run("virsh", "destroy", _NAME)
    run("virsh", "undefine", _NAME)
    yield Comparison("console", ours, direct, "times", 1.2, times[ours], times[direct])


def _through(served: Served) -> float:
    ticket = served.post(f"/api/v1/guests/{_NAME}/console", {"kind": "serial"})
    address = f"ws://127.0.0.1:{served.port}{ticket['path']}"
    with connect(address, additional_headers=served.headers, compression=None) as socket:

        def receive() -> bytes:
            came = socket.recv(_PATIENCE)
            return came if isinstance(came, bytes) else b""

        return _echoes(socket.send, receive)


def _direct() -> float:
    with libvirt.open(_URI) as host:
        stream = host.newStream(0)
        _opened(host.lookupByName(_NAME), stream)
        took = _echoes(stream.send, lambda: stream.recv(4096))
        with suppress(libvirt.libvirtError):
            stream.abort()
        return took


def _opened(guest: libvirt.virDomain, stream: libvirt.virStream) -> None:
    """Once the server has let go of it."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            guest.openConsole(None, stream, libvirt.VIR_DOMAIN_CONSOLE_SAFE)
        except libvirt.libvirtError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def _echoes(send: Callable[[bytes], object], receive: Callable[[], bytes]) -> float:
    """The middle one of many."""
    took = []
    _until(b"#", send, receive, b"\r")
    for number in range(_ECHOES):
        word = b"%05d" % number
        began = time.perf_counter()
        _until(word, send, receive, word)
        took.append(time.perf_counter() - began)
        if number % _LINE == _LINE - 1:
            send(b"\x15")
    return statistics.median(took)


def _until(
    wanted: bytes, send: Callable[[bytes], object], receive: Callable[[], bytes], typed: bytes
) -> None:
    send(typed)
    said, deadline = b"", time.monotonic() + _PATIENCE
    while wanted not in said:
        if time.monotonic() > deadline:
            raise RuntimeError(f"no echo of {typed!r}: {said[-200:]!r}")
        said += receive()


def compare_upload(rounds: int) -> Iterator[Comparison]:
    """`inn` through a server, which takes the bytes, looks into them and makes a volume of them on disk; `virsh
    vol-upload` writes into a volume that is there, and leaves the disk to the kernel. The server's state is on the
    pool's file system, as where nobody made another for either."""
    with tempfile.TemporaryDirectory(dir=_NEAR) as directory:
        file = f"{directory}/noise"
        run("sh", "-c", f"head -c {_MIB}M /dev/urandom >{file}")
        with Served(_URI, Path(directory) / "state") as served:
            os.environ |= {"INNKEEPER_TOKEN": served.token}
            url = f"http://127.0.0.1:{served.port}"
            ours, plain, synced = "inn volume upload", "virsh vol-upload", "virsh vol-upload, sync"
            ways: dict[str, Way] = {
                ours: lambda: _sent(INN, "--server", url, "volume", "upload", f"default/{_SENT}", file),
                plain: lambda: _virsh(file, "true"),
                synced: lambda: _virsh(file, "sync"),
            }
            times = in_turns(ways, rounds)
            del os.environ["INNKEEPER_TOKEN"]
    for other, most in ((plain, 1 / 0.9), (synced, None)):
        yield Comparison(f"upload, {_MIB} MiB", ours, other, "times", most, times[ours], times[other])


def _virsh(file: str, after: str) -> float:
    create = f"virsh vol-create-as default {_SENT} {_MIB}M --format raw --allocation 0"
    return _sent("sh", "-ec", f"{create} && virsh vol-upload --pool default {_SENT} {file} && {after}")


def _sent(*argv: str) -> float:
    run("sync")
    took = seconds(*argv)
    run("virsh", "vol-delete", "--pool", "default", _SENT)
    return took
