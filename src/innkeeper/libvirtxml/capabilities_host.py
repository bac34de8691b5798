"""The host's half of `<capabilities>`: processor, NUMA cells, caches, what can be monitored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Choice, Flag, Integer, Size, Text, Values, YesNo
from innkeeper.libvirtxml.words import ARCHITECTURES

if TYPE_CHECKING:
    from innkeeper.libvirtxml.numa import NumaCache, NumaDistance


class PageSize(View):
    """A size of memory pages in bytes that the host has."""

    TAG = "pages"
    size = Size("@size")


class CellPages(PageSize):
    """How many pages of a size a NUMA node has."""

    count = Integer(".", least=0)


class CellCpu(View):
    """A CPU of the host and its place; `siblings` are the threads of its core, it among them (`0,4`)."""

    TAG = "cpu"
    id = Integer("@id", least=0)
    socket = Integer("@socket_id", least=0)
    die = Integer("@die_id", least=0)
    cluster = Integer("@cluster_id", least=0)
    core = Integer("@core_id", least=0)
    siblings = Text("@siblings")


class HostCell(View):
    """A NUMA node of the host; `memory` in bytes."""

    TAG = "cell"
    id = Integer("@id", least=0)
    memory = Size("memory")
    pages = Children("pages", CellPages)
    distances: Children[NumaDistance] = Children("distances/sibling", "numa:NumaDistance")
    caches: Children[NumaCache] = Children("cache", "numa:NumaCache")
    cpu_count = Integer("cpus/@num", least=0)
    cpus = Values("cpus/cpu/@id")
    cpu_places = Children("cpus/cpu", CellCpu)


class SecurityBaseLabel(View):
    """The label that guests of one type of hypervisor get at first."""

    TAG = "baselabel"
    type = Text("@type")
    label = Text(".")


class SecurityModel(View):
    """A security driver of the host."""

    TAG = "secmodel"
    model = Text("model")
    doi = Text("doi")
    base_labels = Children("baselabel", SecurityBaseLabel)


class HostCpu(View):
    """The processor of the host; `counter_frequency` in Hz."""

    TAG = "cpu"
    arch = Choice("arch", *ARCHITECTURES)
    model = Text("model")
    vendor = Text("vendor")
    microcode = Integer("microcode/@version", least=0)
    has_pae = Flag("features/pae")
    has_nonpae = Flag("features/nonpae")
    has_vmx = Flag("features/vmx")
    has_svm = Flag("features/svm")
    signature_family = Integer("signature/@family", least=0)
    signature_model = Integer("signature/@model", least=0)
    signature_stepping = Integer("signature/@stepping", least=0)
    counter_name = Text("counter/@name")
    counter_frequency = Integer("counter/@frequency", least=0)
    counter_scaling = YesNo("counter/@scaling")
    sockets = Integer("topology/@sockets", least=1)
    dies = Integer("topology/@dies", least=1)
    clusters = Integer("topology/@clusters", least=1)
    cores = Integer("topology/@cores", least=1)
    threads = Integer("topology/@threads", least=1)
    address_mode = Choice("maxphysaddr/@mode", "passthrough", "emulate")
    address_bits = Integer("maxphysaddr/@bits", least=1)
    address_limit = Integer("maxphysaddr/@limit", least=1)
    features = Values("feature/@name")
    page_sizes = Values("pages/@size")
    pages = Children("pages", PageSize)


class CacheControl(View):
    """In which steps a cache can be given out; sizes in bytes."""

    TAG = "control"
    granularity = Size("@granularity", default="bytes")
    minimum = Size("@min", default="bytes")
    type = Choice("@type", "both", "code", "data")
    max_allocations = Integer("@maxAllocs", least=0)


class CacheBank(View):
    """A cache of the host and the CPUs that it serves; `size` in bytes."""

    TAG = "bank"
    id = Integer("@id", least=0)
    level = Integer("@level", least=0)
    type = Choice("@type", "both", "code", "data")
    size = Size("@size", default="bytes")
    cpus = Text("@cpus")
    controls = Children("control", CacheControl)


class BandwidthControl(View):
    """In which steps, in percent, memory bandwidth can be given out."""

    TAG = "control"
    granularity = Integer("@granularity", least=0)
    minimum = Integer("@min", least=0)
    max_allocations = Integer("@maxAllocs", least=0)


class BandwidthNode(View):
    """The memory bandwidth of some CPUs."""

    TAG = "node"
    id = Integer("@id", least=0)
    cpus = Text("@cpus")
    controls = Children("control", BandwidthControl)


class Monitor(View):
    """What the processor can count, and for how many groups at once."""

    TAG = "monitor"
    level = Integer("@level", least=0)
    reuse_threshold = Integer("@reuseThreshold", least=0)
    max_monitors = Integer("@maxMonitors", least=0)
    features = Values("feature/@name")


class HostCaches(View):
    """The caches of the host that guests can get parts of."""

    TAG = "cache"
    banks = Children("bank", CacheBank)
    monitor = Child("monitor", Monitor)


class HostBandwidth(View):
    """The memory bandwidth of the host that guests can get parts of."""

    TAG = "memory_bandwidth"
    nodes = Children("node", BandwidthNode)
    monitor = Child("monitor", Monitor)
