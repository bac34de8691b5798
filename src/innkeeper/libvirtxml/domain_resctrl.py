"""The host's cache and memory bandwidth as a guest may use them (the kernel's resctrl)."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Children
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Choice, Integer, Size, Text


class CacheAllocation(View):
    """`size` bytes of the cache with this `level` and `id`, for code, data or both."""

    TAG = "cache"
    id = Integer("@id", least=0)
    level = Integer("@level", least=0)
    type = Choice("@type", "both", "code", "data")
    size = Size("@size")


class CacheMonitor(View):
    """Counts what these virtual CPUs use of a cache."""

    TAG = "monitor"
    level = Integer("@level", least=0)
    vcpus = Text("@vcpus")


class CacheTune(View):
    """Parts of caches for some virtual CPUs."""

    TAG = "cachetune"
    vcpus = Text("@vcpus")
    id = Text("@id")
    caches = Children("cache", CacheAllocation)
    monitors = Children("monitor", CacheMonitor)


class BandwidthAllocation(View):
    """`bandwidth` percent (on AMD MB/s) of the memory bandwidth of one node of the host."""

    TAG = "node"
    id = Integer("@id", least=0)
    bandwidth = Integer("@bandwidth", least=0)


class VcpuMonitor(View):
    """Counts what these virtual CPUs use."""

    TAG = "monitor"
    vcpus = Text("@vcpus")


class MemoryTune(View):
    """Memory bandwidth for some virtual CPUs."""

    TAG = "memorytune"
    vcpus = Text("@vcpus")
    nodes = Children("node", BandwidthAllocation)
    monitors = Children("monitor", VcpuMonitor)


class EnergyTune(View):
    """Counts the energy that some virtual CPUs use."""

    TAG = "energytune"
    vcpus = Text("@vcpus")
    id = Text("@id")
    monitors = Children("monitor", VcpuMonitor)
