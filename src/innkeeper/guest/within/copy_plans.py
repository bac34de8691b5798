"""What copying comes to by hand: scp, or virsh and the agent's commands for files."""

from __future__ import annotations

import os
import posixpath
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from innkeeper.guest.within.executing import call_line, virsh_exec
from innkeeper.guest.within.shells import Shell, SshShell
from innkeeper.schema.guest_agent import GuestCp
from innkeeper.verbs import Plan

if TYPE_CHECKING:
    from innkeeper.machine.packing import Pack

__all__ = ["plan"]

_TREE = "/var/tmp/tree.tar"
"""In the guest, where a directory is packed in between."""
_OWN, _COUNT = r"\"handle\":$handle", r"\"count\":65536"
_HANDLE = r"handle=$(sed 's/[^0-9]//g' answer); export handle"


def plan(request: GuestCp, shell: Shell, packs: Sequence[Pack]) -> Plan:
    """`packs` are the sources that go into the guest."""
    way = "through its agent" if shell.way == "agent" else "by ssh"
    direction = "into" if request.to_guest else "out of"
    summary = [f"copy {', '.join(request.sources)} {direction} {shell.name} {way}, to {request.target}"]
    if isinstance(shell, SshShell):
        return Plan(summary, {}, [_scp(request, shell)])
    if request.to_guest:
        pairs = zip(request.sources, packs, strict=True)
        lines = [line for path, pack in pairs for line in _into(request, shell.name, path, pack)]
    else:
        lines = [line for path in request.sources for line in _out_of(request, shell.name, path)]
    return Plan(summary, {}, lines)


def _scp(request: GuestCp, shell: SshShell) -> str:
    program, *options, place = shell.target().argv
    assert program == "ssh"
    words = ["-P" if word == "-p" else word for word in options]
    there = [request.target] if request.to_guest else list(request.sources)
    far = [f"{place}:{path}" for path in there]
    paths = [*request.sources, *far] if request.to_guest else [*far, request.target]
    return shlex.join(["scp", "-r", "-p", *words, *paths])


def _into(request: GuestCp, name: str, path: str, pack: Pack) -> list[str]:
    source, target = os.path.abspath(path), request.target
    inside = posixpath.join(target, os.path.basename(source))
    settle = 'if [ -d "$1" ]; then to=$2; else to=$1; fi; '
    if pack.is_directory:
        settle += f'mkdir -p "$to" && tar -xpomf {_TREE} -C "$to" && rm {_TREE}'
        before, file = [f"tar -cf tree.tar --owner=0 --group=0 -C {shlex.quote(source)} ."], "tree.tar"
    else:
        settle += f'mv -f {_TREE} "$to" && chmod "$3" "$to"'
        before, file = [], source
    write = _ask(name, "guest-file-write", r"\"handle\":$handle,\"buf-b64\":\"$(base64 -w0)\"")
    return [
        *before,
        f"{call_line(name, 'guest-file-open', {'path': _TREE, 'mode': 'w'})} >answer",
        _HANDLE,
        f"split -b 64K --filter {shlex.quote(f'{write} >written')} {shlex.quote(file)}",
        f"{_ask(name, 'guest-file-close', _OWN)} >answer",
        *virsh_exec(name, ["sh", "-c", settle, "sh", target, inside, f"{pack.mode:o}"], request.user),
    ]


def _ask(name: str, command: str, fields: str) -> str:
    """virsh's command for one of the agent's, whose `fields` the shell fills in."""
    asked = rf"{{\"execute\":\"{command}\",\"arguments\":{{{fields}}}}}"
    return f'virsh qemu-agent-command {shlex.quote(name)} "{asked}"'


def _out_of(request: GuestCp, name: str, path: str) -> list[str]:
    plain = path.rstrip("/") or "/"
    own = posixpath.basename(plain)
    target = os.path.abspath(request.target)
    place = shlex.quote(os.path.join(target, own) if os.path.isdir(target) else target)
    pack = f'if [ -d "$1" ]; then tar -cf {_TREE} -C "$1" .; else tar -chf {_TREE} -C "$2" "./$3"; fi'
    words = ["sh", "-c", pack, "sh", plain, posixpath.dirname(plain) or ".", own]
    take = f"{_ask(name, 'guest-file-read', _OWN + ',' + _COUNT)} >answer"
    single = f"else tar -xpOf tree.tar >{place}; fi"
    data = r"""sed 's/.*"buf-b64":"\([^"]*\)".*/\1/' answer | base64 -d >>tree.tar"""
    return [
        *virsh_exec(name, words, request.user),
        f"{call_line(name, 'guest-file-open', {'path': _TREE, 'mode': 'r'})} >answer",
        _HANDLE,
        ": >tree.tar",
        f"until {take} && {data} && grep -q '\"eof\":true' answer; do :; done",
        f"{_ask(name, 'guest-file-close', _OWN)} >answer",
        *virsh_exec(name, ["rm", _TREE]),
        f"if tar -tf tree.tar | grep -qx ./; then mkdir -p {place} && tar -xpof tree.tar -C {place}; {single}",
    ]
