"""`inn ssh-config`: how ssh gets to guests, as OpenSSH or Ansible takes it."""

from __future__ import annotations

import json
import os
import re
import shlex
from typing import TYPE_CHECKING, Any

from innkeeper import messages
from innkeeper.cli.framework import Argument, Option, command
from innkeeper.cli.names import GUEST
from innkeeper.cli.output import clean, say, tell
from innkeeper.errors import Invalid
from innkeeper.machine import local

if TYPE_CHECKING:
    from collections.abc import Iterator

    from innkeeper.cli.session import Session
    from innkeeper.schema.guest_agent import SshConfig, SshHost

__all__ = ["ansible", "openssh", "ssh_config"]

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
"""Names that mean only themselves, as a pattern of ssh and as a host of Ansible."""
_FOLDER = "~/.ssh/config.d"


@command(
    "ssh_config",
    Argument(["names"], nargs=-1, type=GUEST, metavar="[NAME …]"),
    Option(["--ansible"], is_flag=True),
    Option(["--write"], is_flag=True),
)
def ssh_config(session: Session, names: tuple[str, ...], ansible: bool, write: bool) -> None:
    """Guests that ssh does not reach are comments that say why."""
    if ansible and write:
        raise Invalid("request.together", first="--ansible", second="--write")
    found: SshConfig = session.look("guest.ssh_config", names=names)
    if write:
        _write(found, session)
    session.answer(found, lambda _view: None if write else say(_drawn(found, ansible)))


def _drawn(found: SshConfig, as_inventory: bool) -> str:
    return "\n".join(ansible(found) if as_inventory else openssh(found))


def openssh(found: SshConfig) -> Iterator[str]:
    """Lines of ssh_config(5). The host's key is not checked, as `inn ssh` does not."""
    from innkeeper.guest.within.reaching import UNCHECKED

    yield f"# {clean(messages.text('cli.ssh_config.head', uri=found.uri))}"
    for host in found.hosts:
        if why := _why_not(host):
            yield f"# {why}"
            continue
        yield f"Host {host.name}"
        yield f"  HostName {host.address}"
        yield f"  Port {host.port}"
        yield f"  User {host.user}"
        for path in host.identities:
            yield f"  IdentityFile {_quoted(path)}"
        if host.proxy:
            yield f"  ProxyCommand {host.proxy}"
        for key, value in UNCHECKED.items():
            yield f"  {key} {value}"


def ansible(found: SshConfig) -> Iterator[str]:
    """An inventory in YAML: of its texts each is JSON, which YAML reads."""
    from innkeeper.guest.within.reaching import UNCHECKED

    yield f"# {clean(messages.text('cli.ssh_config.head', uri=found.uri))}"
    reached = []
    for host in found.hosts:
        if why := _why_not(host):
            yield f"# {why}"
        else:
            reached.append(host)
    yield "all:"
    yield "  children:"
    yield "    innkeeper:"
    yield "      hosts:" if reached else "      hosts: {}"
    for host in reached:
        options = [f"-o {key}={value}" for key, value in UNCHECKED.items()]
        options += [f"-o ProxyCommand={shlex.quote(host.proxy)}"] if host.proxy else []
        facts: dict[str, Any] = {
            "ansible_host": host.address,
            "ansible_port": host.port,
            "ansible_user": host.user,
            "ansible_ssh_common_args": " ".join(options),
        }
        if host.identities:
            facts["ansible_ssh_private_key_file"] = host.identities[0]
        yield f"        {json.dumps(host.name)}:"
        yield from (f"          {key}: {json.dumps(value)}" for key, value in facts.items())


def _why_not(host: SshHost) -> str:
    """A line that says why ssh does not get there; nothing when it does."""
    if not _PLAIN.fullmatch(host.name):
        return clean(messages.text("cli.ssh_config.name", name=host.name))
    if host.why_not:
        return clean(messages.text(host.why_not, **{"name": host.name, **host.why_facts}))
    return ""


def _quoted(path: str) -> str:
    return f'"{path}"' if " " in path else path


def _write(found: SshConfig, session: Session) -> None:
    """Into a file of our own, which ~/.ssh/config has to include: that file is the user's, and is only looked at."""
    files = local().files
    folder = os.path.expanduser(_FOLDER)
    path = f"{folder}/{_file_name(found.uri)}"
    files.make_dir(folder, 0o700)
    files.write(path, (_drawn(found, False) + "\n").encode(), 0o600)
    if not session.quiet:
        tell(messages.text("cli.ssh_config.written", path=clean(path)))
    config = os.path.expanduser("~/.ssh/config")
    lines = files.read(config).decode(errors="replace").splitlines() if files.exists(config) else []
    if not any(re.match(r"\s*include\s.*config\.d/", line, re.IGNORECASE) for line in lines):
        tell(messages.text("cli.ssh_config.include", line="Include config.d/*", config="~/.ssh/config"))


def _file_name(uri: str) -> str:
    """One a host: what one of them has does not take away what another has."""
    scheme, _, rest = uri.partition("://")
    place = rest.partition("/")[0]
    word = re.sub(r"[^A-Za-z0-9.-]+", "-", f"{scheme}-{place}" if place else "local").strip("-")
    return f"innkeeper-{word}.conf"
