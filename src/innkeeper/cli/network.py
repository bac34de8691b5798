"""`inn network`: list, show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper import messages
from innkeeper.cli.framework import Argument, Option, command
from innkeeper.cli.names import KNOWN_NETWORK
from innkeeper.cli.output import clean, moment, pairs, say, state, table, tell

if TYPE_CHECKING:
    from innkeeper.cli.session import Session
    from innkeeper.schema.network import Forward, NetworkCard, NetworkRow, NetworkView

__all__ = ["list_", "show"]


@command("network.list", Option(["-a", "--all", "everything"], is_flag=True))
def list_(session: Session, everything: bool) -> None:
    """libvirt's, and with --all what guests are plugged into besides."""
    session.answer(session.look("network.list", all=everything), _draw_list)


@command("network.show", Argument(["name"], type=KNOWN_NETWORK))
def show(session: Session, name: str) -> None:
    """A network whole: who is on it, and the addresses that it gave out."""
    session.answer(session.look("network.show", name=name), _draw)


def _draw_list(views: list[NetworkRow]) -> None:
    if not views:
        tell(messages.text("cli.network.none"))
        return
    table(
        ["name", "state", "mode", "bridge", "address", "guests", "leases"],
        [
            [
                clean(view.name),
                state("active" if view.active else "inactive"),
                view.mode or _kind(view.kind),
                view.bridge or "-",
                ", ".join(view.addresses) or "-",
                str(len({card.uuid for card in view.cards})),
                str(view.leases),
            ]
            for view in views
        ],
        right=("guests", "leases"),
    )


def _kind(kind: str) -> str:
    return messages.text(f"cli.network_kind.{kind}")


def _draw(view: NetworkView) -> None:
    pairs(
        [
            ("name", view.name),
            ("title", view.title),
            ("uuid", view.uuid),
            ("state", state("active" if view.active else "inactive")),
            ("autostart", messages.text("cli.yes" if view.autostart else "cli.no")),
            ("mode", view.mode),
            ("outside", ", ".join(view.outside)),
            ("bridge", view.bridge),
            ("domain", view.domain),
            *(("address", address) for address in view.addresses),
            *(("given", span) for span in view.ranges),
            *(("reserved", _reserved(one.address, one.mac, one.guest)) for one in view.reservations),
            *(("guest", _card(card)) for card in view.cards),
        ]
    )
    if view.leases:
        say("")
        table(
            ["address", "mac", "guest", "host_name", "expires"],
            [
                [
                    one.address,
                    one.mac or "-",
                    clean(one.guest or "-"),
                    clean(one.hostname or "-"),
                    moment(one.expires) or messages.text("cli.network.forever"),
                ]
                for one in view.leases
            ],
        )


def _reserved(address: str | None, mac: str | None, guest: str | None) -> str:
    return " ".join(filter(None, (address, mac, guest)))


def _card(card: NetworkCard) -> str:
    said = [card.guest, state(card.state), card.mac, card.device, *card.addresses]
    if not card.plugged:
        said.append(messages.text("cli.network.later"))
    elif not card.link:
        said.append(messages.text("cli.network.pulled"))
    return " ".join(filter(None, (*said, *map(_forward, card.forwards))))


def _forward(one: Forward) -> str:
    return f"{one.protocol} {one.address or '*'}:{one.ports}→{one.to}"
