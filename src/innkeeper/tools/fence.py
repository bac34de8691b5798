"""Running what builds a root file system: as its root, with mounts and processes that cannot outlive us.

Root gets mount and process namespaces; an ordinary user gets a user namespace too, in which they are root and the
ids of /etc/subuid are the others (user_namespaces(7)). When this process dies, even by SIGKILL, the kernel kills the
namespace's first process and with it all others, and its mounts are gone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from innkeeper.errors import Failed
from innkeeper.machine import Machine, Result, local
from innkeeper.tools.programs import SEARCH, why

if TYPE_CHECKING:
    from innkeeper.host import Host

__all__ = ["PROGRAMS", "delete_tree", "fenced_run", "possible", "remove_tree"]

PROGRAMS = {"unshare": "util-linux", "setpriv": "util-linux"}
_TRIES = 3


def fenced_run(
    machine: Machine,
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    on_line: Callable[[str], None] | None = None,
) -> Result:
    """Run a program as root of a new namespace, to its end. Errors are those of `machine.run`, about that program."""
    as_root = [] if machine.is_root else ["--user", "--map-root-user", "--map-auto"]
    fence = ["setpriv", "--pdeathsig", "KILL", "unshare", *as_root, "--mount", "--propagation", "private"]
    fence += ["--pid", "--fork", "--kill-child", "--"]
    result = machine.run([*fence, *argv], env={**SEARCH, **(env or {})}, on_line=on_line, check=False)
    if result.status != 0:
        raise Failed("machine.command_failed", program=argv[0], status=result.status, detail=why(result))
    return result


def possible(machine: Machine) -> bool:
    """Whether such a namespace can be made: an ordinary user needs newuidmap, /etc/subuid and the kernel's consent."""
    try:
        fenced_run(machine, ["true"])
    except Failed:
        return False
    return True


def remove_tree(machine: Machine, path: str) -> None:
    """Remove a tree that was made in a fence: an ordinary user cannot remove files of their subordinate ids without.

    Missing is fine. What is still dying there may make one more file, so it is tried again.
    """
    for number in range(1, _TRIES + 1):
        try:
            fenced_run(machine, ["rm", "-rf", "--one-file-system", "--", path])
        except Failed:
            if number == _TRIES:
                raise
        else:
            return


def delete_tree(host: Host, path: str) -> None:
    """Undo, on this computer, whatever host the operation was about: remove a tree made in a fence."""
    if local().files.exists(path):
        remove_tree(local(), path)
