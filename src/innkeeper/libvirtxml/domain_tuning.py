"""What of the host a guest may use: CPU time, pinning, memory limits, block I/O weight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.libvirtxml.children import Children
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Choice, Flag, Integer, Size, Text

if TYPE_CHECKING:
    from innkeeper.libvirtxml.domain_resctrl import CacheTune, EnergyTune, MemoryTune

SCHEDULERS = ("batch", "idle", "fifo", "rr")


class VcpuPin(View):
    """The host CPUs (`0-3,^2`) that a virtual CPU may run on."""

    TAG = "vcpupin"
    vcpu = Integer("@vcpu", least=0)
    cpuset = Text("@cpuset")


class IoThreadPin(View):
    """The host CPUs that an I/O thread may run on."""

    TAG = "iothreadpin"
    iothread = Integer("@iothread", least=1)
    cpuset = Text("@cpuset")


class VcpuScheduler(View):
    """The kernel's scheduler for some virtual CPUs; `priority` (1 to 99) with `fifo` and `rr`."""

    TAG = "vcpusched"
    vcpus = Text("@vcpus")
    scheduler = Choice("@scheduler", *SCHEDULERS)
    priority = Integer("@priority", least=0)


class IoThreadScheduler(View):
    """The kernel's scheduler for some I/O threads."""

    TAG = "iothreadsched"
    iothreads = Text("@iothreads")
    scheduler = Choice("@scheduler", *SCHEDULERS)
    priority = Integer("@priority", least=0)


class CpuTune(View):
    """Pinning and shares of CPU time; periods and quotas in microseconds, a quota below 0 is none."""

    TAG = "cputune"
    vcpu_pins = Children("vcpupin", VcpuPin)
    iothread_pins = Children("iothreadpin", IoThreadPin)
    emulator_pin = Text("emulatorpin/@cpuset")
    shares = Integer("shares", least=0)
    period = Integer("period", least=0)
    quota = Integer("quota")
    global_period = Integer("global_period", least=0)
    global_quota = Integer("global_quota")
    emulator_period = Integer("emulator_period", least=0)
    emulator_quota = Integer("emulator_quota")
    iothread_period = Integer("iothread_period", least=0)
    iothread_quota = Integer("iothread_quota")
    vcpu_schedulers = Children("vcpusched", VcpuScheduler)
    iothread_schedulers = Children("iothreadsched", IoThreadScheduler)
    emulator_scheduler = Choice("emulatorsched/@scheduler", *SCHEDULERS)
    emulator_priority = Integer("emulatorsched/@priority", least=0)
    cache_tunes: Children[CacheTune] = Children("cachetune", "domain_resctrl:CacheTune")
    memory_tunes: Children[MemoryTune] = Children("memorytune", "domain_resctrl:MemoryTune")
    energy_tunes: Children[EnergyTune] = Children("energytune", "domain_resctrl:EnergyTune")


class MemTune(View):
    """Limits of memory, in bytes."""

    TAG = "memtune"
    hard_limit = Size("hard_limit")
    soft_limit = Size("soft_limit")
    min_guarantee = Size("min_guarantee")
    swap_hard_limit = Size("swap_hard_limit")


class HugePage(View):
    """A size of huge pages in bytes, for some NUMA cells of the guest."""

    TAG = "page"
    size = Size("@size")
    nodeset = Text("@nodeset")


class MemoryBacking(View):
    """Where the guest's memory comes from."""

    TAG = "memoryBacking"
    huge_pages = Flag("hugepages")
    pages = Children("hugepages/page", HugePage)
    no_share_pages = Flag("nosharepages")
    locked = Flag("locked")
    source = Choice("source/@type", "anonymous", "file", "memfd")
    access = Choice("access/@mode", "shared", "private")
    allocation = Choice("allocation/@mode", "immediate", "ondemand")
    allocation_threads = Integer("allocation/@threads", least=1)
    discard = Flag("discard")


class NumaNode(View):
    """The host's NUMA nodes for the memory of one cell of the guest."""

    TAG = "memnode"
    cell = Integer("@cellid", least=0)
    mode = Choice("@mode", "interleave", "strict", "preferred", "restrictive")
    nodeset = Text("@nodeset")


class NumaTune(View):
    """The host's NUMA nodes that the guest's memory comes from."""

    TAG = "numatune"
    mode = Choice("memory/@mode", "interleave", "strict", "preferred", "restrictive")
    nodeset = Text("memory/@nodeset")
    placement = Choice("memory/@placement", "static", "auto")
    nodes = Children("memnode", NumaNode)


class BlockDeviceTune(View):
    """Limits for one block device of the host, in bytes and requests a second."""

    TAG = "device"
    path = Text("path")
    weight = Integer("weight", least=0)
    read_bytes_sec = Integer("read_bytes_sec", least=0)
    write_bytes_sec = Integer("write_bytes_sec", least=0)
    read_iops_sec = Integer("read_iops_sec", least=0)
    write_iops_sec = Integer("write_iops_sec", least=0)


class BlkioTune(View):
    """The guest's weight (10 to 1000) against others, and limits for each device."""

    TAG = "blkiotune"
    weight = Integer("weight", least=0)
    devices = Children("device", BlockDeviceTune)
