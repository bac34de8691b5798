"""Documents built from nothing: guests with rare parts, and other kinds than guests, networks, pools and volumes."""

from __future__ import annotations

from collections.abc import Callable

from innkeeper.libvirtxml import (
    Backup,
    Checkpoint,
    Domain,
    Network,
    NetworkFilter,
    NodeDevice,
    Secret,
    Snapshot,
)
from innkeeper.libvirtxml.backup import BackupDisk
from innkeeper.libvirtxml.checkpoint import CheckpointDisk
from innkeeper.libvirtxml.devices import Audio, Disk, Filesystem, Hostdev, Interface, MdevHostdev, PciHostdev
from innkeeper.libvirtxml.devices.disk_source import SourceHost
from innkeeper.libvirtxml.domain_cpu import NumaCell
from innkeeper.libvirtxml.domain_iothreads import IoThread
from innkeeper.libvirtxml.domain_resctrl import CacheAllocation, CacheTune
from innkeeper.libvirtxml.domain_sysinfo import BaseBoard, FirmwareEntry
from innkeeper.libvirtxml.domain_tuning import HugePage, VcpuPin, VcpuScheduler
from innkeeper.libvirtxml.element import Document
from innkeeper.libvirtxml.idmap import GroupIdRange, IdRange
from innkeeper.libvirtxml.netparts import VlanTag
from innkeeper.libvirtxml.network import DnsForwarder, DnsHost, DnsService, DnsText, NetworkIp, NetworkRoute
from innkeeper.libvirtxml.node_device_mdev import MdevAttribute
from innkeeper.libvirtxml.nwfilter import FilterReference, Rule
from innkeeper.libvirtxml.snapshot import SnapshotDisk

UUID = "c7a5fdbd-edaf-9455-926a-d65c16db1809"
GIB = 1024**3


def tuned_guest() -> Domain:
    """A guest that says much about its machine and little about its devices."""
    guest = Domain.new(type="kvm", name="tuned", uuid=UUID, memory=4 * GIB, vcpus=4, iothreads=2)
    guest.iothread_ids = [IoThread.new(id=2), IoThread.new(id=4)]
    guest.memory_backing.update(locked=True, source="memfd", access="shared", allocation="immediate")
    guest.memory_backing.pages.add(HugePage.new(size=2 * 1024**2, nodeset="0"))
    guest.cputune.update(shares=2048, period=100_000, quota=50_000, emulator_pin="0-1")
    guest.cputune.vcpu_pins.add(VcpuPin.new(vcpu=0, cpuset="2"))
    guest.cputune.vcpu_schedulers.add(VcpuScheduler.new(vcpus="0", scheduler="fifo", priority=1))
    guest.cputune.cache_tunes.add(CacheTune.new(vcpus="0-1")).caches.add(
        CacheAllocation.new(id=0, level=3, type="both", size=3 * 1024**2)
    )
    guest.os.update(type="hvm", arch="x86_64", machine="q35", boot=("hd",), smbios_mode="sysinfo")
    guest.sysinfo.update(manufacturer="Inn & Sons", serial="<1>", oem_strings=("one", "two"))
    guest.sysinfo.boards.add(BaseBoard.new(manufacturer="Inn & Sons", asset="7"))
    guest.firmware_entries.add(FirmwareEntry.new(name="opt/org.example/note", value="a <b> & c"))
    guest.features.update(acpi=True, apic=True, pmu=False, vmport=False, kvm_hidden=True, ioapic="kvm")
    guest.features.hyperv.update(mode="custom", relaxed=True, spinlocks=True, spinlock_retries=8191)
    guest.cpu.update(mode="host-passthrough", check="none", cache_mode="passthrough")
    guest.cpu.topology.update(sockets=1, cores=2, threads=2)
    guest.cpu.numa_cells.add(NumaCell.new(id=0, cpus="0-3", memory=4 * GIB, memory_access="shared"))
    guest.clock.update(offset="variable", adjustment="3600", basis="utc")
    guest.qemu_commandline.arguments = ("-name", "a=<b>")
    guest.qemu_deprecation = "omit"
    plug_rare(guest)
    return guest


def plug_rare(guest: Domain) -> None:
    """Devices that few guests have."""
    ceph = Disk.new(type="network", device="disk", driver_name="qemu", driver_type="raw", target_dev="vda")
    ceph.update(target_bus="virtio", throttle_filters=None, iothread=2)
    ceph.source.update(protocol="rbd", name="pool/image", snapshot="before", index=1)
    ceph.source.hosts.add(SourceHost.new(name="mon.example", port=6789))
    ceph.source.auth.update(username="inn", secret_type="ceph", secret_usage="ceph inn")
    ceph.iotune.update(total_bytes_sec=10**7, total_iops_sec=500)
    shared = Filesystem.new(
        type="mount", driver_type="virtiofs", source_dir="/srv/a & b", target_dir="shared"
    )
    card = Interface.new(type="bridge", mac="52:54:00:00:00:01", bridge="br0", model="virtio", mtu=9000)
    card.vlan.tags.add(VlanTag.new(id=42))
    card.bandwidth.update(inbound_average=1000, inbound_floor=200, outbound_average=128)
    card.host_offloads.update(csum=False, gso=False)
    card.update(driver_name="vhost", coalesce_rx_frames=7)
    gpu = PciHostdev.new(mode="subsystem", type="pci", managed=True, driver_name="vfio")
    gpu.source_address.update(domain=0, bus="0x65", slot=0, function=0)
    part = MdevHostdev.new(mode="subsystem", type="mdev", model="vfio-pci", display=True, uuid=UUID)
    sound = Audio.new(id=1, type="pulseaudio", server_name="/run/pulse")
    sound.output.update(mixing_engine=False, latency=20_000, frequency=48_000, channels=2, format="s16")
    for device in (ceph, shared, card, gpu, part, sound):
        guest.devices.add(device)


def container() -> Domain:
    """A container."""
    guest = Domain.new(type="lxc", name="box", uuid=UUID, memory=GIB)
    guest.os.update(type="exe", arch="x86_64", init="/sbin/init", init_arguments=("--log", "<a>"))
    guest.idmap.users.add(IdRange.new(start=0, target=100_000, count=65_536))
    guest.idmap.groups.add(GroupIdRange.new(start=0, target=100_000, count=65_536))
    guest.features.capabilities.update(policy="default", mknod=True, sys_chroot=False)
    guest.lxc_namespaces.update(net_type="netns", net="outer")
    guest.devices.add(Filesystem.new(type="mount", source_dir="/srv/box", target_dir="/"))
    guest.devices.add(Hostdev.new(mode="capabilities", type="misc", char="/dev/net/tun"))
    return guest


def snapshot() -> Snapshot:
    """An external snapshot."""
    moment = Snapshot.new(name="before the upgrade", description="<a> & b", memory="no")
    disk = moment.disks.add(SnapshotDisk.new(name="vda", snapshot="external", type="file", format="qcow2"))
    disk.source.file = "/var/lib/libvirt/images/web1.before.qcow2"
    moment.disks.add(SnapshotDisk.new(name="vdb", snapshot="no"))
    return moment


def checkpoint() -> Checkpoint:
    """A checkpoint of one disk."""
    moment = Checkpoint.new(name="monday", description="<a> & b")
    moment.disks.add(CheckpointDisk.new(name="vda", checkpoint="bitmap", bitmap="monday"))
    moment.disks.add(CheckpointDisk.new(name="vdb", checkpoint="no"))
    return moment


def backup() -> Backup:
    """What changed since a checkpoint, offered over NBD."""
    job = Backup.new(mode="pull", incremental="monday", server_transport="unix", server_socket="/run/b.sock")
    disk = BackupDisk.new(name="vda", backup=True, type="file", export_name="vda", format="qcow2")
    disk.scratch.file = "/var/tmp/scratch & more.qcow2"
    job.disks.add(disk)
    job.disks.add(BackupDisk.new(name="vdb", backup=False))
    return job


def secret() -> Secret:
    """The passphrase of a volume."""
    return Secret.new(
        ephemeral=False, private=True, uuid=UUID, description="<a> & b",
        usage_type="volume", usage_volume="/var/lib/libvirt/images/secret.qcow2",
    )  # fmt: skip


def network_filter() -> NetworkFilter:
    """A filter that lets a guest speak TCP from its own address."""
    found = NetworkFilter.new(name="own-address", chain="root", uuid=UUID)
    found.references.add(FilterReference.new(filter="clean-traffic"))
    rule = found.rules.add(Rule.new(action="accept", direction="out", priority=500))
    rule.tcp.update(src_ip="$IP", dst_port_start="80", dst_port_end="443", comment="web & more")
    found.rules.add(Rule.new(action="drop", direction="inout", priority=1000)).all.comment = "the rest"
    return found


def named_network() -> Network:
    """A routed network with names of its own."""
    found = Network.new(
        name="routed", uuid=UUID, forward_mode="route", forward_interfaces=("eth0",), bridge="br7"
    )
    found.update(domain="inn.example", domain_local_only=True, dnsmasq_options=("log-queries", "a=<b>"))
    found.dns_forwarders.add(DnsForwarder.new(address="192.0.2.53", domain="example"))
    found.dns_texts.add(DnsText.new(name="note", value="a <b> & c"))
    found.dns_services.add(
        DnsService.new(service="ldap", protocol="tcp", target="ldap.inn.example", port=389)
    )
    found.dns_hosts.add(DnsHost.new(ip="192.0.2.1", hostnames=("gate", "gate.inn.example")))
    found.ips.add(NetworkIp.new(family="ipv4", address="192.0.2.1", prefix=24))
    found.routes.add(NetworkRoute.new(address="198.51.100.0", prefix=24, gateway="192.0.2.2"))
    return found


def mdev() -> NodeDevice:
    """A mediated device that is to be made."""
    device = NodeDevice.new(name="mdev_of_gpu", parent="pci_0000_65_00_0")
    device.mdev.update(type_id="nvidia-35", uuid=UUID)
    device.mdev.attributes.add(MdevAttribute.new(name="assign", value="5"))
    return device


DOCUMENTS: dict[str, tuple[Callable[[], Document], str]] = {
    "backup-pull": (backup, "domainbackup"),
    "checkpoint": (checkpoint, "domaincheckpoint"),
    "container": (container, "domain"),
    "filter": (network_filter, "nwfilter"),
    "guest-tuned": (tuned_guest, "domain"),
    "network-routed": (named_network, "network"),
    "nodedev-mdev": (mdev, "nodedev"),
    "secret": (secret, "secret"),
    "snapshot": (snapshot, "domainsnapshot"),
}
"""Each with the schema that it is to be valid for."""
