"""Parts that network cards and networks share."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Children
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Choice, Integer, Text, YesNo


class VlanTag(View):
    """One VLAN by its number, 0 to 4095."""

    TAG = "tag"
    id = Integer("@id", least=0)
    native_mode = Choice("@nativeMode", "tagged", "untagged")


class Vlan(View):
    """The VLANs of a port; several with `trunk`."""

    TAG = "vlan"
    trunk = YesNo("@trunk")
    tags = Children("tag", VlanTag)


class VirtualPort(View):
    """The port of a switch such as Open vSwitch."""

    TAG = "virtualport"
    type = Choice("@type", "802.1Qbg", "802.1Qbh", "openvswitch", "midonet")
    interface_id = Text("parameters/@interfaceid")
    profile_id = Text("parameters/@profileid")
    manager_id = Text("parameters/@managerid")
    type_id = Text("parameters/@typeid")
    type_id_version = Text("parameters/@typeidversion")
    instance_id = Text("parameters/@instanceid")


class Bandwidth(View):
    """Limits of traffic: `average`, `peak`, `floor` in KiB a second, `burst` in KiB. Inbound is towards
    the guest.
    """

    TAG = "bandwidth"
    class_id = Integer("@classID", least=1)
    inbound_average = Integer("inbound/@average", least=0)
    inbound_peak = Integer("inbound/@peak", least=0)
    inbound_burst = Integer("inbound/@burst", least=0)
    inbound_floor = Integer("inbound/@floor", least=0)
    outbound_average = Integer("outbound/@average", least=0)
    outbound_peak = Integer("outbound/@peak", least=0)
    outbound_burst = Integer("outbound/@burst", least=0)
    outbound_floor = Integer("outbound/@floor", least=0)
