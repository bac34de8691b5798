"""`<domain>`: a guest, whatever runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.devices.devices import Devices
from innkeeper.libvirtxml.domain_os import OperatingSystem
from innkeeper.libvirtxml.element import Document, View
from innkeeper.libvirtxml.metadata import Metadata
from innkeeper.libvirtxml.values import Choice, Flag, Integer, OnOff, Size, Text, Values, YesNo
from innkeeper.libvirtxml.words import HYPERVISORS

if TYPE_CHECKING:
    from innkeeper.libvirtxml.devices.disk_iotune import ThrottleGroup
    from innkeeper.libvirtxml.domain_clock import Clock
    from innkeeper.libvirtxml.domain_cpu import Cpu
    from innkeeper.libvirtxml.domain_features import Features
    from innkeeper.libvirtxml.domain_iothreads import IoThread
    from innkeeper.libvirtxml.domain_lxc import LxcNamespaces
    from innkeeper.libvirtxml.domain_perf import PerfEvent
    from innkeeper.libvirtxml.domain_qemu import QemuCapabilities, QemuCommandLine, QemuDeviceOverride
    from innkeeper.libvirtxml.domain_security import KeyCipher, LaunchSecurity, SecLabel
    from innkeeper.libvirtxml.domain_sysinfo import FirmwareEntry, SystemInfo
    from innkeeper.libvirtxml.domain_tuning import BlkioTune, CpuTune, MemoryBacking, MemTune, NumaTune
    from innkeeper.libvirtxml.idmap import IdMap

LIFECYCLE = ("destroy", "restart", "preserve", "rename-restart")


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
    type = Choice("@type", *HYPERVISORS)
    id = Integer("@id")
    name = Text("name")
    uuid = Text("uuid")
    hardware_uuid = Text("hwuuid")
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
    memory_backing: Child[MemoryBacking] = Child("memoryBacking", "domain_tuning:MemoryBacking")
    memtune: Child[MemTune] = Child("memtune", "domain_tuning:MemTune")
    numatune: Child[NumaTune] = Child("numatune", "domain_tuning:NumaTune")
    blkiotune: Child[BlkioTune] = Child("blkiotune", "domain_tuning:BlkioTune")

    vcpus = Integer("vcpu", least=1)
    current_vcpus = Integer("vcpu/@current", least=1)
    vcpu_placement = Choice("vcpu/@placement", "static", "auto")
    vcpu_set = Text("vcpu/@cpuset")
    vcpu_states = Children("vcpus/vcpu", Vcpu)
    iothreads = Integer("iothreads", least=0)
    iothread_ids: Children[IoThread] = Children("iothreadids/iothread", "domain_iothreads:IoThread")
    default_iothread_pool_min = Integer("defaultiothread/@thread_pool_min", least=0)
    default_iothread_pool_max = Integer("defaultiothread/@thread_pool_max", least=0)
    cputune: Child[CpuTune] = Child("cputune", "domain_tuning:CpuTune")
    partition = Text("resource/partition")
    fibre_channel_app = Text("resource/fibrechannel/@appid")
    iommufd = YesNo("iommufd/@enabled")
    iommufd_group = Text("iommufd/@fdgroup")

    bootloader = Text("bootloader")
    bootloader_args = Text("bootloader_args")
    os = Child("os", OperatingSystem)
    sysinfo: Child[SystemInfo] = Child("sysinfo[@type='smbios']", "domain_sysinfo:SystemInfo")
    firmware_entries: Children[FirmwareEntry] = Children(
        "sysinfo[@type='fwcfg']/entry", "domain_sysinfo:FirmwareEntry"
    )
    features: Child[Features] = Child("features", "domain_features:Features")
    cpu: Child[Cpu] = Child("cpu", "domain_cpu:Cpu")
    clock: Child[Clock] = Child("clock", "domain_clock:Clock")
    on_poweroff = Choice("on_poweroff", *LIFECYCLE)
    on_reboot = Choice("on_reboot", *LIFECYCLE)
    on_crash = Choice("on_crash", *LIFECYCLE, "coredump-destroy", "coredump-restart", "preserve-running")
    on_lockfailure = Choice("on_lockfailure", "poweroff", "restart", "pause", "ignore")
    suspend_to_mem = YesNo("pm/suspend-to-mem/@enabled")
    suspend_to_disk = YesNo("pm/suspend-to-disk/@enabled")

    perf_events: Children[PerfEvent] = Children("perf/event", "domain_perf:PerfEvent")
    idmap: Child[IdMap] = Child("idmap", "idmap:IdMap")
    throttle_groups: Children[ThrottleGroup] = Children(
        "throttlegroups/throttlegroup", "devices.disk_iotune:ThrottleGroup"
    )

    devices = Child("devices", Devices)
    seclabels: Children[SecLabel] = Children("seclabel", "domain_security:SecLabel")
    key_ciphers: Children[KeyCipher] = Children("keywrap/cipher", "domain_security:KeyCipher")
    launch_security: Child[LaunchSecurity] = Child("launchSecurity", "domain_security:LaunchSecurity")

    qemu_commandline: Child[QemuCommandLine] = Child("qemu:commandline", "domain_qemu:QemuCommandLine")
    qemu_capabilities: Child[QemuCapabilities] = Child("qemu:capabilities", "domain_qemu:QemuCapabilities")
    qemu_deprecation = Choice("qemu:deprecation/@behavior", "none", "omit", "reject", "crash")
    qemu_overrides: Children[QemuDeviceOverride] = Children(
        "qemu:override/qemu:device", "domain_qemu:QemuDeviceOverride"
    )
    lxc_namespaces: Child[LxcNamespaces] = Child("lxc:namespace", "domain_lxc:LxcNamespaces")
    bhyve_arguments = Values("bhyve:commandline/bhyve:arg/@value")
    xen_arguments = Values("xen:commandline/xen:arg/@value")
    vmware_datacenter_path = Text("vmware:datacenterpath")
