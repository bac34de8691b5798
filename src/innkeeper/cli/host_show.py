"""`inn host show`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper import messages
from innkeeper.cli.framework import command
from innkeeper.cli.output import pairs
from innkeeper.schema.sizes import format_size

if TYPE_CHECKING:
    from innkeeper.cli.session import Session
    from innkeeper.schema.host_show import HostNetwork, HostPool, HostView, NumaNode, Processor

__all__ = ["show"]


@command("host.show")
def show(session: Session) -> None:
    """A host whole."""
    session.answer(session.look("host.show"), _draw)


def _draw(view: HostView) -> None:
    reason = messages.text(view.accel_reason, **view.accel_facts) if view.accel_reason else ""
    pairs(
        [
            ("name", view.name),
            ("uri", view.uri),
            ("os", " · ".join(filter(None, (view.system, view.kernel and f"Linux {view.kernel}")))),
            (
                "libvirt",
                f"{view.libvirt} · {view.driver} {view.hypervisor}" if view.hypervisor else view.libvirt,
            ),
            ("processor", _processor(view.processor, view.arch)),
            ("memory", _memory(view)),
            *(("numa", _numa(node)) for node in (view.numa if len(view.numa) > 1 else ())),
            ("accel", f"{view.accel} ({reason})" if view.accel and reason else view.accel),
            ("security", ", ".join(view.security)),
            ("guest_arches", ", ".join(view.guest_arches)),
            ("guests", _guests(view)),
            *(("pool", _pool(pool)) for pool in view.pools),
            *(("network", _network(network)) for network in view.networks),
        ]
    )


def _processor(view: Processor, arch: str) -> str:
    if not view.cores or not view.sockets:
        return messages.text("cli.host.show.cpus", model=view.model or arch, cpus=view.cpus)
    facts = {"sockets": view.sockets, "cores": view.cores, "threads": view.threads or 1}
    return messages.text("cli.host.show.processor", model=view.model or arch, cpus=view.cpus, **facts)


def _memory(view: HostView) -> str:
    if view.memory_available is None:
        return format_size(view.memory)
    free = format_size(view.memory_available)
    return messages.text("cli.host.show.memory", total=format_size(view.memory), free=free)


def _numa(node: NumaNode) -> str:
    return messages.text("cli.host.show.numa", id=node.id, memory=format_size(node.memory), cpus=node.cpus)


def _guests(view: HostView) -> str:
    facts = {"all": view.guests, "running": view.running, "deleted": view.deleted, "cpus": view.cpus_given}
    return messages.text(
        "cli.host.show.guests", **facts, memory=format_size(view.memory_given) if view.memory_given else "0"
    )


def _pool(pool: HostPool) -> str:
    if not pool.active:
        return messages.text("cli.host.show.inactive", name=pool.name, kind=pool.kind)
    sizes = {"free": format_size(pool.available), "total": format_size(pool.capacity)}
    return messages.text("cli.host.show.pool", name=pool.name, kind=pool.kind, **sizes, path=pool.path or "-")


def _network(network: HostNetwork) -> str:
    if not network.active:
        return messages.text("cli.host.show.inactive", name=network.name, kind=network.mode)
    return " ".join(filter(None, (network.name, network.mode, network.bridge, *network.addresses)))
