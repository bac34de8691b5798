"""`<domain>`: a guest, whatever runs it."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.devices.devices import Devices
from innkeeper.libvirtxml.domain_clock import Clock
from innkeeper.libvirtxml.domain_cpu import Cpu
from innkeeper.libvirtxml.domain_features import Features
from innkeeper.libvirtxml.domain_os import OperatingSystem
from innkeeper.libvirtxml.domain_security import LaunchSecurity, QemuCommandLine, SecLabel, SystemInfo
from innkeeper.libvirtxml.domain_tuning import BlkioTune, CpuTune, MemoryBacking, MemTune, NumaTune
from innkeeper.libvirtxml.element import Document, View
from innkeeper.libvirtxml.metadata import Metadata
from innkeeper.libvirtxml.values import Choice, Flag, Integer, OnOff, Size, Text, YesNo

LIFECYCLE = ("destroy", "restart", "preserve", "rename-restart", "coredump-destroy", "coredump-restart")


class Vcpu(View):
    """One virtual CPU that can be plugged."""

    TAG = "vcpu"
    id = Integer("@id", least=0)
    enabled = YesNo("@enabled")
    hotpluggable = YesNo("@hotpluggable")
    order = Integer("@order", least=1)


class Domain(Document):
    """A guest of any hypervisor. Memory is in bytes; `vcpus` the most there can be, `current_vcpus` those
    plugged now.

    libvirt drops comments and elements it does not know when it takes a document; nothing here does.
    """

    TAG = "domain"
    type = Text("@type")
    id = Integer("@id")
    name = Text("name")
    uuid = Text("uuid")
    generation_id = Text("genid")
    has_generation_id = Flag("genid")
    title = Text("title")
    description = Text("description")
    metadata = Child("metadata", Metadata)

    max_memory = Size("maxMemory")
    max_memory_slots = Integer("maxMemory/@slots", least=1)
    memory = Size("memory")
    memory_dump = OnOff("memory/@dumpCore")
    current_memory = Size("currentMemory")
    memory_backing = Child("memoryBacking", MemoryBacking)
    memtune = Child("memtune", MemTune)
    numatune = Child("numatune", NumaTune)
    blkiotune = Child("blkiotune", BlkioTune)

    vcpus = Integer("vcpu", least=1)
    current_vcpus = Integer("vcpu/@current", least=1)
    vcpu_placement = Choice("vcpu/@placement", "static", "auto")
    vcpu_set = Text("vcpu/@cpuset")
    vcpu_states = Children("vcpus/vcpu", Vcpu)
    iothreads = Integer("iothreads", least=0)
    cputune = Child("cputune", CpuTune)
    partition = Text("resource/partition")

    bootloader = Text("bootloader")
    bootloader_args = Text("bootloader_args")
    os = Child("os", OperatingSystem)
    sysinfo = Child("sysinfo", SystemInfo)
    features = Child("features", Features)
    cpu = Child("cpu", Cpu)
    clock = Child("clock", Clock)
    on_poweroff = Choice("on_poweroff", *LIFECYCLE)
    on_reboot = Choice("on_reboot", *LIFECYCLE)
    on_crash = Choice("on_crash", *LIFECYCLE)
    on_lockfailure = Choice("on_lockfailure", "poweroff", "restart", "pause", "ignore")
    suspend_to_mem = YesNo("pm/suspend-to-mem/@enabled")
    suspend_to_disk = YesNo("pm/suspend-to-disk/@enabled")

    devices = Child("devices", Devices)
    seclabels = Children("seclabel", SecLabel)
    launch_security = Child("launchSecurity", LaunchSecurity)
    qemu_commandline = Child("qemu:commandline", QemuCommandLine)
