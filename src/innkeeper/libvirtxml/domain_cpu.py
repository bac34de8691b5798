"""`<cpu>`: which processor a guest sees."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Child, Children
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.numa import NumaBandwidth, NumaCache, NumaDistance, NumaLatency
from innkeeper.libvirtxml.values import Choice, Integer, OnOff, Size, Text, YesNo


class CpuFeature(View):
    """One feature, asked for or forbidden."""

    TAG = "feature"
    name = Text("@name")
    policy = Choice("@policy", "force", "require", "optional", "disable", "forbid")


class NumaCell(View):
    """A NUMA cell of the guest; `memory` in bytes."""

    TAG = "cell"
    id = Integer("@id", least=0)
    cpus = Text("@cpus")
    memory = Size("@memory")
    memory_access = Choice("@memAccess", "shared", "private")
    discard = YesNo("@discard")
    distances = Children("distances/sibling", NumaDistance)
    caches = Children("cache", NumaCache)


class Topology(View):
    """How the virtual CPUs are arranged; the product is their number."""

    TAG = "topology"
    sockets = Integer("@sockets", least=1)
    dies = Integer("@dies", least=1)
    clusters = Integer("@clusters", least=1)
    cores = Integer("@cores", least=1)
    threads = Integer("@threads", least=1)


class Cpu(View):
    """The processor of a guest."""

    TAG = "cpu"
    mode = Choice("@mode", "custom", "host-model", "host-passthrough", "maximum")
    match = Choice("@match", "minimum", "exact", "strict")
    check = Choice("@check", "none", "partial", "full")
    migratable = OnOff("@migratable")
    deprecated_features = OnOff("@deprecated_features")
    model = Text("model")
    fallback = Choice("model/@fallback", "allow", "forbid")
    model_vendor_id = Text("model/@vendor_id")
    vendor = Text("vendor")
    topology = Child("topology", Topology)
    cache_mode = Choice("cache/@mode", "emulate", "passthrough", "disable")
    cache_level = Integer("cache/@level", least=1)
    address_mode = Choice("maxphysaddr/@mode", "passthrough", "emulate")
    address_bits = Integer("maxphysaddr/@bits", least=1)
    address_limit = Integer("maxphysaddr/@limit", least=1)
    features = Children("feature", CpuFeature)
    numa_cells = Children("numa/cell", NumaCell)
    numa_latencies = Children("numa/interconnects/latency", NumaLatency)
    numa_bandwidths = Children("numa/interconnects/bandwidth", NumaBandwidth)
