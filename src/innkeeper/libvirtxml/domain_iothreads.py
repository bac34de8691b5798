"""`<iothreadids>`: threads of QEMU for the I/O of disks and controllers."""

from __future__ import annotations

from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Integer


class IoThread(View):
    """A thread by its number. `poll_max` is in nanoseconds, 0 turns polling off."""

    TAG = "iothread"
    id = Integer("@id", least=1)
    pool_min = Integer("@thread_pool_min", least=0)
    pool_max = Integer("@thread_pool_max", least=0)
    poll_max = Integer("poll/@max", least=0)
    poll_grow = Integer("poll/@grow", least=0)
    poll_shrink = Integer("poll/@shrink", least=0)
    poll_weight = Integer("poll/@weight", least=0)
