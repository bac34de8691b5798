"""`<driver>` of a disk, where it holds more than values: threads, statistics."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Children
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Choice, Integer, Values


class MappedIoThread(View):
    """An I/O thread of the guest, and the queues that it serves; all of them when none is named."""

    TAG = "iothread"
    id = Integer("@id", least=1)
    queues = Values("queue/@id")


class LatencyHistogram(View):
    """How long requests take, counted in bins; `bins` are the starts of them in nanoseconds."""

    TAG = "latency-histogram"
    type = Choice("@type", "read", "write", "zone", "flush")
    bins = Values("bin/@start")


class DiskStatistics(View):
    """What QEMU counts of a disk; `intervals` in seconds."""

    TAG = "statistics"
    intervals = Values("statistic/@interval")
    histograms = Children("latency-histogram", LatencyHistogram)
