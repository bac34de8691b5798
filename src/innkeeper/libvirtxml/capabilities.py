"""`<capabilities>`: what a host is and which guests its hypervisors can run."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.element import Document, View
from innkeeper.libvirtxml.values import Flag, Integer, Size, Text, Values, YesNo


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
    type = Text("@type")
    emulator = Text("emulator")
    machines = Children("machine", GuestMachine)


class GuestArch(View):
    """One kind of guest on one architecture."""

    TAG = "guest"
    os_type = Text("os_type")
    arch = Text("arch/@name")
    word_size = Integer("arch/wordsize", least=8)
    emulator = Text("arch/emulator")
    machines = Children("arch/machine", GuestMachine)
    domains = Children("arch/domain", GuestDomain)
    can_switch_acpi = Flag("features/acpi")
    disk_snapshot = Flag("features/disksnapshot")


class HostCell(View):
    """A NUMA node of the host; `memory` in bytes."""

    TAG = "cell"
    id = Integer("@id", least=0)
    memory = Size("memory")
    cpu_count = Integer("cpus/@num", least=0)
    cpus = Values("cpus/cpu/@id")


class SecurityModel(View):
    """A security driver of the host."""

    TAG = "secmodel"
    model = Text("model")
    doi = Text("doi")


class HostCpu(View):
    """The processor of the host."""

    TAG = "cpu"
    arch = Text("arch")
    model = Text("model")
    vendor = Text("vendor")
    microcode = Text("microcode/@version")
    sockets = Integer("topology/@sockets", least=1)
    dies = Integer("topology/@dies", least=1)
    cores = Integer("topology/@cores", least=1)
    threads = Integer("topology/@threads", least=1)
    features = Values("feature/@name")
    page_sizes = Values("pages/@size")


class Capabilities(Document):
    """What a host can run, all drivers of its connection together."""

    TAG = "capabilities"
    host_uuid = Text("host/uuid")
    cpu = Child("host/cpu", HostCpu)
    iommu = YesNo("host/iommu/@support")
    live_migration = Flag("host/migration_features/live")
    migration_transports = Values("host/migration_features/uri_transports/uri_transport")
    cells = Children("host/topology/cells/cell", HostCell)
    security_models = Children("host/secmodel", SecurityModel)
    guests = Children("guest", GuestArch)

    def guest(self, arch: str, os_type: str = "hvm") -> GuestArch | None:
        """The kind of guest with this architecture, or None when the host cannot run it."""
        return next((each for each in self.guests if each.arch == arch and each.os_type == os_type), None)
