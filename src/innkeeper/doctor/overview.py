"""What a host is, on one page."""

from __future__ import annotations

import re
from ipaddress import ip_interface
from typing import TYPE_CHECKING, Any

from innkeeper.doctor import accelerator
from innkeeper.doctor.finding import Site
from innkeeper.errors import InnkeeperError, Unsupported
from innkeeper.libvirtxml import Network, Pool
from innkeeper.schema.host_show import HostNetwork, HostPool, HostShow, HostView, NumaNode, Processor
from innkeeper.schema.names import DELETED, unmark
from innkeeper.verbs import Plan, Verb
from innkeeper.virt import domains, networks, storage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from innkeeper.host import Host
    from innkeeper.libvirtxml import Capabilities
    from innkeeper.operation import Operation

__all__ = ["VERBS", "ranges", "view"]

CPUINFO, MEMINFO, RELEASE, OS = (
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/sys/kernel/osrelease",
    "/etc/os-release",
)


def view(host: Host) -> HostView:
    """Raises `Unsupported("libvirt.unreachable")`: what the host lacks then is told by `host.check`."""
    capabilities = host.support.capabilities
    site = Site(host) if host.machine is not None else None
    if site is not None:
        site.prefetch((CPUINFO, MEMINFO, RELEASE, OS))
    cpus, memory = host.virt.node()
    return HostView(
        name=host.virt.host_name,
        uri=host.uri,
        driver=host.virt.driver,
        arch=host.support.arch,
        system=_value(site, OS, r'^PRETTY_NAME="?([^"\n]+)'),
        kernel=site.read(RELEASE).strip() or None if site else None,
        libvirt=_dotted(host.virt.version),
        hypervisor=_hypervisor(host),
        processor=_processor(site, capabilities, cpus),
        memory=_meminfo(site, "MemTotal") or memory,
        memory_available=_meminfo(site, "MemAvailable"),
        numa=_numa(capabilities),
        security=tuple(
            each.model for each in capabilities.security_models if each.model not in (None, "none", "dac")
        ),
        guest_arches=tuple(host.support.guest_arches),
        pools=_pools(host),
        networks=_networks(host),
        **_accelerator(host),
        **_guests(host),
    )


def _dotted(version: tuple[int, int, int]) -> str:
    return ".".join(map(str, version))


def _hypervisor(host: Host) -> str | None:
    try:
        return _dotted(host.virt.hypervisor_version)
    except InnkeeperError:
        return None  # libvirt is there before QEMU is


def _value(site: Site | None, path: str, expression: str) -> str | None:
    found = re.search(expression, site.read(path), re.MULTILINE) if site else None
    return found[1].strip() if found else None


def _processor(site: Site | None, capabilities: Capabilities, cpus: int) -> Processor:
    """libvirt's topology is that of one NUMA node: the places of the CPUs tell all of it. Kernels of some architectures
    give the processor another word, or none."""
    places = [place for cell in capabilities.cells for place in cell.cpu_places if place.socket is not None]
    cores = {(place.socket, place.die, place.cluster, place.core) for place in places}
    named = _value(site, CPUINFO, r"^(?:model name|cpu|Processor|cpu model)\s*:\s*(.+)$")
    return Processor(
        model=named or capabilities.cpu.model,
        vendor=capabilities.cpu.vendor,
        cpus=cpus,
        sockets=len({place.socket for place in places}) or None,
        cores=len(cores) or None,
        threads=max(1, len(places) // len(cores)) if cores else None,
    )


def _meminfo(site: Site | None, name: str) -> int | None:
    """libvirt knows the memory that there was at boot; the kernel also what was plugged in since."""
    said = _value(site, MEMINFO, rf"^{name}:\s+(\d+) kB")
    return int(said) * 1024 if said else None


def _numa(capabilities: Capabilities) -> tuple[NumaNode, ...]:
    return tuple(
        NumaNode(id=cell.id or 0, memory=cell.memory, cpus=ranges(map(int, cell.cpus)))
        for cell in capabilities.cells
    )


def ranges(numbers: Iterable[int]) -> str:
    """`0-3,8`: as the kernel writes lists of CPUs."""
    parts: list[list[int]] = []
    for number in sorted(numbers):
        if parts and parts[-1][1] == number - 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in parts)


def _accelerator(host: Host) -> dict[str, Any]:
    if not host.support.is_qemu or host.machine is None:
        return {"accel": None, "accel_reason": None, "accel_facts": {}}
    arch = host.support.arch
    chosen = accelerator.choose(host.machine, "auto", arch, host.support.emulator(arch))
    return {"accel": chosen.accel, "accel_reason": chosen.reason_id, "accel_facts": chosen.facts}


def _guests(host: Host) -> dict[str, Any]:
    found = domains.rows(host.virt)
    running = [row for row in found if row.state not in ("stopped", "crashed")]
    deleted = sum(unmark(row.name)[1] == DELETED for row in found)
    return {
        "guests": len(found) - deleted,
        "running": len(running),
        "deleted": deleted,
        "cpus_given": sum(row.cpus or 0 for row in running),
        "memory_given": sum(row.memory or 0 for row in running),
    }


def _pools(host: Host) -> tuple[HostPool, ...]:
    """None where the driver keeps no storage."""
    try:
        return tuple(_pool(pool) for pool in storage.pools(host.virt))
    except Unsupported:
        return ()


def _pool(pool: storage.Pool) -> HostPool:
    document = Pool.from_xml(pool.xml())
    capacity, available = pool.space() if pool.active else (None, None)
    return HostPool(
        name=pool.name,
        kind=document.type or "",
        active=pool.active,
        autostart=pool.autostart,
        path=document.target_path,
        capacity=capacity,
        available=available,
    )


def _networks(host: Host) -> tuple[HostNetwork, ...]:
    """None in an ordinary user's session, which has no networks of libvirt's."""
    try:
        return tuple(_network(network) for network in networks.networks(host.virt))
    except Unsupported:
        return ()


def _network(network: networks.Network) -> HostNetwork:
    document = Network.from_xml(network.xml())
    addresses = (
        ip_interface(f"{ip.address}/{ip.netmask or ip.prefix or ''}".rstrip("/"))
        for ip in document.ips
        if ip.address
    )
    return HostNetwork(
        name=network.name,
        active=network.active,
        autostart=network.autostart,
        mode=document.forward_mode or "isolated",
        bridge=document.bridge,
        addresses=tuple(str(address) for address in addresses),
    )


def _check(_host: Host, _request: HostShow) -> None:
    """Looking is always allowed."""


def _run(host: Host, _request: HostShow, _operation: Operation) -> HostView:
    return view(host)


def _plan(_host: Host, _request: HostShow, _decided: None) -> Plan:
    commands = [
        "virsh hostname",
        "virsh version",
        "virsh nodeinfo",
        "virsh capabilities",
        "virsh list --all",
        "virsh pool-list --all --details",
        "virsh net-list --all",
    ]
    return Plan(["show the host"], {}, commands)


VERBS = {
    "host.show": Verb("host.show", HostShow, HostView, _check, _run, target=lambda _: "", plan=_plan),
}
