"""What in a guest's document belongs to the host it comes from: devices passed through, paths, scripts, placement.

A document that comes from elsewhere is not trusted. What may stand in it is listed here; all else is taken out, and
named. What stays names no file, device or program of a host; disks, cards, firmware and logs get theirs from `rebuild`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy

from lxml import etree

from innkeeper.libvirtxml import Domain, tree

__all__ = ["PATHS", "found", "named", "strip"]

_TOP = frozenset((
    "name", "uuid", "hwuuid", "genid", "title", "description", "metadata", "maxMemory", "memory",
    "currentMemory", "memoryBacking", "memtune", "blkiotune", "vcpu", "vcpus", "iothreads",
    "iothreadids", "defaultiothread", "cputune", "os", "sysinfo", "features", "cpu", "clock",
    "on_poweroff", "on_reboot", "on_crash", "pm", "throttlegroups", "keywrap", "devices",
))  # fmt: skip
_BELOW = {
    "os": "type firmware loader nvram boot bootmenu smbios bios kernel initrd cmdline",
    "memoryBacking": "nosharepages access source discard allocation",
    "memtune": "hard_limit soft_limit swap_hard_limit",
    "blkiotune": "weight",
    "cputune": "shares period quota global_period global_quota emulator_period emulator_quota iothread_period"
    " iothread_quota",
    "devices/interface": "mac source model driver link mtu address alias boot acpi bandwidth coalesce ip tune rom",
    "devices/disk": "driver source target iotune readonly transient serial wwn vendor product blockio address alias"
    " boot geometry acpi throttlefilters",
    "devices/tpm": "backend alias address acpi",
    "devices/tpm/backend": "active_pcr_banks profile",
}
"""Element → those that may stand in it. Of others all may, but for paths."""
_HARMLESS = frozenset((
    "controller", "video", "sound", "memballoon", "watchdog", "panic", "vsock", "iommu", "nvram",
    "crypto", "emulator", "hub",
))  # fmt: skip
"""Devices that are made of nothing of the host."""
_STREAMS = frozenset(("serial", "parallel", "console", "channel"))
_OWN_STREAMS = frozenset(("pty", "null", "vc", "spicevmc", "spiceport", "qemu-vdagent"))
_RANDOM = frozenset(("/dev/urandom", "/dev/random", "/dev/hwrng"))
_LOOPBACK = frozenset(("127.0.0.1", "::1", "localhost"))
PATHS = frozenset((
    "file", "path", "dir", "socket", "script", "tty", "master", "slave", "logFile", "rendernode",
    "template", "stateless", "fdgroup", "startupPolicy",
))  # fmt: skip
"""Attributes that name something of a host, also when it does not begin with a slash."""
_SPEAKS = ("name", "type", "model", "dev", "target", "service", "path", "file")
"""Attributes that tell a person which device it is."""


def found(document: Domain) -> list[str]:
    """What `strip` would take out."""
    return strip(Domain(deepcopy(document.node)))


def strip(document: Domain) -> list[str]:
    """Take it all out; what it was, readable."""
    root = document.node
    told: list[str] = []
    for child in list(root.iterchildren("*")):
        if child.tag not in _TOP:
            _out(child, named(child), told)
    for device in list(root.findall("devices/*")):
        judge = _JUDGES.get(str(device.tag))
        if judge is not None:
            judge(device, told)
        elif device.tag not in _HARMLESS:
            _out(device, named(device), told)
    for path, allowed in _BELOW.items():
        for parent in root.findall(path):
            for child in list(parent.iterchildren("*")):
                if child.tag not in allowed.split():
                    _out(child, f"{path.replace('/', ' ')} {named(child)}", told, _silent(parent, child))
    _placement(root, told)
    for device in root.findall("devices/*"):
        _paths(device, told)
    return list(dict.fromkeys(told))


def _out(node: etree._Element, name: str, told: list[str], silent: bool = False) -> None:
    if not silent:
        told.append(name)
    tree.remove(node)


def _drop(node: etree._Element, attribute: str) -> None:
    if attribute in node.attrib:
        del node.attrib[attribute]


def _silent(parent: etree._Element, child: etree._Element) -> bool:
    """What libvirt itself writes for every guest, and makes anew."""
    if parent.tag == "disk":
        return child.tag == "backingStore"
    return parent.tag == "interface" and child.tag == "target"


def named(node: etree._Element) -> str:
    """`hostdev pci`, `qemu:commandline`, `filesystem /srv`: the element and the first things it says."""
    tag = etree.QName(node)
    words = [f"{node.prefix}:{tag.localname}" if node.prefix else tag.localname]
    for one in (node, *node.iterdescendants("source", "target", "address")):
        words += [one.get(name) or "" for name in _SPEAKS]
        if one.tag == "address":
            words.append(
                ":".join(filter(None, (one.get(name) for name in ("domain", "bus", "slot", "function"))))
            )
    shown = list(dict.fromkeys(word for word in words if word))
    return " ".join(shown[:5])[:120]


def _placement(root: etree._Element, told: list[str]) -> None:
    """Where on the host it runs, and what identifies the host."""
    vcpu = root.find("vcpu")
    if vcpu is not None:
        for name in ("cpuset", "placement"):
            if vcpu.get(name) not in (None, "static"):
                told.append(f"vcpu {name} {vcpu.get(name)}")
            _drop(vcpu, name)
    for source in root.findall("memoryBacking/source"):
        if source.get("type") not in ("memfd", "anonymous"):
            _out(source, f"memoryBacking source {source.get('type')}", told)
    for smbios in root.findall("os/smbios"):
        if smbios.get("mode") == "host":
            _out(smbios, "os smbios host", told)
    for sysinfo in root.findall("sysinfo"):
        if sysinfo.get("type") != "smbios":
            _out(sysinfo, f"sysinfo {sysinfo.get('type')}", told)


def _disk(disk: etree._Element, told: list[str]) -> None:
    """Its source comes from `rebuild`; a disc in a drive is not carried."""
    for name in ("rawio", "sgio"):
        if disk.get(name):
            told.append(f"disk {name}")
            _drop(disk, name)
    source = disk.find("source")
    if disk.get("device") in ("cdrom", "floppy") and source is not None:
        _out(source, f"disc {named(source)}", told)
        disk.set("type", "file")


def _stream(device: etree._Element, told: list[str]) -> None:
    """A line to the host's own files, sockets and servers becomes one to nowhere else than `virsh console`."""
    for child in list(device.iterchildren("log", "protocol")):
        tree.remove(child)
    kind = device.get("type")
    sources = list(device.iterchildren("source"))
    target = device.find("target")
    automatic = (
        kind == "unix" and device.tag == "channel" and target is not None and target.get("type") == "virtio"
    )
    if automatic:
        for source in sources:
            if source.get("mode") == "connect":
                told.append(named(device))
    elif kind not in _OWN_STREAMS:
        told.append(named(device))
        device.set("type", "pty")
    _drop(device, "tty")
    if kind != "spiceport":
        for source in sources:
            tree.remove(source)


def _graphics(device: etree._Element, told: list[str]) -> None:
    if device.get("type") not in ("vnc", "spice"):
        _out(device, named(device), told)
        return
    listened = [device, *device.iterchildren("listen")]
    for one in listened:
        address = one.get("listen") if one is device else one.get("address")
        if one is not device and one.get("type") not in (None, "address", "none"):
            _out(one, f"graphics listen {one.get('type')}", told)
        elif address is not None and address not in _LOOPBACK:
            told.append(f"graphics listen {address}")
            one.set("listen" if one is device else "address", "127.0.0.1")
    for name in ("socket", "port", "tlsPort", "websocket"):
        _drop(device, name)
    device.set("autoport", "yes")


def _interface(card: etree._Element, told: list[str]) -> None:
    """Which network it is on is for `rebuild` to say."""
    for rom in card.findall("rom"):
        if rom.get("file"):
            _out(rom, f"interface rom {rom.get('file')}", told)
    for attribute in ("trustGuestRxFilters", "managed"):
        _drop(card, attribute)


def _only(accepts: Callable[[etree._Element], bool]) -> Callable[[etree._Element, list[str]], None]:
    def judge(device: etree._Element, told: list[str]) -> None:
        if not accepts(device):
            _out(device, named(device), told)

    return judge


def _is_random(device: etree._Element) -> bool:
    backends = device.findall("backend")
    return all(
        one.get("model") == "builtin"
        or (one.get("model") == "random" and (one.text or "/dev/urandom") in _RANDOM)
        for one in backends
    )


def _is_emulated(tpm: etree._Element) -> bool:
    return [backend.get("type") for backend in tpm.findall("backend")] == ["emulator"]


_JUDGES: dict[str, Callable[[etree._Element, list[str]], None]] = {
    "disk": _disk,
    "interface": _interface,
    "graphics": _graphics,
    "input": _only(lambda device: device.get("type") in ("mouse", "tablet", "keyboard")),
    "rng": _only(_is_random),
    "tpm": _only(_is_emulated),
    "audio": _only(lambda device: device.get("type") in ("none", "spice")),
    "redirdev": _only(lambda device: device.get("type") == "spicevmc"),
    "memory": _only(
        lambda device: device.get("model") in ("dimm", "virtio-mem") and device.find("source") is None
    ),
    **dict.fromkeys(_STREAMS, _stream),
}


def _paths(device: etree._Element, told: list[str]) -> None:
    """Whatever else in a device names a file."""
    for node in list(_suspicious(device)):
        if node.getparent() is None:
            continue
        name = f"{device.tag} {named(node)}" if node is not device else named(device)
        _out(node, name, told)


def _suspicious(device: etree._Element) -> Iterator[etree._Element]:
    if device.tag == "emulator":
        return
    for node in device.iter("*"):
        if node.tag == "source" and device.tag in ("disk", "interface"):
            continue
        says = any(name in PATHS or str(value).startswith("/") for name, value in node.attrib.items())
        if says or (str(node.text or "").startswith("/") and node.text not in _RANDOM):
            yield node
