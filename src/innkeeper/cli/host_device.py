"""`inn host device list`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper import messages
from innkeeper.cli.framework import Option, command
from innkeeper.cli.output import table, tell
from innkeeper.cli.types import Choice
from innkeeper.schema.sizes import format_size

if TYPE_CHECKING:
    from innkeeper.cli.session import Session
    from innkeeper.schema.device import DeviceView

__all__ = ["list_"]

KINDS = ("pci", "gpu", "usb", "mdev", "scsi", "net", "storage")
COLUMNS = ("address", "kind", "device", "driver", "numa", "group", "used_by", "remarks")


@command(
    "host.device.list",
    Option(["--kind"], type=Choice(*KINDS), multiple=True),
    Option(["-a", "--all", "everything"], is_flag=True),
)
def list_(session: Session, kind: tuple[str, ...], everything: bool) -> None:
    """What a guest can be given, unless asked for more."""
    session.answer(session.look("host.device_list", kind=kind or None, all=everything), _draw)


def _draw(views: list[DeviceView]) -> None:
    """Columns that say nothing on this host are left out."""
    if not views:
        tell(messages.text("cli.host.device.none"))
        return
    rows = [_cells(view) for view in views]
    kept = [at for at, column in enumerate(COLUMNS) if column == "address" or any(row[at] for row in rows)]
    table(
        [COLUMNS[at] for at in kept],
        [[row[at] or "-" for at in kept] for row in rows],
        right=("numa", "group"),
    )


def _cells(view: DeviceView) -> list[str]:
    return [
        view.address,
        view.kind,
        _name(view),
        view.driver or "",
        "" if view.numa_node is None else str(view.numa_node),
        "" if view.iommu_group is None else str(view.iommu_group),
        ", ".join(_user(user.guest, user.running) for user in view.users),
        "; ".join(_remarks(view)),
    ]


def _name(view: DeviceView) -> str:
    """Its vendor's name and its own; numbers where the host has no names for them."""
    if view.vendor_id:
        named = f"{view.vendor or view.vendor_id} {view.product or view.product_id}"
    else:
        named = " ".join(filter(None, (view.vendor, view.product, view.mdev_type, view.mac)))
    return " ".join(filter(None, (named, format_size(view.size) if view.size else "")))


def _user(guest: str, running: bool) -> str:
    return guest if running else messages.text("cli.host.device.stored", guest=guest)


def _remarks(view: DeviceView) -> list[str]:
    said = []
    if view.physical_function:
        said.append(("cli.host.device.virtual", {"address": view.physical_function}))
    if view.virtual_functions_most or view.virtual_functions:
        most = view.virtual_functions_most or len(view.virtual_functions)
        said.append(
            ("cli.host.device.functions", {"count": str(len(view.virtual_functions)), "most": str(most)})
        )
    if view.group_members:
        said.append(("cli.host.device.together", {"others": ", ".join(view.group_members)}))
    for kind in view.mdev_types:
        name = f"{kind.id} ({kind.name})" if kind.name and kind.name != kind.id else kind.id
        said.append(
            (
                "cli.host.device.type",
                {"type": name, "count": "?" if kind.available is None else str(kind.available)},
            )
        )
    if not view.active:
        said.append(("cli.host.device.inactive", {}))
    if view.link:
        said.append(("cli.host.device.link", {"state": view.link}))
    return [messages.text(text_id, **facts) for text_id, facts in said]
