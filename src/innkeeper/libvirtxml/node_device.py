"""`<device>`: a device of the host, as `virsh nodedev-dumpxml` tells of it.

Nearly every device has one capability that says what it is. Each kind is a property here, and `kind` names
the one that there is:

    for device in devices:
        if device.pci.exists:
            print(device.pci.address, device.pci.product, device.pci.iommu_group, device.driver)
"""

from __future__ import annotations

from innkeeper.libvirtxml.children import Child
from innkeeper.libvirtxml.element import Document, View
from innkeeper.libvirtxml.node_device_ccw import (
    ApCardCapability,
    ApMatrixCapability,
    ApQueueCapability,
    CcwCapability,
    CcwGroupCapability,
    CssCapability,
)
from innkeeper.libvirtxml.node_device_mdev import MdevCapability
from innkeeper.libvirtxml.node_device_pci import PciCapability
from innkeeper.libvirtxml.node_device_storage import (
    ScsiCapability,
    ScsiHostCapability,
    ScsiTargetCapability,
    StorageCapability,
)
from innkeeper.libvirtxml.values import Choice, Flag, Integer, Text, Values


class SystemCapability(View):
    """The computer itself, as SMBIOS tells of it."""

    TAG = "capability"
    product = Text("product")
    hardware_vendor = Text("hardware/vendor")
    hardware_version = Text("hardware/version")
    hardware_serial = Text("hardware/serial")
    hardware_uuid = Text("hardware/uuid")
    firmware_vendor = Text("firmware/vendor")
    firmware_version = Text("firmware/version")
    firmware_date = Text("firmware/release_date")


class UsbDeviceCapability(View):
    """A USB device by its place: `bus` and `device` number (and `port` of the hub, with newer libvirt)."""

    TAG = "capability"
    bus = Integer("bus", least=0)
    device = Integer("device", least=0)
    port = Integer("port", least=0)
    product = Text("product")
    product_id = Integer("product/@id", digits=4, base=16)
    vendor = Text("vendor")
    vendor_id = Integer("vendor/@id", digits=4, base=16)


class UsbCapability(View):
    """One interface of a USB device, with USB's own class numbers."""

    TAG = "capability"
    number = Integer("number", least=0)
    interface_class = Integer("class", least=0)
    interface_subclass = Integer("subclass", least=0)
    protocol = Integer("protocol", least=0)
    description = Text("description")


class NetCapability(View):
    """A network interface of the host; `link_speed` in Mbit/s."""

    TAG = "capability"
    interface = Text("interface")
    address = Text("address")
    link_speed = Integer("link/@speed", least=0)
    link_state = Choice(
        "link/@state", "unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up"
    )
    features = Values("feature/@name")
    is_ethernet = Flag("capability[@type='80203']")
    is_wireless = Flag("capability[@type='80211']")


class NodeDevice(Document):
    """A device of the host. `parent` is the name of the device that it hangs on, `path` its place in sysfs,
    `device_node` its file in `/dev` and `device_links` the other names of that.
    """

    TAG = "device"
    name = Text("name")
    path = Text("path")
    device_node = Text("devnode[@type='dev']")
    device_links = Values("devnode[@type='link']")
    parent = Text("parent")
    parent_wwnn = Text("parent/@wwnn")
    parent_wwpn = Text("parent/@wwpn")
    parent_fabric_wwn = Text("parent/@fabric_wwn")
    driver = Text("driver/name")

    system = Child("capability[@type='system']", SystemCapability)
    pci = Child("capability[@type='pci']", PciCapability)
    usb_device = Child("capability[@type='usb_device']", UsbDeviceCapability)
    usb = Child("capability[@type='usb']", UsbCapability)
    net = Child("capability[@type='net']", NetCapability)
    scsi_host = Child("capability[@type='scsi_host']", ScsiHostCapability)
    scsi_target = Child("capability[@type='scsi_target']", ScsiTargetCapability)
    scsi = Child("capability[@type='scsi']", ScsiCapability)
    scsi_generic = Text("capability[@type='scsi_generic']/char")
    storage = Child("capability[@type='storage']", StorageCapability)
    drm_type = Choice("capability[@type='drm']/type", "primary", "control", "render")
    mdev = Child("capability[@type='mdev']", MdevCapability)
    ccw = Child("capability[@type='ccw']", CcwCapability)
    ccw_group = Child("capability[@type='ccwgroup']", CcwGroupCapability)
    css = Child("capability[@type='css']", CssCapability)
    vdpa = Text("capability[@type='vdpa']/chardev")
    ap_card = Child("capability[@type='ap_card']", ApCardCapability)
    ap_queue = Child("capability[@type='ap_queue']", ApQueueCapability)
    ap_matrix = Child("capability[@type='ap_matrix']", ApMatrixCapability)

    @property
    def kind(self) -> str | None:
        """What the device is, by its capability's type (`pci`, `usb_device`, `net` …)."""
        return next((str(each.get("type")) for each in self.node.iterchildren("capability")), None)
