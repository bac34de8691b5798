"""`<capabilities>`: what a host is and which guests its hypervisors can run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.libvirtxml.capabilities_host import (
    HostBandwidth,
    HostCaches,
    HostCell,
    HostCpu,
    Monitor,
    SecurityModel,
)
from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.element import Document, View
from innkeeper.libvirtxml.values import Choice, Flag, Integer, OnOff, Text, Values, YesNo
from innkeeper.libvirtxml.words import ARCHITECTURES, HYPERVISORS

if TYPE_CHECKING:
    from innkeeper.libvirtxml.numa import NumaBandwidth, NumaLatency


class GuestMachine(View):
    """A machine type; an alias such as `q35` names its `canonical` type."""

    TAG = "machine"
    name = Text(".")
    canonical = Text("@canonical")
    max_cpus = Integer("@maxCpus", least=1)
    deprecated = YesNo("@deprecated")


class GuestDomain(View):
    """A way to run such guests: `kvm`, `qemu`, `lxc` …; what differs from the architecture's own list."""

    TAG = "domain"
    type = Choice("@type", *HYPERVISORS)
    emulator = Text("emulator")
    machines = Children("machine", GuestMachine)


class GuestArch(View):
    """One kind of guest on one architecture."""

    TAG = "guest"
    os_type = Choice("os_type", "hvm", "xen", "linux", "exe", "uml")
    arch = Choice("arch/@name", *ARCHITECTURES)
    word_size = Integer("arch/wordsize", least=8)
    emulator = Text("arch/emulator")
    loader = Text("arch/loader")
    machines = Children("arch/machine", GuestMachine)
    domains = Children("arch/domain", GuestDomain)
    can_switch_acpi = Flag("features/acpi")
    acpi_toggle = YesNo("features/acpi/@toggle")
    acpi_default = OnOff("features/acpi/@default")
    can_switch_apic = Flag("features/apic")
    apic_toggle = YesNo("features/apic/@toggle")
    apic_default = OnOff("features/apic/@default")
    can_switch_hap = Flag("features/hap")
    hap_toggle = YesNo("features/hap/@toggle")
    hap_default = OnOff("features/hap/@default")
    disk_snapshot = Flag("features/disksnapshot")
    disk_snapshot_toggle = YesNo("features/disksnapshot/@toggle")
    disk_snapshot_default = OnOff("features/disksnapshot/@default")
    external_snapshot = Flag("features/externalSnapshot")
    cpu_selection = Flag("features/cpuselection")
    device_boot = Flag("features/deviceboot")
    pae = Flag("features/pae")
    nonpae = Flag("features/nonpae")
    ia64_big_endian = Flag("features/ia64_be")


class Capabilities(Document):
    """What a host can run, all drivers of its connection together."""

    TAG = "capabilities"
    host_uuid = Text("host/uuid")
    cpu = Child("host/cpu", HostCpu)
    iommu = YesNo("host/iommu/@support")
    live_migration = Flag("host/migration_features/live")
    migration_transports = Values("host/migration_features/uri_transports/uri_transport")
    can_suspend_to_mem = Flag("host/power_management/suspend_mem")
    can_suspend_to_disk = Flag("host/power_management/suspend_disk")
    can_suspend_hybrid = Flag("host/power_management/suspend_hybrid")
    cell_count = Integer("host/topology/cells/@num", least=0)
    cells = Children("host/topology/cells/cell", HostCell)
    numa_latencies: Children[NumaLatency] = Children(
        "host/topology/interconnects/latency", "numa:NumaLatency"
    )
    numa_bandwidths: Children[NumaBandwidth] = Children(
        "host/topology/interconnects/bandwidth", "numa:NumaBandwidth"
    )
    caches = Child("host/cache", HostCaches)
    memory_bandwidth = Child("host/memory_bandwidth", HostBandwidth)
    energy_monitor = Child("host/energy/monitor", Monitor)
    security_models = Children("host/secmodel", SecurityModel)
    guests = Children("guest", GuestArch)

    def guest(self, arch: str, os_type: str = "hvm") -> GuestArch | None:
        """The kind of guest with this architecture, or None when the host cannot run it."""
        return next((each for each in self.guests if each.arch == arch and each.os_type == os_type), None)
