"""A process of our own with fewer rights: what it runs was loaded before, and it dies with the one that began it."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
from collections.abc import Callable
from contextlib import suppress

__all__ = ["begin", "give_up_rights", "pass_on", "wait"]

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
"""prctl(2)"""
_NOBODY = 65534


def begin(body: Callable[[], int]) -> int:
    """Run it in a process of its own, whose status it returns. Answers that process's number.
    No other thread may run."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        status = body()
    finally:
        os._exit(status)  # nothing here is this process's to tidy up


def give_up_rights(parent: int, user: str) -> None:
    """Become that user, or nobody where there is none; an ordinary user stays who they are. No program that is begun
    from here on gets more rights, and when `parent` dies this process does."""
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() == 0:
        number, group = _NOBODY, _NOBODY
        with suppress(KeyError):
            found = pwd.getpwnam(user)
            number, group = found.pw_uid, found.pw_gid
        os.setgroups([])
        os.setresgid(group, group, group)
        os.setresuid(number, number, number)
    for option, value in ((_PR_SET_NO_NEW_PRIVS, 1), (_PR_SET_PDEATHSIG, signal.SIGKILL)):
        if libc.prctl(option, value, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:  # it died before
        os._exit(1)


def wait(pid: int) -> int:
    """Its status when it has ended; that of the shell, 128 and the signal, where a signal ended it."""
    _pid, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    return 128 - code if code < 0 else code


def pass_on(pid: int, number: int) -> None:
    """Send it that signal, if it is still there."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)
