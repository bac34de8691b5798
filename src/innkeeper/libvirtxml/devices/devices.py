"""`<devices>`: everything that is plugged into a guest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Generic, Self, TypeVar, cast, overload

from lxml import etree

from innkeeper.libvirtxml import path as paths
from innkeeper.libvirtxml import tree
from innkeeper.libvirtxml.children import ViewList
from innkeeper.libvirtxml.devices import registry
from innkeeper.libvirtxml.devices.device import Device
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Text

if TYPE_CHECKING:
    from innkeeper.libvirtxml.devices.audio import Audio
    from innkeeper.libvirtxml.devices.channel import Channel
    from innkeeper.libvirtxml.devices.console import Console
    from innkeeper.libvirtxml.devices.controller import Controller
    from innkeeper.libvirtxml.devices.crypto import Crypto
    from innkeeper.libvirtxml.devices.disk import Disk
    from innkeeper.libvirtxml.devices.filesystem import Filesystem
    from innkeeper.libvirtxml.devices.graphics import Graphics
    from innkeeper.libvirtxml.devices.hostdev import Hostdev
    from innkeeper.libvirtxml.devices.hub import Hub
    from innkeeper.libvirtxml.devices.input import Input
    from innkeeper.libvirtxml.devices.interface import Interface
    from innkeeper.libvirtxml.devices.iommu import Iommu
    from innkeeper.libvirtxml.devices.lease import Lease
    from innkeeper.libvirtxml.devices.memballoon import Memballoon
    from innkeeper.libvirtxml.devices.memory import MemoryDevice
    from innkeeper.libvirtxml.devices.nvram import Nvram
    from innkeeper.libvirtxml.devices.panic import Panic
    from innkeeper.libvirtxml.devices.parallel import Parallel
    from innkeeper.libvirtxml.devices.pstore import Pstore
    from innkeeper.libvirtxml.devices.redirdev import Redirdev
    from innkeeper.libvirtxml.devices.redirfilter import Redirfilter
    from innkeeper.libvirtxml.devices.rng import Rng
    from innkeeper.libvirtxml.devices.serial import Serial
    from innkeeper.libvirtxml.devices.shmem import Shmem
    from innkeeper.libvirtxml.devices.smartcard import Smartcard
    from innkeeper.libvirtxml.devices.sound import Sound
    from innkeeper.libvirtxml.devices.tpm import Tpm
    from innkeeper.libvirtxml.devices.video import Video
    from innkeeper.libvirtxml.devices.vsock import Vsock
    from innkeeper.libvirtxml.devices.watchdog import Watchdog

D = TypeVar("D", bound=Device)


class Kind(Generic[D]):
    """The devices of one kind, as a live list; their classes come from the registry."""

    def __init__(self, tag: str) -> None:
        self.tag = tag

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: View, owner: type) -> ViewList[D]: ...
    def __get__(self, view: View | None, owner: type) -> Self | ViewList[D]:
        if view is None:
            return self
        return ViewList(view, (paths.Step(self.tag),), lambda node: cast(D, registry.view(node)))


class Devices(View):
    """All devices of a guest, of whatever kind, in the document's order."""

    TAG = "devices"
    emulator = Text("emulator")

    audios: Kind[Audio] = Kind("audio")
    channels: Kind[Channel] = Kind("channel")
    consoles: Kind[Console] = Kind("console")
    controllers: Kind[Controller] = Kind("controller")
    cryptos: Kind[Crypto] = Kind("crypto")
    disks: Kind[Disk] = Kind("disk")
    filesystems: Kind[Filesystem] = Kind("filesystem")
    graphics: Kind[Graphics] = Kind("graphics")
    hostdevs: Kind[Hostdev] = Kind("hostdev")
    hubs: Kind[Hub] = Kind("hub")
    inputs: Kind[Input] = Kind("input")
    interfaces: Kind[Interface] = Kind("interface")
    iommus: Kind[Iommu] = Kind("iommu")
    leases: Kind[Lease] = Kind("lease")
    memballoons: Kind[Memballoon] = Kind("memballoon")
    memories: Kind[MemoryDevice] = Kind("memory")
    nvrams: Kind[Nvram] = Kind("nvram")
    panics: Kind[Panic] = Kind("panic")
    parallels: Kind[Parallel] = Kind("parallel")
    pstores: Kind[Pstore] = Kind("pstore")
    redirdevs: Kind[Redirdev] = Kind("redirdev")
    redirfilters: Kind[Redirfilter] = Kind("redirfilter")
    rngs: Kind[Rng] = Kind("rng")
    serials: Kind[Serial] = Kind("serial")
    shmems: Kind[Shmem] = Kind("shmem")
    smartcards: Kind[Smartcard] = Kind("smartcard")
    sounds: Kind[Sound] = Kind("sound")
    tpms: Kind[Tpm] = Kind("tpm")
    videos: Kind[Video] = Kind("video")
    vsocks: Kind[Vsock] = Kind("vsock")
    watchdogs: Kind[Watchdog] = Kind("watchdog")

    def __iter__(self) -> Iterator[Device]:
        return iter([registry.view(node) for node in self._nodes()])

    def __len__(self) -> int:
        return len(self._nodes())

    def of_kind(self, tag: str) -> list[Device]:
        """The devices with this element name, known here or not."""
        return [registry.view(node) for node in self._nodes() if node.tag == tag]

    def add(self, device: D) -> D:
        """Plug a device in, behind those of its kind. It leaves the document it was in. Returns it."""
        node = device.node
        tree.remove(node)
        tree.insert(self.ensure(), node)
        return device

    def remove(self, device: Device) -> None:
        """Take a device out. Raises ValueError when it is not among these."""
        if device.node.getparent() is not self.find():
            raise ValueError(f"{device!r} is not among these devices")
        tree.remove(device.node)

    def _nodes(self) -> list[etree._Element]:
        # `<emulator>` stands among the devices and is none; comments have no name.
        node = self.find()
        return [] if node is None else [child for child in node.iterchildren("*") if child.tag != "emulator"]
