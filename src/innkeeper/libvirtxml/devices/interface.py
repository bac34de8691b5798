"""`<interface>`: network cards."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.devices.device import Address, VirtioDevice
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.netparts import Bandwidth, VirtualPort, Vlan
from innkeeper.libvirtxml.values import Choice, Integer, OnOff, Text, YesNo


class InterfaceIp(View):
    """An address: of the guest's card, or with user networking of the network it sees."""

    TAG = "ip"
    address = Text("@address")
    family = Choice("@family", "ipv4", "ipv6")
    prefix = Integer("@prefix", least=0)
    peer = Text("@peer")


class InterfaceRoute(View):
    """A route in a container."""

    TAG = "route"
    family = Choice("@family", "ipv4", "ipv6")
    address = Text("@address")
    prefix = Integer("@prefix", least=0)
    netmask = Text("@netmask")
    gateway = Text("@gateway")
    metric = Integer("@metric", least=0)


class PortRange(View):
    """Ports `start` to `end` of the host (1 to 65535); `to` is the first of the guest, the same when left
    out.
    """

    TAG = "range"
    start = Integer("@start", least=1)
    end = Integer("@end", least=1)
    to = Integer("@to", least=1)
    exclude = YesNo("@exclude")


class PortForward(View):
    """Ports of the host that lead into the guest; needs the passt backend (libvirt 9.0 or later)."""

    TAG = "portForward"
    proto = Choice("@proto", "tcp", "udp")
    address = Text("@address")
    dev = Text("@dev")
    ranges = Children("range", PortRange)


class FilterParameter(View):
    """A value for a variable of a network filter."""

    TAG = "parameter"
    name = Text("@name")
    value = Text("@value")


class Offloads(View):
    """What the network card's users leave to it: checksums and segmentation."""

    TAG = "host"
    csum = OnOff("@csum")
    gso = OnOff("@gso")
    tso4 = OnOff("@tso4")
    tso6 = OnOff("@tso6")
    ecn = OnOff("@ecn")
    ufo = OnOff("@ufo")
    mrg_rxbuf = OnOff("@mrg_rxbuf")


class GuestOffloads(View):
    """The same, as the guest may use it."""

    TAG = "guest"
    csum = OnOff("@csum")
    tso4 = OnOff("@tso4")
    tso6 = OnOff("@tso6")
    ecn = OnOff("@ecn")
    ufo = OnOff("@ufo")


class Interface(VirtioDevice):
    """A network card of the guest, and what it is plugged into on the host."""

    TAG = "interface"
    type = Choice(
        "@type", "network", "bridge", "user", "direct", "ethernet", "vhostuser", "hostdev", "vdpa",
        "internal", "server", "client", "mcast", "udp", "null", "vds",
    )  # fmt: skip
    managed = YesNo("@managed")
    trust_guest_filters = YesNo("@trustGuestRxFilters")
    mac = Text("mac/@address")
    mac_type = Choice("mac/@type", "generated", "static")
    mac_check = YesNo("mac/@check")
    mac_current = Text("mac/@currentAddress")
    model = Text("model/@type")

    network = Text("source/@network")
    portgroup = Text("source/@portgroup")
    bridge = Text("source/@bridge")
    source_dev = Text("source/@dev")
    source_mode = Choice("source/@mode", "vepa", "private", "bridge", "passthrough", "server", "client")
    source_type = Choice("source/@type", "unix")
    source_path = Text("source/@path")
    source_address = Text("source/@address")
    source_port = Integer("source/@port", least=0)
    local_address = Text("source/local/@address")
    local_port = Integer("source/local/@port", least=0)
    source_name = Text("source/@name")
    source_missing = YesNo("source/@missing")
    source_pci = Child("source/address", Address)
    source_vendor = Integer("source/vendor/@id", digits=4)
    source_product = Integer("source/product/@id", digits=4)
    source_ips = Children("source/ip", InterfaceIp)
    source_routes = Children("source/route", InterfaceRoute)
    source_mac_table = Choice("source/@macTableManager", "kernel", "libvirt")
    reconnect_enabled = YesNo("source/reconnect/@enabled")
    reconnect_timeout = Integer("source/reconnect/@timeout", least=0)
    reconnect_delay = Integer("source/reconnect/@delay", least=0)
    port_id = Text("source/@portid")
    switch_id = Text("source/@switchid")
    port_group_id = Text("source/@portgroupid")
    connection_id = Integer("source/@connectionid")

    backend_type = Choice("backend/@type", "default", "passt")
    backend_log_file = Text("backend/@logFile")
    backend_tap = Text("backend/@tap")
    backend_vhost = Text("backend/@vhost")
    backend_hostname = Text("backend/@hostname")
    backend_fqdn = Text("backend/@fqdn")
    port_forwards = Children("portForward", PortForward)
    ips = Children("ip", InterfaceIp)
    routes = Children("route", InterfaceRoute)

    target_dev = Text("target/@dev")
    target_managed = YesNo("target/@managed")
    guest_dev = Text("guest/@dev")
    guest_actual = Text("guest/@actual")
    script = Text("script/@path")
    downscript = Text("downscript/@path")
    backend_domain = Text("backenddomain/@name")
    driver_name = Choice("driver/@name", "kvm", "vhost", "vfio", "xen", "qemu")
    queues = Integer("driver/@queues", least=1)
    rx_queue_size = Integer("driver/@rx_queue_size", least=1)
    tx_queue_size = Integer("driver/@tx_queue_size", least=1)
    txmode = Choice("driver/@txmode", "iothread", "timer")
    ioeventfd = OnOff("driver/@ioeventfd")
    event_idx = OnOff("driver/@event_idx")
    driver_model = Text("driver/@model")
    iommufd = YesNo("driver/@iommufd")
    rss = OnOff("driver/@rss")
    rss_hash_report = OnOff("driver/@rss_hash_report")
    host_offloads = Child("driver/host", Offloads)
    guest_offloads = Child("driver/guest", GuestOffloads)
    filter = Text("filterref/@filter")
    filter_parameters = Children("filterref/parameter", FilterParameter)
    sndbuf = Integer("tune/sndbuf", least=0)
    link_state = Choice("link/@state", "up", "down")
    mtu = Integer("mtu/@size", least=1)
    coalesce_rx_frames = Integer("coalesce/rx/frames/@max", least=0)
    isolated = YesNo("port/@isolated")
    rom_bar = OnOff("rom/@bar")
    rom_file = Text("rom/@file")
    rom_enabled = YesNo("rom/@enabled")
    teaming = Choice("teaming/@type", "persistent", "transient")
    teaming_persistent = Text("teaming/@persistent")
    vlan = Child("vlan", Vlan)
    virtualport = Child("virtualport", VirtualPort)
    bandwidth = Child("bandwidth", Bandwidth)
