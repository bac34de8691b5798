"""What in a guest's document names nothing of its host. All else is judged: what is not known here is not harmless.

A line is the path of an element from <domain> on, and what may stand in it: attributes, `#` for its text, and of some
the only values that are harmless. `**` is everything in it and below it. Elements on the way to one that stands here
may be there too.
"""

from __future__ import annotations

import re
from functools import cache

__all__ = ["TABLE", "is_harmless"]

TABLE = """
name #
uuid #
genid #
title #
description #
metadata **
memory unit dumpCore #
currentMemory unit #
maxMemory unit slots #
vcpu current placement=static #
vcpus **
iothreads #
iothreadids **
defaultiothread **
on_poweroff #
on_reboot #
on_crash #
pm **
cpu **
clock **
features **
memtune/hard_limit unit #
memtune/soft_limit unit #
memtune/swap_hard_limit unit #
blkiotune/weight #
cputune/shares #
cputune/period #
cputune/quota #
cputune/global_period #
cputune/global_quota #
cputune/emulator_period #
cputune/emulator_quota #
cputune/iothread_period #
cputune/iothread_quota #
throttlegroups **
memoryBacking/nosharepages
memoryBacking/access mode
memoryBacking/allocation mode threads
memoryBacking/discard
memoryBacking/source type=memfd|anonymous
os firmware
os/firmware **
os/type arch machine #
os/boot dev
os/bootmenu enable timeout
os/bios useserial rebootTimeout
os/smbios mode=emulate|sysinfo
os/cmdline #
sysinfo type=smbios
sysinfo/bios/entry name #
sysinfo/system/entry name #
sysinfo/baseBoard/entry name #
sysinfo/chassis/entry name #
sysinfo/oemStrings/entry #
devices/disk device=disk|cdrom|floppy model snapshot
devices/disk/driver name=qemu cache error_policy rerror_policy io ioeventfd event_idx copy_on_read discard iothread
devices/disk/driver detect_zeroes discard_no_unref queues queue_size packed ats iommu page_per_vq
devices/disk/target **
devices/disk/boot **
devices/disk/serial #
devices/disk/wwn #
devices/disk/vendor #
devices/disk/product #
devices/disk/address **
devices/disk/alias **
devices/disk/acpi **
devices/disk/iotune **
devices/disk/throttlefilters **
devices/disk/readonly
devices/disk/transient
devices/disk/blockio **
devices/disk/geometry **
devices/interface type=network|user
devices/interface/source network portgroup portid
devices/interface/mac address type check currentAddress
devices/interface/model type
devices/interface/driver name=qemu|vhost txmode ioeventfd event_idx queues rx_queue_size tx_queue_size rss
devices/interface/driver rss_hash_report packed ats iommu page_per_vq
devices/interface/driver/host **
devices/interface/driver/guest **
devices/interface/link **
devices/interface/mtu **
devices/interface/bandwidth **
devices/interface/coalesce **
devices/interface/boot **
devices/interface/address **
devices/interface/alias **
devices/interface/acpi **
devices/interface/ip address family prefix
devices/interface/rom bar enabled
devices/interface/port isolated
devices/controller **
devices/video **
devices/sound **
devices/audio id type=none|spice
devices/memballoon **
devices/watchdog **
devices/panic **
devices/hub **
devices/iommu **
devices/nvram **
devices/crypto model type
devices/crypto/backend model=builtin queues
devices/crypto/address **
devices/crypto/alias **
devices/input type=mouse|tablet|keyboard bus model
devices/input/driver **
devices/input/address **
devices/input/alias **
devices/rng model
devices/rng/rate **
devices/rng/backend model=random|builtin #=/dev/urandom|/dev/random
devices/rng/driver **
devices/rng/address **
devices/rng/alias **
devices/tpm model
devices/tpm/backend type=emulator version persistent_state
devices/tpm/backend/active_pcr_banks **
devices/tpm/address **
devices/tpm/alias **
devices/graphics type=vnc|spice autoport=yes port=-1 tlsPort=-1 listen=127.0.0.1|::1|localhost passwd passwdValidTo
devices/graphics connected keymap defaultMode sharePolicy powerControl
devices/graphics/listen type=address|none address=127.0.0.1|::1|localhost
devices/graphics/channel **
devices/graphics/image **
devices/graphics/jpeg **
devices/graphics/zlib **
devices/graphics/playback **
devices/graphics/streaming **
devices/graphics/clipboard **
devices/graphics/filetransfer **
devices/graphics/mouse **
devices/graphics/audio **
devices/memory model=dimm|virtio-mem access discard
devices/memory/target **
devices/memory/address **
devices/memory/alias **
devices/redirdev bus type=spicevmc
devices/redirdev/boot **
devices/redirdev/address **
devices/redirdev/alias **
devices/redirfilter **
devices/channel/source mode=bind
devices/channel/source/clipboard copypaste
devices/channel/source/mouse mode
"""

_STREAMS = """
devices/{tag} type=pty|null|vc|spicevmc|spiceport|qemu-vdagent
devices/{tag}/source channel
devices/{tag}/target **
devices/{tag}/address **
devices/{tag}/alias **
devices/{tag}/acpi **
"""

_FREE = re.compile(
    r"(title|description|name|metadata/.*|os/cmdline|sysinfo/.*|devices/disk/(serial|vendor|product))#"
    r"|devices/graphics@passwd"
)
"""Texts that nobody takes for the name of a file."""
_NAMES_A_FILE = re.compile(r"/|\.\.?/|file:|.*(\0|/\.\./|://)", re.DOTALL)
"""What never stands in a harmless place; what QEMU's protocols look like among it."""


@cache
def _rows() -> tuple[dict[str, dict[str, frozenset[str]]], frozenset[str], frozenset[str]]:
    """Path → what may stand there (no values: any); paths that are open below; paths of elements on the way."""
    exact: dict[str, dict[str, frozenset[str]]] = {}
    open_below: set[str] = set()
    on_the_way: set[str] = set()
    streams = "".join(_STREAMS.format(tag=tag) for tag in ("serial", "parallel", "console"))
    streams += _STREAMS.format(tag="channel").replace("type=", "type=unix|")  # whose path libvirt makes up
    for line in (TABLE + streams).split("\n"):
        path, *words = line.split()[:1] + line.split()[1:] or [""]
        if not path:
            continue
        on_the_way |= {path.rsplit("/", count)[0] for count in range(path.count("/") + 1)} | {path}
        if words == ["**"]:
            open_below.add(path)
        for word in words:
            name, equals, values = word.partition("=")
            exact.setdefault(path, {})[name] = frozenset(values.split("|")) if equals else frozenset()
    return exact, frozenset(open_below), frozenset(on_the_way)


def is_harmless(path: str, what: str | None = None, value: str = "") -> bool:
    """Whether an attribute (`what` is its name), a text (`#`) or a bare element (None) of that value may stand in the
    element at that path, whoever says so."""
    exact, open_below, on_the_way = _rows()
    if "{" in path or (what and "{" in what):
        return path.startswith("metadata/")  # a namespace: QEMU's own arguments, for one
    parents = (path.rsplit("/", count)[0] for count in range(path.count("/") + 1))
    is_open = not open_below.isdisjoint(parents)
    if what is None:
        return is_open or path in on_the_way
    values = exact.get(path, {}).get(what)
    if values:
        return value in values
    if not is_open and values is None:
        return False
    shown = f"{path}#" if what == "#" else f"{path}@{what}"
    return bool(_FREE.fullmatch(shown)) or not _NAMES_A_FILE.match(value)
