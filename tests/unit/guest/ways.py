"""Both ways into a guest, leading to this computer: an agent that works here, and a program that stands in for ssh."""

from __future__ import annotations

from pathlib import Path

from innkeeper.guest.within.agent import AgentShell, ask_commands
from innkeeper.guest.within.shells import Shell, SshShell
from innkeeper.schema.guest import SshTarget
from tests.unit.guest.local_agent import LocalAgent

__all__ = ["agent_shell", "ssh_shell"]

SSH = '#!/bin/sh\necho "$@" >>"$0.log"\nfor last; do :; done\ncd "$(dirname "$0")" && exec sh -c "$last"\n'
"""sshd, too, gives the whole command to a shell as one string."""


def agent_shell(agent: LocalAgent, user: str | None = None) -> AgentShell:
    return AgentShell("fake", agent.call, ask_commands(agent.call, "fake"), user)


def ssh_shell(folder: Path) -> Shell:
    program = folder / "ssh"
    program.write_text(SSH)
    program.chmod(0o755)
    target = SshTarget(name="fake", user="u", address="a", port=22, argv=(str(program), "-p", "2", "u@a"))
    return SshShell("fake", "u", lambda: target)
