"""`inn show`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper import messages
from innkeeper.cli import options
from innkeeper.cli.framework import command
from innkeeper.cli.output import moment, pairs, state
from innkeeper.schema.sizes import format_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from innkeeper.cli.session import Session
    from innkeeper.schema.guest import Disk, GuestView, Nic
    from innkeeper.schema.guest_inside import Inside

__all__ = ["draw_guest", "show"]


@command("show", options.NAME)
def show(session: Session, name: str) -> None:
    """A guest whole."""
    session.answer(session.look("guest.show", name=name), draw_guest)


def draw_guest(view: GuestView) -> None:
    """Labels and values; what it does not have is left out."""
    reason = messages.text(view.accel_reason, **view.accel_facts) if view.accel_reason else ""
    pairs(
        [
            ("name", view.name),
            ("title", view.title),
            ("state", _state(view)),
            ("deleted", view.deleted),
            ("uuid", view.uuid),
            ("image", view.image),
            ("cpus", str(view.cpus)),
            ("max_cpus", str(view.max_cpus) if view.max_cpus else None),
            ("memory", format_size(view.memory)),
            ("max_memory", format_size(view.max_memory) if view.max_memory else None),
            ("machine", f"{view.arch}, {view.machine}, {view.firmware}"),
            ("accel", f"{view.accel} ({reason})" if reason else view.accel),
            *(("disk", _disk(disk)) for disk in view.disks),
            *(("nic", _nic(nic)) for nic in view.nics),
            ("login", f"{view.login} {view.user or ''}".strip()),
            ("autostart", messages.text("cli.yes" if view.autostart else "cli.no")),
            ("start_order", str(view.start_order) if view.start_order is not None else None),
            ("start_delay", f"{view.start_delay} s" if view.start_delay is not None else None),
            ("protected", messages.text("cli.yes") if view.protected else None),
            ("labels", " ".join(f"{key}={value}" for key, value in sorted(view.labels.items()))),
            *(("notes", line) for line in (view.notes or "").splitlines()),
            ("devices", ", ".join(f"{count} {kind}" for kind, count in sorted(view.devices.items()))),
            ("graphics", view.graphics),
            ("serial_log", view.serial_log),
            ("created", moment(view.created)),
            ("operation", view.operation),
            *(_inside(view.inside) if view.inside else ()),
        ]
    )


def _inside(told: Inside) -> Iterator[tuple[str, str | None]]:
    """What the guest says of itself."""
    yield "inside", messages.text(f"cli.inside.{told.agent}", version=told.version or "?")
    yield "inside_os", told.os
    yield "inside_kernel", told.kernel
    yield "inside_host_name", told.host_name
    yield "inside_time_zone", told.time_zone
    for card in told.cards:
        if card.addresses and card.name != "lo":
            yield "inside_nic", " ".join(filter(None, (card.name, card.mac, *card.addresses)))
    for user in told.users:
        yield "inside_user", " ".join(filter(None, (user.name, _since(user.since))))
    for system in told.file_systems:
        full = f"{format_size(system.used)} / {format_size(system.size)}" if system.size else None
        yield "inside_disk", " ".join(filter(None, (system.mount, system.device, system.kind, full)))


def _since(seconds: float | None) -> str | None:
    """The guest's clock may say anything."""
    try:
        return moment(seconds)
    except (ValueError, OverflowError, OSError):
        return None


def _state(view: GuestView) -> str:
    """With why it is so, where that tells something."""
    text_id = f"cli.reason.{view.state_reason}"
    why = f" ({messages.text(text_id)})" if messages.has(text_id) else ""
    return state(view.state) + why


def _disk(disk: Disk) -> str:
    where = f"{disk.pool}/{disk.volume}" if disk.pool and disk.volume else disk.path or "-"
    size = format_size(disk.capacity) if disk.capacity is not None else ""
    return " ".join(filter(None, (disk.target, disk.bus, disk.device, disk.format, size, where)))


def _nic(nic: Nic) -> str:
    return " ".join(filter(None, (nic.mac, nic.kind, nic.source, nic.model, *nic.addresses)))
