"""Why a guest last stopped, and what QEMU and its serial port said."""

from __future__ import annotations

import re
import shlex
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from innkeeper.errors import Denied, InnkeeperError, NotFound, Unsupported
from innkeeper.guest import metadata
from innkeeper.guest.naming import find
from innkeeper.guest.running.waiting import log_path
from innkeeper.guest.watching import log_files
from innkeeper.libvirtxml import Domain
from innkeeper.schema.guest_screen import GuestLogs, Log, Logs, Stop
from innkeeper.verbs import Plan, Verb
from innkeeper.virt.reasons import state_and_reason

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation
    from innkeeper.virt import domains

__all__ = ["VERBS"]

_STARTED = re.compile(r": starting up libvirt version: ")
_STOPPED = re.compile(r"^(?P<at>[0-9-]{10} [0-9:.]+[+-][0-9]{4}): shutting down, reason=(?P<reason>[a-z_]+)")
"""libvirt's own lines in the log of a guest (qemu_process.c, qemuProcessStart and qemuProcessStop)."""
_QEMU = re.compile(r"^(?:[0-9T:.Z-]+ )?qemu-[a-z0-9_-]+: (?P<words>.+)")
_USUAL = re.compile(r"terminating on signal 15")
_PANIC = re.compile(r"Kernel panic - not syncing.*")
_BANNER = r"SeaBIOS \(version|BdsDxe: |UEFI firmware|\[ +0\.000000\] (?:Linux version|Booting Linux)"
"""What is first on a serial port after a start, when somebody says something there."""
_ILL = ("crashed", "failed", "daemon", "unknown")
_ENOUGH = 400
"""Lines of QEMU's log that hold its last start and stop: its command line alone has about a hundred."""


class _Places(NamedTuple):
    domain: domains.Domain
    qemu: str | None
    serial: str | None
    boot_pattern: str | None
    created: float
    """Seconds since the epoch; 0 when that is not known"""


def _check(host: Host, request: GuestLogs) -> _Places:
    domain = find(host, request.name)
    document = Domain.from_xml(domain.xml(live=domain.active))
    serial = log_path(document)
    if request.which == "serial" and serial is None:
        raise NotFound("guest.serial_not_logged", name=domain.name)
    qemu = log_files.hypervisor_log(host, domain.name) if host.machine else None
    if request.which != "all" and host.machine is None:
        raise Unsupported("machine.needed", verb="guest.logs", uri=host.uri)
    facts = metadata.read(document)
    created = facts.created if facts.created and facts.created.isdecimal() else "0"
    return _Places(domain, qemu, serial, facts.boot_pattern, float(created))


def _run(host: Host, request: GuestLogs, operation: Operation) -> Logs:
    """One that was asked for by its kind must be readable; else each log says why it is not."""
    places: _Places = operation.decided
    state, reason = state_and_reason(places.domain)
    logs = []
    if request.which in ("all", "qemu"):
        logs.append(_qemu(host, places, request))
    if request.which in ("all", "serial"):
        logs.append(_serial(host, places, request))
    stop = _stop(host, places, state, reason) if request.which == "all" else None
    return Logs(name=places.domain.name, state=state, reason=reason, stop=stop, logs=tuple(logs))


def _qemu(host: Host, places: _Places, request: GuestLogs) -> Log:
    since = _STARTED if request.since_start else None
    wanted = request.lines + _ENOUGH if request.which == "all" else request.lines
    log = _log(host, "qemu", places.qemu, wanted, since, request)
    if request.which != "all":
        return log
    return _with_lines(log, _without_command_lines(log.lines)[-request.lines or len(log.lines) :])


def _serial(host: Host, places: _Places, request: GuestLogs) -> Log:
    if places.serial is None:
        return Log(
            kind="serial", path=None, lines=(), problem="guest.serial_not_logged", facts=_facts(places)
        )
    since = _begins(places) if request.since_start else None
    return _log(host, "serial", places.serial, request.lines, since, request)


def _begins(places: _Places) -> re.Pattern[str]:
    """What a start of this guest shows on its serial port first, as far as is known."""
    try:
        return re.compile(f"{_BANNER}|(?:{places.boot_pattern})" if places.boot_pattern else _BANNER)
    except re.error:  # the guest's document says it, which others may have written
        return re.compile(_BANNER)


def _log(
    host: Host, kind: str, path: str | None, lines: int, since: re.Pattern[str] | None, request: GuestLogs
) -> Log:
    if host.machine is None or path is None:
        facts = {"verb": "guest.logs", "uri": host.uri}
        return Log(kind=kind, path=path, lines=(), problem="machine.needed", facts=facts)
    try:
        if request.after is not None:
            end = log_files.behind(host.machine, path, request.after)
        else:
            end = log_files.tail(host.machine, path, lines, since)
    except (NotFound, Denied) as error:
        code = "guest.log_denied" if isinstance(error, Denied) else "guest.log_missing"
        told = type(error)(code, name=request.name, path=path)
        if request.which == kind:
            raise told from error
        return _unreadable(kind, path, told)
    shown = tuple(map(log_files.plain, end.lines))
    return Log(kind=kind, path=path, lines=shown, whole=end.whole, size=end.size)


def _unreadable(kind: str, path: str, error: InnkeeperError) -> Log:
    facts = {name: str(fact) for name, fact in error.facts.items()}
    return Log(kind=kind, path=path, lines=(), problem=error.code, facts=facts)


def _facts(places: _Places) -> dict[str, str]:
    return {"name": places.domain.name}


def _with_lines(log: Log, lines: list[str]) -> Log:
    import msgspec

    return msgspec.structs.replace(log, lines=tuple(lines))


def _without_command_lines(lines: tuple[str, ...]) -> list[str]:
    """Environment and options of QEMU, a line each and each but the last ending in a backslash, follow its start."""
    kept: list[str] = []
    inside = False
    for line in lines:
        if _STARTED.search(line):
            kept.append(line)
            inside = True
        elif inside or line.endswith(" \\"):
            inside = line.endswith(" \\")
        else:
            kept.append(line)
    return kept


def _stop(host: Host, places: _Places, state: str, reason: str) -> Stop | None:
    """From libvirt, which forgets it when it is restarted, or else from the guest's log. That is named after the guest:
    what is older than this guest was of another one of that name."""
    lines = _lines(host, places.qemu)
    told = next((found for line in reversed(lines) if (found := _STOPPED.search(line))), None)
    at = datetime.strptime(told["at"], "%Y-%m-%d %H:%M:%S.%f%z").timestamp() if told else None
    if at is not None and at < places.created:
        told = at = None
    if state != "stopped" or reason == "unknown":
        if told is None:
            return None
        reason = told["reason"]
    words = _last_words(lines) if reason in _ILL else None
    return Stop(reason=reason, at=at, last_words=words, panic=_panic(host, places))


def _panic(host: Host, places: _Places) -> str | None:
    """In its last run, as far as is known where that began."""
    begins = _begins(places)
    for line in reversed(_lines(host, places.serial)):
        if found := _PANIC.search(line):
            return found[0]
        if begins.search(line):
            break
    return None


def _lines(host: Host, path: str | None) -> list[str]:
    """What its end says, where it can be read: what can not was told of its own accord."""
    if host.machine is None or path is None:
        return []
    try:
        return [log_files.plain(line) for line in log_files.tail(host.machine, path, _ENOUGH).lines]
    except (NotFound, Denied):
        return []


def _last_words(lines: list[str]) -> str | None:
    """QEMU's last complaint before it was last stopped."""
    for line in reversed(lines):
        if _STARTED.search(line):
            return None
        found = _QEMU.search(line)
        if found and not _USUAL.search(line):
            return found["words"]
    return None


def _plan(host: Host, request: GuestLogs, places: _Places) -> Plan:
    name = places.domain.name
    commands = [f"virsh domstate {shlex.quote(name)} --reason"] if request.which == "all" else []
    wanted = {"qemu": places.qemu, "serial": places.serial}
    for kind, path in wanted.items():
        there = host.machine is not None and path is not None and host.machine.files.exists(path)
        if path is not None and there and request.which in ("all", kind):
            commands.append(f"tail -n {request.lines} {shlex.quote(path)}")
    return Plan([f"read the logs of {name}"], {}, commands)


VERBS = {"guest.logs": Verb("guest.logs", GuestLogs, Logs, _check, _run, plan=_plan)}
