"""`<clock>`: the clock of a guest."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Children
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Choice, Integer, Text, YesNo


class Timer(View):
    """One timer; `frequency` in Hz."""

    TAG = "timer"
    name = Choice("@name", "platform", "pit", "rtc", "hpet", "tsc", "kvmclock", "hypervclock", "armvtimer")
    present = YesNo("@present")
    track = Choice("@track", "boot", "guest", "wall", "realtime")
    tick_policy = Choice("@tickpolicy", "delay", "catchup", "merge", "discard")
    frequency = Integer("@frequency", least=1)
    mode = Choice("@mode", "auto", "native", "emulate", "paravirt", "smpsafe")
    catchup_threshold = Integer("catchup/@threshold", least=0)
    catchup_slew = Integer("catchup/@slew", least=0)
    catchup_limit = Integer("catchup/@limit", least=0)


class Clock(View):
    """What the guest's clock starts from; `adjustment` in seconds, or `reset`."""

    TAG = "clock"
    offset = Choice("@offset", "utc", "localtime", "timezone", "variable", "absolute")
    timezone = Text("@timezone")
    adjustment = Text("@adjustment")
    basis = Choice("@basis", "utc", "localtime")
    start = Integer("@start")
    timers = Children("timer", Timer)
