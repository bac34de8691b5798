"""Commands in a guest: by its agent, or by ssh where the agent is absent or refuses."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from innkeeper.errors import Conflict, Failed, Invalid, Refused, Unsupported
from innkeeper.guest.naming import find
from innkeeper.guest.within import reaching
from innkeeper.guest.within.agent import FILES, AgentShell, ask_commands
from innkeeper.guest.within.shells import Execution, Shell, SshShell
from innkeeper.libvirtxml import Domain
from innkeeper.libvirtxml.devices.channel import AGENT
from innkeeper.schema.guest_agent import GuestExec, Via
from innkeeper.schema.names import check_user
from innkeeper.verbs import Plan, Verb
from innkeeper.virt.agent import Agent

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation
    from innkeeper.virt import domains

__all__ = ["VERBS", "call_line", "choose", "virsh_exec"]

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_WORDS = 64_000
"""Bytes of a command with its variables: as much as the agent's line takes at once, and, quoted for ssh, the kernel in
one argument (MAX_ARG_STRLEN, 128 KiB)."""


def choose(host: Host, name: str, user: str | None, via: Via | None, files: bool = False) -> Shell:
    """The shell of a running guest: the way that was asked for; else the agent, and ssh where that is absent, silent or
    refuses. `files`: an agent that refuses files will not do.

    Raises `Unsupported("guest.no_way")` when neither leads there, else what speaks against the way asked for.
    """
    if user is not None:
        check_user(user)
    domain = find(host, name)
    if not domain.active:
        raise Conflict("guest.not_running", name=domain.name)
    document = Domain.from_xml(domain.xml(live=True))
    if via == "ssh":
        return _by_ssh(host, domain, document, user)
    try:
        return _by_agent(domain, document, user, files)
    except (Unsupported, Failed) as error:
        if via == "agent":
            raise
        agent = str(error)
    try:
        return _by_ssh(host, domain, document, user)
    except Refused as error:
        raise Unsupported("guest.no_way", name=domain.name, agent=agent, ssh=str(error)) from error


def _by_agent(domain: domains.Domain, document: Domain, user: str | None, files: bool) -> AgentShell:
    line = next((line for line in document.devices.channels if line.target_name == AGENT), None)
    if line is None:
        raise Unsupported("guest.no_agent", name=domain.name)
    if line.state == "disconnected":  # nobody has opened it in the guest: not worth the seconds of a question
        raise Unsupported("guest.agent_silent", name=domain.name)
    call = Agent(domain).call
    shell = AgentShell(domain.name, call, ask_commands(call, domain.name), user)
    if files and not shell.has_files:
        raise Unsupported("guest.agent_refuses", name=domain.name, command=", ".join(sorted(FILES)))
    return shell


def _by_ssh(host: Host, domain: domains.Domain, document: Domain, user: str | None) -> SshShell:
    login = reaching.refuse(domain, document, user)
    return SshShell(domain.name, login, partial(reaching.target, host, domain, document, login))


def _check(host: Host, request: GuestExec) -> Shell:
    for variable in request.env:
        if not _VARIABLE.fullmatch(variable):
            raise Invalid("request.variable", variable=variable)
    if not request.command[0] or request.command[0].startswith("-"):
        raise Invalid("guest.exec_word", word=request.command[0])
    words = [*request.command, *request.env, *request.env.values()]
    if any("\0" in word for word in words):
        raise Invalid("guest.exec_nul")
    if sum(len(word.encode()) + 1 for word in words) > _WORDS:
        raise Invalid("guest.exec_long", most=_WORDS)
    return choose(host, request.name, request.user, request.via)


def _run(_host: Host, request: GuestExec, operation: Operation) -> Execution:
    shell: Shell = operation.decided
    execution = Execution(shell.name, shell, request.command, request.env, request.timeout)
    if request.stdin is not None:
        execution.source = iter([request.stdin])
    return execution


def _plan(_host: Host, request: GuestExec, shell: Shell) -> Plan:
    if isinstance(shell, SshShell):
        words = [*(f"{key}={value}" for key, value in request.env.items()), *request.command]
        asked = shlex.join(["env", *words] if request.env else words)
        command = shlex.join([*shell.target().argv, asked])
        return Plan([f"run {shlex.join(request.command)} in {shell.name} by ssh"], {}, [command])
    lines = virsh_exec(shell.name, request.command, request.user, request.env)
    return Plan([f"run {shlex.join(request.command)} in {shell.name} through its agent"], {}, lines)


def virsh_exec(
    name: str, command: Sequence[str], user: str | None = None, env: Mapping[str, str] | None = None
) -> list[str]:
    """Lines for `sh` that run a command in a guest by virsh, wait for its end, and print what it printed."""
    words = list(command)
    if user:
        words = ["su", "-s", "/bin/sh", "-c", 'exec "$@"', "--", user, "sh", *words]
    asked = {"path": words[0], "arg": words[1:], "capture-output": True}
    if env:
        asked["env"] = [f"{key}={value}" for key, value in env.items()]
    field = r"sed -n 's/.*\"%s\":\"\{0,1\}\([^,\"}]*\).*/\1/p' answer"
    status = '{\\"execute\\":\\"guest-exec-status\\",\\"arguments\\":{\\"pid\\":$pid}}'
    look = f'virsh qemu-agent-command {shlex.quote(name)} "{status}" >answer'
    return [
        f"{call_line(name, 'guest-exec', asked)} >answer",
        f"pid=$({field % 'pid'})",
        f"until {look} && grep -q '\"exited\":true' answer; do sleep 0.1; done",
        f"{field % 'out-data'} | base64 -d",
        f"{field % 'err-data'} | base64 -d >&2",
        f"test $({field % 'exitcode'}) = 0",
    ]


def call_line(name: str, command: str, arguments: Mapping[str, object]) -> str:
    """virsh's command for one of the agent's."""
    asked = json.dumps({"execute": command, "arguments": arguments}, separators=(",", ":"))
    return f"virsh qemu-agent-command {shlex.quote(name)} {shlex.quote(asked)}"


VERBS = {"guest.exec": Verb("guest.exec", GuestExec, Execution, _check, _run, plan=_plan)}
