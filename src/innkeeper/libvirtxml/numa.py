"""NUMA as hosts and guests have it: distances, caches, latencies and bandwidths between cells."""

from __future__ import annotations

from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Choice, Integer, Size


class NumaDistance(View):
    """How far another cell is; 10 is oneself, 255 unreachable."""

    TAG = "sibling"
    id = Integer("@id", least=0)
    value = Integer("@value", least=10)


class NumaCache(View):
    """A cache in front of a cell's memory; sizes in bytes."""

    TAG = "cache"
    level = Integer("@level", least=0)
    associativity = Choice("@associativity", "none", "direct", "full")
    policy = Choice("@policy", "none", "writeback", "writethrough")
    size = Size("size/@value")
    line = Size("line/@value", default="bytes")


class NumaLatency(View):
    """Nanoseconds from one cell (`initiator`) to the memory, or a cache level, of another."""

    TAG = "latency"
    initiator = Integer("@initiator", least=0)
    target = Integer("@target", least=0)
    cache = Integer("@cache", least=0)
    type = Choice("@type", "access", "read", "write")
    value = Integer("@value", least=0)


class NumaBandwidth(View):
    """Bytes a second from one cell (`initiator`) to the memory, or a cache level, of another."""

    TAG = "bandwidth"
    initiator = Integer("@initiator", least=0)
    target = Integer("@target", least=0)
    cache = Integer("@cache", least=0)
    type = Choice("@type", "access", "read", "write")
    value = Size("@value")
