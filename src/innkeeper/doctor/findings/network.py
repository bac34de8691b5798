"""libvirt's network `default`, its addresses, its dnsmasq, and the host's readiness to hand on packets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper import config, libvirtxml
from innkeeper.doctor import bridges
from innkeeper.doctor.finding import Check, Found, Site
from innkeeper.doctor.kinds import libvirt_network
from innkeeper.doctor.repairs import Repair, kind
from innkeeper.libvirtxml.network import DhcpRange, NetworkIp
from innkeeper.network import subnets
from innkeeper.virt import networks

if TYPE_CHECKING:
    import ipaddress

    from innkeeper.doctor.bridges import Bridge

__all__ = ["CHECKS"]

NAME = "default"
SHIPPED = "/usr/share/libvirt/networks/default.xml"
BRIDGE = "virbr0"
DNS, DHCP = 53, 67
PORTS = {DNS: "DNS", DHCP: "DHCP"}


def _unseen(site: Site, check: str) -> list[Found] | None:
    """Nothing to see in an ordinary user's session; and nothing seen while libvirt is away."""
    if site.host.is_session:
        return []
    if site.virt is None:
        return [Found("unknown", f"{check}.no_libvirt", {"reason": str(site.virt_error)})]
    return None


def _default(site: Site) -> Found | list[Found]:
    unseen = _unseen(site, "network.default")
    if unseen is not None:
        return unseen
    network = networks.find(site.host.virt, NAME)
    if network is None and config.get("network") != NAME:
        return Found("ok", "network.default.other", {"name": config.get("network")})
    if network is None:
        return _missing(site)
    facts: dict[str, object] = {"name": NAME, "subnet": _shown(network)}
    now = {"active": network.active, "autostart": network.persistent and network.autostart}
    wanted = {piece: True for piece, is_so in now.items() if not is_so}
    remedy = []
    if not network.active:
        remedy.append(f"virsh net-start {NAME}")
    if not (network.persistent and network.autostart):
        remedy.append(f"virsh net-autostart {NAME}")
    if not network.persistent:
        return Found("advice", "network.default.transient", facts)
    if not remedy:
        return Found("ok", "network.default.ok", facts)
    clash = _clashes(site, network)
    if not network.active and any(one.subnet.subnet_of(subnet) for subnet, one in clash):
        return Found("problem", "network.default.inactive_taken", facts)  # network.subnet repairs it
    variant = "inactive" if not network.active else "no_autostart"
    repair = (Repair("network", NAME, wanted),)
    return Found("problem", f"network.default.{variant}", facts, " && ".join(remedy), repair)


def _missing(site: Site) -> Found:
    """One of the shipped shape, on a subnet that is free."""
    taken = bridges.subnets_taken(site) + _others(site, NAME)
    subnet = subnets.free(taken)
    if subnet is None:
        return Found("problem", "network.default.missing_full", {"name": NAME})
    document = libvirtxml.Network.new(name=NAME, forward_mode="nat", bridge=_bridge_name(site))
    ip = document.ips.add(NetworkIp.new(address=str(subnet[1]), netmask=str(subnet.netmask)))
    ip.ranges.add(DhcpRange.new(start=str(subnet[2]), end=str(subnet[-2])))
    value = {"xml": document.to_xml(), "active": True, "autostart": True}
    repair = (Repair("network", NAME, value),)
    usual = site.exists(SHIPPED) and str(subnet) == "192.168.122.0/24"
    remedy = f"virsh net-define {SHIPPED} && virsh net-start {NAME} && virsh net-autostart {NAME}"
    facts: dict[str, object] = {"name": NAME, "subnet": subnet}
    return Found(
        "problem",
        "network.default.missing",
        facts,
        remedy if usual else "inn host setup --only network",
        repair,
    )


def _bridge_name(site: Site) -> str:
    """libvirt's usual names, the first that nobody has."""
    used = set(site.list("/sys/class/net"))
    for network in networks.networks(site.host.virt):
        used.add(libvirtxml.Network.from_xml(network.stored_xml()).bridge or "")
    return next(name for name in (f"virbr{number}" for number in range(1000)) if name not in used)


def _others(site: Site, but: str) -> list[subnets.Taken]:
    return [
        subnets.Taken(subnet, f"network {network.name}")
        for network in networks.networks(site.host.virt)
        if network.name != but
        for subnet in subnets.of_network(libvirtxml.Network.from_xml(network.stored_xml()))
    ]


def _shown(network: networks.Network) -> str:
    found = subnets.of_network(libvirtxml.Network.from_xml(network.stored_xml()))
    return ", ".join(map(str, found)) or "-"


def _subnet(site: Site) -> Found | list[Found]:
    """Each of libvirt's networks against the host's interfaces and routes, and against the others."""
    unseen = _unseen(site, "network.subnet")
    if unseen is not None:
        return unseen
    found = []
    fine = []
    for network in networks.networks(site.host.virt):
        clashes = _clashes(site, network)
        found += _told(site, network, clashes)
        if not clashes and _shown(network) != "-":
            fine.append(f"{network.name} {_shown(network)}")
    if fine and not found:
        found.append(Found("ok", "network.subnet.free", {"networks": ", ".join(fine)}))
    return found


Clash = tuple["ipaddress.IPv4Network", subnets.Taken]


def _clashes(site: Site, network: networks.Network) -> list[Clash]:
    document = libvirtxml.Network.from_xml(network.stored_xml())
    taken = bridges.subnets_taken(site, but=_bridge_of(network))
    return [
        (subnet, one) for subnet in subnets.of_network(document) for one in subnets.overlapping(subnet, taken)
    ]


def _told(site: Site, network: networks.Network, clashes: list[Clash]) -> list[Found]:
    """An interface with the same subnet, or a part of it, takes the guests' packets away (and libvirt refuses to start
    the network: networkCheckRouteCollision); one with a wider subnet only loses sight of that part."""
    hard = [clash for clash in clashes if clash[1].subnet.subnet_of(clash[0])]
    if not clashes:
        return []
    subnet, taken = (hard or clashes)[0]
    facts: dict[str, object] = {
        "name": network.name,
        "subnet": subnet,
        "by": taken.by,
        "taken": taken.subnet,
    }
    if not hard:
        return [Found("advice", "network.subnet.within", facts)]
    if not network.active and network.name != NAME:
        return [Found("advice", "network.subnet.later", facts)]
    return [_hard(site, network, facts, subnet)]


def _hard(
    site: Site, network: networks.Network, facts: dict[str, object], subnet: ipaddress.IPv4Network
) -> Found:
    everybody = bridges.subnets_taken(site, but=_bridge_of(network)) + _others(site, network.name)
    free = subnets.free(everybody, subnet.prefixlen)
    facts["free"] = free or "-"
    remedy = f"virsh net-edit {network.name}"
    if network.active and libvirtxml.Network.from_xml(network.xml()).connections:
        return Found("problem", "network.subnet.taken_used", facts, remedy)
    if free is None or network.name != NAME:
        return Found("problem", "network.subnet.taken", facts, remedy)
    document = libvirtxml.Network.from_xml(network.stored_xml())
    subnets.moved(document, subnet, free)
    value = {"xml": document.to_xml(), "active": True, "autostart": True}
    return Found("problem", "network.subnet.taken", facts, remedy, (Repair("network", NAME, value),))


def _bridge_of(network: networks.Network) -> str:
    return libvirtxml.Network.from_xml(network.xml()).bridge or ""


def _dnsmasq(site: Site) -> Found | list[Found]:
    """The program that gives guests their addresses and names, and whether it runs where it should."""
    if site.host.is_session:
        return []
    if site.program("dnsmasq") is None:
        return Found("problem", "network.dnsmasq.missing", {}, None, _package(site))
    unseen = _unseen(site, "network.dnsmasq")
    if unseen is not None:
        return unseen
    dead = [one for one in bridges.of_networks(site) if _needs_dnsmasq(one) and not _runs(site, one)]
    if dead:
        return [_dead(one) for one in dead]
    holders = _port_holders(site)
    if holders:
        return [Found("problem", "network.dnsmasq.port", facts) for facts in holders]
    return Found("ok", "network.dnsmasq.ok")


def _package(site: Site) -> tuple[Repair, ...]:
    from innkeeper.doctor.kinds.package import manager_of

    names = {"apt-get": "dnsmasq-base", "dnf": "dnsmasq", "zypper": "dnsmasq"}
    manager = manager_of(site)
    return (Repair("package", names[manager], True),) if manager else ()


def _needs_dnsmasq(bridge: Bridge) -> bool:
    return bool(bridge.subnets) and (bridge.has_dhcp or bridge.has_dns)


def _runs(site: Site, bridge: Bridge) -> bool:
    return libvirt_network.dnsmasq_of(site, bridge.network) is not None


def _dead(bridge: Bridge) -> Found:
    repair = Repair("libvirt_network", bridge.network, {"dnsmasq": True})
    commands = kind("libvirt_network").commands(bridge.network, repair.value)
    facts: dict[str, object] = {"name": bridge.network, "bridge": bridge.name}
    return Found("problem", "network.dnsmasq.dead", facts, " && ".join(commands), (repair,))


def _port_holders(site: Site) -> list[dict[str, object]]:
    """Servers that took DNS or DHCP on every address while `default` is off: its dnsmasq could not have them."""
    network = networks.find(site.host.virt, NAME)
    if network is None or network.active:
        return []
    lines = site.run(["ss", "-lunpH"]).stdout.decode().splitlines()
    holders: list[dict[str, object]] = []
    for line in lines:
        fields = line.split()
        address, _, port = fields[3].rpartition(":") if len(fields) > 3 else ("", "", "")
        if port in ("53", "67") and address in ("0.0.0.0", "*"):
            program = fields[-1].split('"')[1] if '"' in fields[-1] else "?"
            holders.append({"port": port, "what": PORTS[int(port)], "program": program})
    return holders


def _forwarding(site: Site) -> Found | list[Found]:
    """The kernel hands on what comes in by an interface that is allowed to (ip-sysctl: conf/INTERFACE/forwarding)."""
    unseen = _unseen(site, "network.forwarding")
    if unseen is not None:
        return unseen
    sending = [one for one in bridges.of_networks(site) if one.forwards]
    if not sending:
        return []
    keys = ["net.ipv4.ip_forward", *(f"net.ipv4.conf.{one.name}.forwarding" for one in sending)]
    uplink = bridges.outside(site)
    if uplink:
        keys.append(f"net.ipv4.conf.{uplink.replace('.', '/')}.forwarding")
    off = [key for key in keys if _parameter(site, key) == "0"]
    facts: dict[str, object] = {"keys": ", ".join(off), "networks": ", ".join(one.network for one in sending)}
    if not off:
        return Found("ok", "network.forwarding.on", facts)
    # The first one switches all the others.
    wanted = off[:1] if off[0] == keys[0] else off
    repair = tuple(Repair("sysctl", key, "1") for key in wanted)
    remedy = " && ".join(f"sysctl -w {key}=1" for key in wanted)
    return Found("problem", "network.forwarding.off", facts, remedy, repair)


def _parameter(site: Site, key: str) -> str:
    return site.read("/proc/sys/" + key.translate(str.maketrans("./", "/."))).strip()


CHECKS = (
    Check("network.default", _default),
    Check("network.subnet", _subnet),
    Check("network.dnsmasq", _dnsmasq),
    Check("network.forwarding", _forwarding),
)
