"""The domain document of a new guest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.guest.draft import USER, Draft
from innkeeper.libvirtxml import Domain
from innkeeper.libvirtxml.devices.channel import AGENT, Channel
from innkeeper.libvirtxml.devices.console import Console
from innkeeper.libvirtxml.devices.controller import Controller
from innkeeper.libvirtxml.devices.disk import Disk
from innkeeper.libvirtxml.devices.graphics import Graphics
from innkeeper.libvirtxml.devices.input import Input
from innkeeper.libvirtxml.devices.interface import Interface
from innkeeper.libvirtxml.devices.memballoon import Memballoon
from innkeeper.libvirtxml.devices.rng import Rng
from innkeeper.libvirtxml.devices.serial import Serial
from innkeeper.libvirtxml.devices.video import Video
from innkeeper.libvirtxml.domain_os import FirmwareFeature

if TYPE_CHECKING:
    from innkeeper.guest.metadata import Facts

__all__ = ["build"]

_FIRST_TARGET = {"virtio": "vda", "scsi": "sda", "sata": "sda"}
_SECOND_TARGET = {"virtio": "vdb", "scsi": "sdb", "sata": "sdb"}


def build(draft: Draft, name: str, log_file: str, facts: Facts) -> Domain:
    """The document, with the volumes' coming paths in it."""
    machine = draft.machine
    document = Domain.new(type=machine.kind, name=name, uuid=draft.uuid)
    document.metadata.set(facts.to_element())
    document.memory = document.current_memory = machine.memory
    document.vcpus = machine.cpus
    _boot(document, draft)
    document.features.acpi = machine.arch in ("x86_64", "i686", "aarch64")
    if machine.arch in ("x86_64", "i686"):
        document.features.apic = True
    if machine.cpu_mode:
        document.cpu.mode = machine.cpu_mode
    document.clock.offset = "utc"
    document.on_poweroff, document.on_reboot, document.on_crash = "destroy", "restart", "destroy"
    document.devices.emulator = machine.emulator
    _disks(document, draft)
    _networks(document, draft)
    _lines(document, log_file)
    _screen(document, draft)
    if machine.rng:
        document.devices.rngs.add(
            Rng.new(model="virtio", backend_model="random", backend_path="/dev/urandom")
        )
    document.devices.memballoons.add(Memballoon.new(model="virtio", free_page_reporting=True))
    return document


def _boot(document: Domain, draft: Draft) -> None:
    machine, manifest = draft.machine, draft.manifest
    document.os.type, document.os.arch, document.os.machine = "hvm", machine.arch, machine.machine
    if machine.firmware != "bios":
        document.os.firmware = "efi"
        _secure_boot(document, machine.firmware == "uefi-secure")
        if draft.nvram_path:
            document.os.nvram = draft.nvram_path
    if manifest and manifest.kernel:
        document.os.kernel = f"{draft.images_path}/{manifest.kernel}"
        document.os.initrd = f"{draft.images_path}/{manifest.initrd}" if manifest.initrd else None
        document.os.cmdline = manifest.cmdline
    else:
        document.os.boot = ["hd"]


def _secure_boot(document: Domain, wanted: bool) -> None:
    """The features from which libvirt picks the firmware; Secure Boot without enrolled keys checks nothing."""
    for name in ("secure-boot", "enrolled-keys"):
        document.os.firmware_features.add(FirmwareFeature.new(name=name, enabled=wanted))
    if wanted:
        document.features.smm = True


def _disks(document: Domain, draft: Draft) -> None:
    bus, seed_bus = draft.machine.bus, draft.machine.seed_bus
    disk = Disk.new(
        type="file", device="disk", driver_name="qemu", driver_type=draft.source.format, discard="unmap"
    )
    disk.source.file = draft.disk_path
    disk.update(target_dev=_FIRST_TARGET[bus], target_bus=bus)
    document.devices.disks.add(disk)
    if draft.answers:
        seed = Disk.new(type="file", device="disk", driver_name="qemu", driver_type="raw", readonly=True)
        seed.source.file = draft.seed_path
        same = seed_bus == bus or {seed_bus, bus} <= {"scsi", "sata"}
        seed.update(target_dev=(_SECOND_TARGET if same else _FIRST_TARGET)[seed_bus], target_bus=seed_bus)
        document.devices.disks.add(seed)
    if "scsi" in (bus, seed_bus):
        document.devices.controllers.add(Controller.new(type="scsi", index=0, model="virtio-scsi"))


def _networks(document: Domain, draft: Draft) -> None:
    for network, mac in zip(draft.machine.networks, draft.macs, strict=True):
        card = Interface.new(type="user" if network == USER else "network", mac=mac, model="virtio")
        if network != USER:
            card.network = network
        document.devices.interfaces.add(card)


def _lines(document: Domain, log_file: str) -> None:
    """Serial port with its log, the console on it, and the agent's line."""
    serial = Serial.new(type="pty", log_file=log_file, log_append=True, target_port=0)
    document.devices.serials.add(serial)
    document.devices.consoles.add(Console.new(type="pty", target_type="serial", target_port=0))
    agent = Channel.new(type="unix", target_type="virtio", target_name=AGENT)
    document.devices.channels.add(agent)


def _screen(document: Domain, draft: Draft) -> None:
    if draft.machine.video is None:
        return
    document.devices.graphics.add(Graphics.new(type="vnc", port=-1, autoport=True, listen="127.0.0.1"))
    document.devices.videos.add(Video.new(model=draft.machine.video))
    document.devices.inputs.add(Input.new(type="tablet", bus="usb"))
