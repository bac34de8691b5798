"""Node devices of IBM Z: channel devices and the crypto adapters (AP)."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.node_device_mdev import MdevType
from innkeeper.libvirtxml.values import Choice, Flag, Integer, Text


class ChannelAddress(View):
    """The place of a device behind a channel."""

    TAG = "channel_dev_addr"
    cssid = Integer("cssid", digits=1)
    ssid = Integer("ssid", digits=1)
    devno = Integer("devno", digits=4, base=16)


class CcwCapability(View):
    """A channel device (DASD, network card …); a member of a group names the device that the group is."""

    TAG = "capability"
    state = Choice("state", "online", "offline")
    cssid = Integer("cssid", digits=1)
    ssid = Integer("ssid", digits=1)
    devno = Integer("devno", digits=4, base=16)
    group_device = Text("capability[@type='ccwgroup_member']/group_device")


class CcwGroupMember(View):
    """One channel device of a group: what it is for (`read`, `write`, `data`), and its node device."""

    TAG = "ccw_device"
    role = Text("@ref")
    device = Text(".")


class CcwGroupCapability(View):
    """Channel devices that are used as one, such as a network card (qeth)."""

    TAG = "capability"
    state = Choice("state", "online", "offline")
    cssid = Integer("cssid", digits=1)
    ssid = Integer("ssid", digits=1)
    devno = Integer("devno", digits=4, base=16)
    members = Children("members/ccw_device", CcwGroupMember)
    group_type = Choice("capability/@type", "qeth_generic", "qeth_layer2", "qeth_layer3")
    card_type = Text("capability/card_type")
    chpid = Text("capability/chpid")


class CssCapability(View):
    """A subchannel; `device_address` is that of the device behind it."""

    TAG = "capability"
    cssid = Integer("cssid", digits=1)
    ssid = Integer("ssid", digits=1)
    devno = Integer("devno", digits=4, base=16)
    device_address = Child("channel_dev_addr", ChannelAddress)
    has_mdev_types = Flag("capability[@type='mdev_types']")
    mdev_types = Children("capability[@type='mdev_types']/type", MdevType)


class ApCardCapability(View):
    """A crypto adapter."""

    TAG = "capability"
    adapter = Integer("ap-adapter", digits=2)


class ApQueueCapability(View):
    """One domain of a crypto adapter."""

    TAG = "capability"
    adapter = Integer("ap-adapter", digits=2)
    domain = Integer("ap-domain", digits=4)


class ApMatrixCapability(View):
    """The matrix of adapters and domains, from which mediated devices are made."""

    TAG = "capability"
    has_mdev_types = Flag("capability[@type='mdev_types']")
    mdev_types = Children("capability[@type='mdev_types']/type", MdevType)
