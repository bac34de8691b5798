"""A real sshd in a world, with the world's own keys, on a port of the loopback: that world is then a far host."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from collections.abc import Iterator

from tests.world import World

__all__ = ["INSECURE", "OPTIONS", "sshd", "uri"]

INSECURE = ("-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null")
OPTIONS = (
    "HostKey=/etc/ssh/world_host",
    "AuthorizedKeysFile=/etc/ssh/world_keys",
    "PermitRootLogin=yes",
    "StrictModes=no",
    "UsePAM=no",
    "PidFile=none",
    "ListenAddress=127.0.0.1",
    "PasswordAuthentication=no",
)


@contextlib.contextmanager
def sshd(there: World) -> Iterator[int]:
    """Its port, while it runs. The world has to be made with `network="host"` to be reached from here."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = int(probe.getsockname()[1])
    there.run(
        ["sh", "-c", "mkdir -p /run/sshd /etc/ssh && cp ~/.ssh/id_ed25519.pub /etc/ssh/world_keys"],
        check=True,
    )
    there.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "/etc/ssh/world_host"], check=True)
    flags = [word for option in OPTIONS for word in ("-o", option)]
    argv = ["/usr/sbin/sshd", "-D", "-e", "-f", "/dev/null", "-p", str(number), *flags]
    with there.popen(argv, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        deadline = time.monotonic() + 10
        while not _answers(number):
            assert time.monotonic() < deadline, "sshd did not come up"
            time.sleep(0.05)
        yield number
        process.terminate()


def uri(there: World, port: int, user: str = "root") -> str:
    """libvirt's URI of that host, by ssh."""
    return f"qemu+ssh://{user}@127.0.0.1:{port}/system?keyfile={there.home}/.ssh/id_ed25519&no_verify=1"


def _answers(number: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", number)) == 0
