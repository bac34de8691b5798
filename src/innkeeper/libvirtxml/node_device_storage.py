"""The storage part of node devices: SCSI hosts, targets and devices, and the disks they are to the host."""

from __future__ import annotations

from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Flag, Integer, OneZero, Text


class ScsiHostCapability(View):
    """A SCSI host adapter; with Fibre Channel its names, and how many virtual ports it has and may have."""

    TAG = "capability"
    host = Integer("host", least=0)
    unique_id = Integer("unique_id", least=0)
    is_fibre_channel = Flag("capability[@type='fc_host']")
    wwnn = Text("capability[@type='fc_host']/wwnn")
    wwpn = Text("capability[@type='fc_host']/wwpn")
    fabric_wwn = Text("capability[@type='fc_host']/fabric_wwn")
    has_virtual_ports = Flag("capability[@type='vport_ops']")
    max_virtual_ports = Integer("capability[@type='vport_ops']/max_vports", least=0)
    virtual_ports = Integer("capability[@type='vport_ops']/vports", least=0)


class ScsiTargetCapability(View):
    """A SCSI target, such as `target0:0:0`."""

    TAG = "capability"
    target = Text("target")
    remote_port = Text("capability[@type='fc_remote_port']/rport")
    remote_wwpn = Text("capability[@type='fc_remote_port']/wwpn")


class ScsiCapability(View):
    """A SCSI device by its numbers; `device_type` says what it is (`disk`, `cdrom`, …)."""

    TAG = "capability"
    host = Integer("host", least=0)
    bus = Integer("bus", least=0)
    target = Integer("target", least=0)
    lun = Integer("lun", least=0)
    device_type = Text("type")


class StorageCapability(View):
    """A disk or drive of the host; sizes in bytes. Of removable media what is in the drive now."""

    TAG = "capability"
    block = Text("block")
    bus = Text("bus")
    drive_type = Text("drive_type")
    model = Text("model")
    vendor = Text("vendor")
    serial = Text("serial")
    size = Integer("size", least=0)
    logical_block_size = Integer("logical_block_size", least=0)
    block_count = Integer("num_blocks", least=0)
    is_hotpluggable = Flag("capability[@type='hotpluggable']")
    is_removable = Flag("capability[@type='removable']")
    media_available = OneZero("capability[@type='removable']/media_available")
    media_size = Integer("capability[@type='removable']/media_size", least=0)
    media_label = Text("capability[@type='removable']/media_label")
    media_logical_block_size = Integer("capability[@type='removable']/logical_block_size", least=0)
    media_block_count = Integer("capability[@type='removable']/num_blocks", least=0)
