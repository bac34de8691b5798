"""Names of things on a host, completed by asking it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

from innkeeper.cli.types import Kind
from innkeeper.errors import InnkeeperError

if TYPE_CHECKING:
    from innkeeper.cli.session import Session

__all__ = [
    "BACKUP",
    "DELETED",
    "GUEST",
    "IMAGE",
    "KNOWN_NETWORK",
    "NETWORK",
    "OPERATION",
    "POOL",
    "WANTED_IMAGE",
    "Name",
]


class Name(Kind):
    """A name; `known` gives those there are."""

    name = "name"

    def __init__(self, known: Callable[[Session], Iterable[str]]) -> None:
        self._known = known

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[Any]:
        """A host that does not answer completes nothing: a shell's prompt is no place for errors."""
        from click.shell_completion import CompletionItem

        from innkeeper.cli.session import Session

        session = ctx.ensure_object(Session)
        session.quiet = True
        try:
            names = sorted(set(self._known(session)))
        except InnkeeperError:
            return []
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def _guests(session: Session) -> Iterable[str]:
    return [row.name for row in session.look("guest.list")]


def _deleted(session: Session) -> Iterable[str]:
    return [row.name for row in session.look("guest.list", deleted=True)]


def _images(session: Session) -> Iterable[str]:
    found = session.look("image.list", all=True)
    return [f"{image.name}@{image.release}" if image.old else image.name for image in found]


def _wanted(session: Session) -> Iterable[str]:
    """Those that are there, and those that would be pulled; no server is asked for a shell's prompt."""
    from innkeeper.image.offers.catalogue import load

    return [*_images(session), *(offer.name for offer in load(fetch=False).offers)]


def _networks(session: Session) -> Iterable[str]:
    if session.client is not None:
        found = [network.name for network in session.look("host.show").networks]
    else:
        from innkeeper.virt.networks import networks

        found = [network.name for network in networks(session.host.virt)]
    return found


def _wanted_networks(session: Session) -> Iterable[str]:
    return [*_networks(session), "user", "none"]


def _pools(session: Session) -> Iterable[str]:
    if session.client is not None:
        return [pool.name for pool in session.look("host.show").pools]
    from innkeeper.virt.storage import pools

    return [pool.name for pool in pools(session.host.virt)]


def _operations(session: Session) -> Iterable[str]:
    return [operation.id for operation in session.look("operation.list")]


def _backups(session: Session) -> Iterable[str]:
    return [backup.id for backup in session.look("backup.list")]


BACKUP = Name(_backups)
GUEST = Name(_guests)
DELETED = Name(_deleted)
IMAGE = Name(_images)
WANTED_IMAGE = Name(_wanted)
KNOWN_NETWORK = Name(_networks)
NETWORK = Name(_wanted_networks)
POOL = Name(_pools)
OPERATION = Name(_operations)
