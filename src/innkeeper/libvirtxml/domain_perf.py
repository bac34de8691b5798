"""`<perf>`: what the host counts of a guest."""

from __future__ import annotations

from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Choice, YesNo


class PerfEvent(View):
    """One event of the kernel's perf, counted or not."""

    TAG = "event"
    name = Choice(
        "@name", "cmt", "mbmt", "mbml", "cpu_cycles", "instructions", "cache_references", "cache_misses",
        "branch_instructions", "branch_misses", "bus_cycles", "stalled_cycles_frontend",
        "stalled_cycles_backend", "ref_cpu_cycles", "cpu_clock", "task_clock", "page_faults",
        "context_switches", "cpu_migrations", "page_faults_min", "page_faults_maj", "alignment_faults",
        "emulation_faults",
    )  # fmt: skip
    enabled = YesNo("@enabled")
