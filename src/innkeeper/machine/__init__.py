"""A host outside libvirt: its programs, files and locks. Only here are processes started and host files opened."""

from innkeeper.machine.base import Files, Limits, Machine, Result
from innkeeper.machine.local import LocalMachine, local
from innkeeper.machine.ssh import SshMachine

__all__ = ["Files", "Limits", "LocalMachine", "Machine", "Result", "SshMachine", "local"]
