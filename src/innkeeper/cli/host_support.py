"""`inn host support`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from innkeeper import messages
from innkeeper.cli.framework import Option, command
from innkeeper.cli.output import clean, pairs, say
from innkeeper.cli.types import Choice
from innkeeper.schema.sizes import format_size

if TYPE_CHECKING:
    from collections.abc import Iterable

    from innkeeper.cli.session import Session
    from innkeeper.schema.host_support import Offer, SupportView

__all__ = ["support"]


@command(
    "host.support",
    Option(["--arch"], metavar="ARCH"),
    Option(["--machine"], metavar="TYPE"),
    Option(["--accel"], type=Choice("auto", "kvm", "tcg")),
)
def support(session: Session, **fields: Any) -> None:
    """What is possible, then what is not, and why."""
    session.answer(session.look("host.support", **fields), _draw)


def _draw(view: SupportView) -> None:
    why = clean(messages.text(view.accel_reason, **view.accel_facts))
    sizes = {"left": format_size(view.memory_left), "memory": format_size(view.memory)}
    lists: dict[str, Iterable[Offer]] = {
        "source": view.sources,
        "arch": view.arches,
        "firmware": view.firmwares,
        "tpm": (view.tpm,),
        "bus": view.buses,
        "network": view.networks,
        "pool": view.pools,
        "profile": view.profiles,
    }
    pairs(
        [
            ("machine", f"{view.machine} ({view.arch})"),
            ("accel", f"{view.accel} ({why})"),
            ("cpus", messages.text("cli.host.support.cpus", most=view.max_cpus, there=view.cpus)),
            ("memory", messages.text("cli.host.support.memory", **sizes)),
            *((label, _possible(offers)) for label, offers in lists.items()),
        ]
    )
    offers = [*view.accels, *(offer for several in lists.values() for offer in several)]
    impossible = [offer for offer in offers if not offer.possible and offer.reason]
    if impossible:
        say("")
        say(messages.text("cli.host.support.impossible"))
    for offer in impossible:
        say(clean(f"  {offer.name}: {messages.text(offer.reason or '', **offer.facts)}"))


def _possible(offers: Iterable[Offer]) -> str:
    """The usual one is marked."""
    return (
        ", ".join(f"{offer.name}*" if offer.usual else offer.name for offer in offers if offer.possible)
        or "-"
    )
