"""The domain document of a new guest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from innkeeper.guest.making import xml_edits
from innkeeper.guest.making.draft import Draft
from innkeeper.guest.making.hardware import USER
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
from innkeeper.libvirtxml.devices.tpm import Tpm
from innkeeper.libvirtxml.devices.video import Video
from innkeeper.libvirtxml.domain_clock import Timer
from innkeeper.libvirtxml.domain_os import FirmwareFeature
from innkeeper.libvirtxml.seclabel import SourceLabel

if TYPE_CHECKING:
    from innkeeper.guest.metadata import Facts

__all__ = ["build"]

_PREFIX = {"virtio": "vd", "ide": "hd"}
"""Bus → how its disks' names begin, which libvirt asks for; `sd` on the others."""
_LETTERS = "abcdefgh"


def build(draft: Draft, name: str, log_file: str, facts: Facts, first_boot: bool = False) -> Domain:
    """The document, with the volumes' coming paths in it, and with the last changes of the request.

    With `first_boot` that of the first run of a guest that `boots_once`: by the kernel, and off at its reboot.
    """
    machine = draft.machine
    document = Domain.new(type=machine.kind, name=name, uuid=draft.uuid)
    document.metadata.set(facts.to_element())
    document.memory = document.current_memory = machine.memory
    document.vcpus = machine.cpus
    _boot(document, draft, first_boot)
    _processor(document, draft)
    _clock(document, draft)
    document.on_poweroff, document.on_crash = "destroy", "destroy"
    document.on_reboot = "destroy" if first_boot else "restart"
    document.devices.emulator = machine.emulator
    _disks(document, draft)
    _networks(document, draft)
    _lines(document, draft, log_file)
    _screen(document, draft)
    _more(document, draft)
    xml_edits.apply(document, draft.xml)
    return document


def _boot(document: Domain, draft: Draft, first_boot: bool) -> None:
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
    elif draft.location and (first_boot or not draft.boots_once):
        initrd = draft.location.initrd
        document.os.kernel = f"{draft.pool_path}/{draft.piece_volume('kernel')}"
        document.os.initrd = f"{draft.pool_path}/{draft.piece_volume('initrd')}" if initrd else None
        document.os.cmdline = draft.location.arguments
    else:
        document.os.boot = _boot_order(draft)


def _boot_order(draft: Draft) -> list[str]:
    """A new, empty disk stands before the CD: nothing boots from it until something is installed, so that the first
    start is the CD's, and the installed system is there after the installer's reboot with the CD still in its drive. A
    disk that may hold a system already stands behind the CD."""
    disk = ["hd"] if draft.source else []
    if draft.pxe:
        return ["network", *disk]
    if any(medium.kind == "cd" for medium in draft.media):
        return [*disk, "cdrom"] if draft.disk_volume else ["cdrom", *disk]
    return disk or ["network"]


def _secure_boot(document: Domain, wanted: bool) -> None:
    """The features from which libvirt picks the firmware; Secure Boot without enrolled keys checks nothing."""
    for name in ("secure-boot", "enrolled-keys"):
        document.os.firmware_features.add(FirmwareFeature.new(name=name, enabled=wanted))
    if wanted:
        document.features.smm = True


def _processor(document: Domain, draft: Draft) -> None:
    machine, x86 = draft.machine, draft.machine.arch in ("x86_64", "i686")
    document.features.acpi = machine.acpi and (x86 or machine.arch == "aarch64")
    if x86:
        document.features.apic = True
    for feature in machine.hyperv:
        setattr(document.features.hyperv, feature, True)
    if "spinlocks" in machine.hyperv:
        document.features.hyperv.spinlock_retries = 8191
    if machine.cpu_mode:
        document.cpu.mode = machine.cpu_mode


def _clock(document: Domain, draft: Draft) -> None:
    """Windows keeps local time in its clock, and loses ticks that it was not there for unless they are made up for."""
    document.clock.offset = draft.machine.clock
    if draft.machine.clock != "localtime":
        return
    document.clock.timers.add(Timer.new(name="rtc", tick_policy="catchup"))
    document.clock.timers.add(Timer.new(name="pit", tick_policy="delay"))
    document.clock.timers.add(Timer.new(name="hpet", present=False))
    if "relaxed" in draft.machine.hyperv:
        document.clock.timers.add(Timer.new(name="hypervclock", present=True))


def _disks(document: Domain, draft: Draft) -> None:
    machine, taken = draft.machine, dict[str, int]()

    def plug(disk: Disk, file: str, bus: str) -> None:
        disk.source.file = file
        prefix = _PREFIX.get(bus, "sd")
        disk.update(target_dev=f"{prefix}{_LETTERS[taken.get(prefix, 0)]}", target_bus=bus)
        taken[prefix] = taken.get(prefix, 0) + 1
        document.devices.disks.add(disk)

    if draft.source:
        format = draft.source.format
        disk = Disk.new(type="file", device="disk", driver_name="qemu", driver_type=format, discard="unmap")
        plug(disk, draft.disk_path or "", machine.bus)
    if draft.answers:
        seed = Disk.new(type="file", device="disk", driver_name="qemu", driver_type="raw", readonly=True)
        plug(seed, draft.seed_path, machine.seed_bus)
    for medium in draft.media:
        disc = Disk.new(type="file", device="cdrom", driver_name="qemu", driver_type="raw", readonly=True)
        plug(disc, draft.medium_path(medium), machine.cd_bus)
        # A CD that was thrown away must not keep its guest from starting.
        disc.source.startup_policy = "optional"
        if medium.foreign:
            # libvirt would give the file to QEMU's user, and not give it back (virSecurityDACRestoreImageLabelInt).
            disc.source.seclabels.add(SourceLabel.new(model="dac", relabel=False))
    if any(disk.target_bus == "scsi" for disk in document.devices.disks):
        document.devices.controllers.add(Controller.new(type="scsi", index=0, model="virtio-scsi"))


def _networks(document: Domain, draft: Draft) -> None:
    for network, mac in zip(draft.machine.networks, draft.macs, strict=True):
        card = Interface.new(type="user" if network == USER else "network", mac=mac, model=draft.machine.card)
        if network != USER:
            card.network = network
        document.devices.interfaces.add(card)


def _lines(document: Domain, draft: Draft, log_file: str) -> None:
    """Serial port with its log, the console on it, and the agent's line."""
    serial = Serial.new(type="pty", log_file=log_file, log_append=True, target_port=0)
    document.devices.serials.add(serial)
    document.devices.consoles.add(Console.new(type="pty", target_type="serial", target_port=0))
    if draft.machine.paravirtual:
        agent = Channel.new(type="unix", target_type="virtio", target_name=AGENT)
        document.devices.channels.add(agent)


def _screen(document: Domain, draft: Draft) -> None:
    if draft.machine.video is None:
        return
    document.devices.graphics.add(Graphics.new(type="vnc", port=-1, autoport=True, listen="127.0.0.1"))
    document.devices.videos.add(Video.new(model=draft.machine.video))
    document.devices.inputs.add(Input.new(type="tablet", bus="usb"))


def _more(document: Domain, draft: Draft) -> None:
    machine = draft.machine
    if machine.tpm:
        tpm = Tpm.new(model=machine.tpm, backend_type="emulator", backend_version="2.0")
        document.devices.tpms.add(tpm)
    if machine.rng:
        document.devices.rngs.add(
            Rng.new(model="virtio", backend_model="random", backend_path="/dev/urandom")
        )
    balloon = Memballoon.new(model="virtio", free_page_reporting=True)
    # libvirt gives one to whoever does not decline (src/qemu/qemu_domain.c).
    document.devices.memballoons.add(balloon if machine.paravirtual else Memballoon.new(model="none"))
