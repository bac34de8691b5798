"""A document's machine, for the host it comes to: accelerator, board, processor, firmware, screen. What is not here is
replaced by what is nearest and told, or refused where nothing is near."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from innkeeper.doctor import accelerator
from innkeeper.errors import Unsupported
from innkeeper.libvirtxml import tree
from innkeeper.libvirtxml.domain_os import FirmwareFeature
from innkeeper.schema.kept import Note

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.libvirtxml import Domain, DomainCapabilities

__all__ = ["fit", "has_uefi"]

_BOARDS = {"pc-q35": "q35", "pc-i440fx": "pc"}
"""Families of boards whose newest has a name of its own."""
_VERSION = re.compile(r"-(?:\d[\d.]*.*|rhel[\d.]+.*|[a-z]+(?:-hpb)?)$")
"""What follows the family: `-7.2`, `-rhel9.2.0`, `-jammy`."""
_SPICE = ("spicevmc", "spice", "spiceport")


def fit(
    host: Host, document: Domain, accel: Literal["auto", "kvm", "tcg"]
) -> tuple[accelerator.Choice, list[Note]]:
    """Change it, and tell what is different now.

    Raises `Unsupported("guest.arch")`, `Unsupported("kept.board")`, `Unsupported("kept.no_uefi")`,
    `Unsupported("kept.no_secure_boot")`, `Unsupported("kept.no_tpm")`, `Unsupported("kept.cpus")`.
    """
    support = host.support
    arch = document.os.arch or support.arch
    if arch not in support.guest_arches:
        raise Unsupported("guest.arch", arch=arch, choices=", ".join(support.guest_arches))
    emulator = support.emulator(arch)
    choice = _accelerator(host, accel, arch, emulator)
    kind: Literal["kvm", "qemu"] = "kvm" if choice.accel == "kvm" else "qemu"
    notes: list[Note] = []
    offered = _board(host, document, arch, kind, notes)
    if document.type != kind:
        notes.append(Note(text="kept.note.accelerator", facts={"was": document.type or "-", "now": kind}))
    document.type, document.devices.emulator = kind, emulator
    _processor(document, offered, kind, notes)
    _firmware(document, offered, notes)
    _tpm(document, offered)
    _screen(document, offered, notes)
    return choice, notes


def _accelerator(
    host: Host, wanted: Literal["auto", "kvm", "tcg"], arch: str, emulator: str
) -> accelerator.Choice:
    if host.machine is not None:
        return accelerator.choose(host.machine, wanted, arch, emulator)
    if wanted == "kvm":
        raise Unsupported("guest.accel_unproven", uri=host.uri)
    return accelerator.Choice(accel="tcg", reason_id="guest.accel_unproven", facts={"uri": host.uri})


def _board(host: Host, document: Domain, arch: str, kind: str, notes: list[Note]) -> DomainCapabilities:
    """Its own version of the board, where this QEMU has it, since systems notice another; else the family's newest."""
    board = document.os.machine
    try:
        return host.support.domain(arch, board, kind)
    except Unsupported as error:
        family = _VERSION.sub("", board or "")
        newest = _BOARDS.get(family, family)
        if newest == board:
            raise Unsupported("kept.board", board=board or "-", arch=arch) from error
    try:
        offered = host.support.domain(arch, newest, kind)
    except Unsupported as error:
        raise Unsupported("kept.board", board=board or "-", arch=arch) from error
    document.os.machine = offered.machine or newest
    notes.append(Note(text="kept.note.board", facts={"was": board or "-", "now": document.os.machine}))
    return offered


def _processor(document: Domain, offered: DomainCapabilities, kind: str, notes: list[Note]) -> None:
    most = offered.max_vcpus or 1
    if (document.vcpus or 1) > most:
        raise Unsupported("kept.cpus", cpus=document.vcpus, most=most)
    if kind != "kvm" and document.features.hyperv.exists:
        document.features.hyperv = None
        notes.append(Note(text="kept.note.hyperv"))
    cpu = document.cpu
    if not cpu.exists or (cpu.mode is None and cpu.model is None):
        return
    was = cpu.mode if cpu.mode not in (None, "custom") else cpu.model
    if cpu.mode in (None, "custom"):
        usable = {model.name for model in offered.cpu_models if model.usable != "no"}
        if cpu.model in usable or not usable:
            return
    elif cpu.mode in offered.cpu_modes and (cpu.mode, kind) != ("host-passthrough", "qemu"):
        return
    best = ("host-passthrough", "host-model") if kind == "kvm" else ("maximum", "host-model")
    now = next((mode for mode in best if mode in offered.cpu_modes), None)
    if now is None:
        raise Unsupported("kept.processor", model=was or "-")
    for part in list(cpu.node.iterchildren("model", "vendor", "feature", "maxphysaddr", "cache")):
        tree.remove(part)
    for attribute in ("match", "check", "migratable"):
        if attribute in cpu.node.attrib:
            del cpu.node.attrib[attribute]
    cpu.mode = now
    notes.append(Note(text="kept.note.processor", facts={"was": was or "-", "now": now}))


def has_uefi(document: Domain) -> bool:
    """Whether libvirt picks it a UEFI, or somebody did."""
    return document.os.firmware == "efi" or document.os.loader_type == "pflash"


def _firmware(document: Domain, offered: DomainCapabilities, notes: list[Note]) -> None:
    """libvirt picks the firmware of this host, by the same features; the path of the other host's means nothing."""
    system = document.os
    if not has_uefi(document):
        if system.loader:
            notes.append(Note(text="kept.note.foreign", facts={"what": f"os loader {system.loader}"}))
            _remove(document, "loader")
        return
    if "efi" not in offered.firmwares:
        raise Unsupported("kept.no_uefi", arch=offered.arch or "-", board=offered.machine or "-")
    told = {feature.name: feature.enabled for feature in system.firmware_features}
    secure = bool(told.get("secure-boot")) or system.loader_secure is True
    if secure and not offered.secure_boot:
        raise Unsupported("kept.no_secure_boot", arch=offered.arch or "-", board=offered.machine or "-")
    _remove(document, "loader", "nvram")
    system.firmware = "efi"
    if not told:
        system.firmware_features.add(FirmwareFeature.new(name="secure-boot", enabled=secure))
    if secure:
        document.features.smm = True


def _remove(document: Domain, *tags: str) -> None:
    for node in list(document.os.node.iterchildren(*tags)):
        tree.remove(node)


def _tpm(document: Domain, offered: DomainCapabilities) -> None:
    for tpm in document.devices.tpms:
        models = offered.tpm_models
        if tpm.backend_type == "emulator" and (
            tpm.model not in models or "emulator" not in offered.tpm_backends
        ):
            raise Unsupported("kept.no_tpm", model=tpm.model or "-")


def _screen(document: Domain, offered: DomainCapabilities, notes: list[Note]) -> None:
    """QEMU may be built without SPICE, and without the cards that go with it."""
    if offered.graphics_types and "spice" not in offered.graphics_types:
        devices = [
            node
            for node in document.node.findall("devices/*")
            if node.get("type") in _SPICE and node.tag != "interface"
        ]
        for node in devices:
            if node.tag == "graphics" and not document.node.findall("devices/graphics[@type='vnc']"):
                for child in list(node.iterchildren("*")):
                    tree.remove(child)
                node.set("type", "vnc")
            else:
                tree.remove(node)
        if devices:
            notes.append(Note(text="kept.note.spice"))
    for video in document.devices.videos:
        if offered.video_models and video.model not in (None, "none", *offered.video_models):
            now = next((one for one in ("virtio", "vga") if one in offered.video_models), "none")
            notes.append(Note(text="kept.note.video", facts={"was": video.model or "-", "now": now}))
            for child in list(video.node.iterchildren("*")):
                if child.tag != "address":
                    tree.remove(child)
            video.model = now
