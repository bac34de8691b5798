"""`<network>`: a virtual network of a host."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.element import Document, View
from innkeeper.libvirtxml.metadata import Metadata
from innkeeper.libvirtxml.netparts import Bandwidth, VirtualPort, Vlan
from innkeeper.libvirtxml.pci_address import PciAddress
from innkeeper.libvirtxml.values import Choice, Integer, OnOff, Text, Values, YesNo


class DhcpRange(View):
    """Addresses that DHCP gives out, both ends included; `lease` in `lease_unit`, 0 for ever."""

    TAG = "range"
    start = Text("@start")
    end = Text("@end")
    lease = Integer("lease/@expiry", least=0)
    lease_unit = Choice("lease/@unit", "seconds", "minutes", "hours")


class DhcpHost(View):
    """A guest that always gets the same address, known by MAC (or `id` with IPv6)."""

    TAG = "host"
    mac = Text("@mac")
    id = Text("@id")
    name = Text("@name")
    ip = Text("@ip")
    lease = Integer("lease/@expiry", least=0)
    lease_unit = Choice("lease/@unit", "seconds", "minutes", "hours")


class NetworkIp(View):
    """An address of the host in the network, and the DHCP service behind it."""

    TAG = "ip"
    family = Choice("@family", "ipv4", "ipv6")
    address = Text("@address")
    prefix = Integer("@prefix", least=0)
    netmask = Text("@netmask")
    local_ptr = YesNo("@localPtr")
    tftp_root = Text("tftp/@root")
    ranges = Children("dhcp/range", DhcpRange)
    hosts = Children("dhcp/host", DhcpHost)
    boot_file = Text("dhcp/bootp/@file")
    boot_server = Text("dhcp/bootp/@server")


class DnsHost(View):
    """Names for an address."""

    TAG = "host"
    ip = Text("@ip")
    hostnames = Values("hostname")


class DnsForwarder(View):
    """A name server that is asked, for one `domain` or for all."""

    TAG = "forwarder"
    address = Text("@addr")
    domain = Text("@domain")
    port = Integer("@port", least=1)


class DnsText(View):
    """A TXT record."""

    TAG = "txt"
    name = Text("@name")
    value = Text("@value")


class DnsService(View):
    """An SRV record: which host and port give a service (`ldap`) over a protocol."""

    TAG = "srv"
    service = Text("@service")
    protocol = Choice("@protocol", "tcp", "udp")
    domain = Text("@domain")
    target = Text("@target")
    port = Integer("@port", least=0)
    priority = Integer("@priority", least=0)
    weight = Integer("@weight", least=0)


class ForwardInterface(View):
    """An interface of the host that guests are connected to; `connections` are those in use."""

    TAG = "interface"
    dev = Text("@dev")
    connections = Integer("@connections", least=0)


class ForwardAddress(PciAddress):
    """A network card of the host that a guest gets as a whole."""

    type = Choice("@type", "pci")
    connections = Integer("@connections", least=0)


class NetworkRoute(View):
    """A route of the host into a network behind a guest."""

    TAG = "route"
    family = Choice("@family", "ipv4", "ipv6")
    address = Text("@address")
    prefix = Integer("@prefix", least=0)
    netmask = Text("@netmask")
    gateway = Text("@gateway")
    metric = Integer("@metric", least=0)


class PortGroup(View):
    """Settings that network cards choose by name."""

    TAG = "portgroup"
    name = Text("@name")
    default = YesNo("@default")
    trust_guest_filters = YesNo("@trustGuestRxFilters")
    vlan = Child("vlan", Vlan)
    virtualport = Child("virtualport", VirtualPort)
    bandwidth = Child("bandwidth", Bandwidth)


class Network(Document):
    """A virtual network: NAT, routed, open, isolated (no forward mode), a host bridge or a pool of host
    devices.
    """

    TAG = "network"
    ipv6 = YesNo("@ipv6")
    connections = Integer("@connections", least=0)
    trust_guest_filters = YesNo("@trustGuestRxFilters")
    name = Text("name")
    uuid = Text("uuid")
    title = Text("title")
    description = Text("description")
    metadata = Child("metadata", Metadata)
    forward_mode = Choice(
        "forward/@mode", "nat", "route", "open", "bridge", "private", "vepa", "passthrough", "hostdev"
    )
    forward_dev = Text("forward/@dev")
    forward_managed = YesNo("forward/@managed")
    forward_interfaces = Values("forward/interface/@dev")
    forward_interface_list = Children("forward/interface", ForwardInterface)
    forward_addresses = Children("forward/address", ForwardAddress)
    forward_driver = Choice("forward/driver/@name", "kvm", "vfio", "xen")
    forward_driver_model = Text("forward/driver/@model")
    forward_driver_iommufd = YesNo("forward/driver/@iommufd")
    forward_pf = Text("forward/pf/@dev")
    nat_ipv6 = YesNo("forward/nat/@ipv6")
    nat_start = Text("forward/nat/address/@start")
    nat_end = Text("forward/nat/address/@end")
    nat_port_start = Integer("forward/nat/port/@start", least=1)
    nat_port_end = Integer("forward/nat/port/@end", least=1)
    bridge = Text("bridge/@name")
    bridge_stp = OnOff("bridge/@stp")
    bridge_delay = Integer("bridge/@delay", least=0)
    bridge_zone = Text("bridge/@zone")
    bridge_mac_table = Choice("bridge/@macTableManager", "kernel", "libvirt")
    mac = Text("mac/@address")
    mtu = Integer("mtu/@size", least=1)
    domain = Text("domain/@name")
    domain_local_only = YesNo("domain/@localOnly")
    domain_register = YesNo("domain/@register")
    dns_enabled = YesNo("dns/@enable")
    dns_forward_plain = YesNo("dns/@forwardPlainNames")
    dns_hosts = Children("dns/host", DnsHost)
    dns_texts = Children("dns/txt", DnsText)
    dns_services = Children("dns/srv", DnsService)
    dns_forwarders = Children("dns/forwarder", DnsForwarder)
    vlan = Child("vlan", Vlan)
    virtualport = Child("virtualport", VirtualPort)
    bandwidth = Child("bandwidth", Bandwidth)
    portgroups = Children("portgroup", PortGroup)
    isolated_ports = YesNo("port/@isolated")
    ips = Children("ip", NetworkIp)
    routes = Children("route", NetworkRoute)
    dnsmasq_options = Values("dnsmasq:options/dnsmasq:option/@value")
