"""Requests and views of guests. Sizes are in bytes, times are Unix seconds."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from innkeeper.schema.base import SECRET, Request, View
from innkeeper.schema.guest_inside import Inside
from innkeeper.schema.kept import Note

__all__ = [
    "Accelerator",
    "Disk",
    "Firmware",
    "GuestAccess",
    "GuestConsole",
    "GuestCreate",
    "GuestDelete",
    "GuestList",
    "GuestPurge",
    "GuestReboot",
    "GuestRename",
    "GuestRow",
    "GuestScreenshot",
    "GuestShow",
    "GuestSsh",
    "GuestStart",
    "GuestStop",
    "GuestUndelete",
    "GuestView",
    "Nic",
    "Screenshot",
    "Wait",
]

Wait = Literal["none", "running", "boot", "agent", "ip"]
Accelerator = Literal["auto", "kvm", "tcg"]
Firmware = Literal["bios", "uefi", "uefi-secure"]
Profile = Literal["linux", "tiny", "windows", "legacy"]
Bus = Literal["virtio", "scsi", "sata", "ide", "usb"]
Cpus = Annotated[int, Meta(ge=1, le=4096)]
Positive = Annotated[int, Meta(gt=0)]
Seconds = Annotated[float, Meta(gt=0)]


class GuestCreate(Request, frozen=True, kw_only=True):
    """A new guest: from an image, from a disk that is there already, or installed from a CD, a kernel, the network."""

    name: str
    image: str | None = None
    disk: str | None = None
    """an existing disk instead of an image: POOL/VOLUME or a file's path on the host"""
    disk_format: str | None = None
    """of `disk`, where the pool does not tell it"""
    bundle: str | None = None
    """an export: a file of this computer, or `-` for standard input; it brings all but what is said beside it"""
    trust: bool = False
    """take the document of `bundle` as it is, with devices, paths and arguments of the host it comes from"""
    iso: str | None = None
    """CD to install from: POOL/VOLUME, or a file of this computer, which is uploaded where QEMU cannot read it"""
    drivers: str | None = None
    """a second CD, such as virtio-win, likewise"""
    location: str | None = None
    """kernel and initrd of the first boot: a directory of this computer or a URL with an install tree, or
    KERNEL[,INITRD], each a file or a URL"""
    kernel_args: str | None = None
    """for the kernel of `location`"""
    pxe: bool = False
    """boot from the network first, then from the disk"""
    diskless: bool = False
    """no disk at all"""
    full: bool = False
    """copy the image instead of standing on it"""
    cpus: Cpus | None = None
    memory: Positive | None = None
    disk_size: Positive | None = None
    """of the image's copy or of the new, empty disk"""
    pool: str | None = None
    networks: tuple[str, ...] = ()
    """networks by name, `user` for QEMU's user networking, `none` for no card; the default network when empty"""
    ip: str | None = None
    """IPv4 address reserved for the first card in its network's DHCP"""
    arch: str | None = None
    machine: str | None = None
    firmware: Firmware | None = None
    accel: Accelerator = "auto"
    profile: Profile | None = None
    bus: Bus | None = None
    tpm: bool | None = None
    """TPM 2.0; None leaves it to the profile and the host"""
    acpi: bool = True
    user: str | None = None
    """login user that cloud-init makes"""
    ssh_keys: tuple[str, ...] = ()
    """public keys, each as one line; the door that has files reads them"""
    password: Annotated[str, SECRET] | None = None
    cloud_init: Annotated[str, SECRET] | None = None
    """user data of cloud-init, whole, instead of ours"""
    xml: tuple[str, ...] = ()
    """last changes to the document: XPATH=VALUE sets, XPATH= removes, XPATH alone makes an empty element"""
    overcommit: bool = False
    """take memory and disk although they are promised to others"""
    wait: Wait | Literal["installed"] = "none"
    """`installed`: until the first boot (`location`) ended, then it is started from its disk"""
    timeout: Seconds | None = None
    """seconds for `wait`; 600 when none, four hours for `installed`"""
    start: bool = True
    count: Annotated[int, Meta(ge=1, le=1000)] = 1
    """more than one makes NAME-1, NAME-2 …"""


class GuestStart(Request, frozen=True, kw_only=True):
    name: str
    overcommit: bool = False
    """although its memory is promised to others"""
    wait: Wait = "none"
    timeout: Seconds | None = None


class GuestStop(Request, frozen=True, kw_only=True):
    name: str
    force: bool = False
    """at once, as by pulling the plug"""
    timeout: Seconds | None = None
    """seconds for a graceful stop; 120 when none"""


class GuestReboot(Request, frozen=True, kw_only=True):
    name: str
    wait: Wait = "none"
    timeout: Seconds | None = None


class GuestDelete(Request, frozen=True, kw_only=True):
    """To the bin: off, hidden, its name free again; nothing is lost until it is purged."""

    name: str
    force: bool = False
    """stop it first, at once, when it runs"""


class GuestUndelete(Request, frozen=True, kw_only=True):
    name: str
    new_name: str | None = None
    """another name, when its own was taken meanwhile"""


class GuestPurge(Request, frozen=True, kw_only=True):
    """Away for good: a guest in the bin, with the volumes that Innkeeper made for it."""

    name: str
    keep_disks: bool = False


class GuestRename(Request, frozen=True, kw_only=True):
    name: str
    new_name: str


class GuestShow(Request, frozen=True, kw_only=True):
    name: str


class GuestList(Request, frozen=True, kw_only=True):
    deleted: bool = False
    """those in the bin instead"""
    all: bool = False
    """also those in the bin and unfinished ones"""
    long: bool = False
    """also what only their documents tell"""


class GuestAccess(Request, frozen=True, kw_only=True):
    name: str


class GuestConsole(GuestAccess, frozen=True, kw_only=True):
    force: bool = False
    """take it from whoever has it"""


class GuestSsh(GuestAccess, frozen=True, kw_only=True):
    user: str | None = None
    wait: Seconds | None = None
    """seconds to wait for an address and for sshd; none: only for what is known now"""


class GuestScreenshot(GuestAccess, frozen=True, kw_only=True):
    pass


class GuestRow(View, frozen=True, kw_only=True):
    """A line of the list: what is known without reading any document."""

    name: str
    uuid: str
    state: str
    cpus: int | None
    memory: int | None
    state_reason: str | None = None
    """why it is off or suspended, where that tells something: `crashed`, `failed`, `io_error`, `forced` …"""
    deleted: str | None = None
    """when it went to the bin: UTC, as 20261122T101500Z"""
    autostart: bool | None = None
    """this and what follows: None where nobody asked for the long list"""
    start_order: int | None = None
    protected: bool | None = None
    labels: dict[str, str] | None = None
    title: str | None = None


class Disk(View, frozen=True, kw_only=True):
    target: str
    """name inside the bus, such as vda"""
    bus: str
    device: str
    path: str | None
    format: str | None
    pool: str | None = None
    volume: str | None = None
    capacity: int | None = None


class Nic(View, frozen=True, kw_only=True):
    mac: str
    kind: str
    source: str | None
    model: str | None
    addresses: tuple[str, ...] = ()


class GuestView(View, frozen=True, kw_only=True):
    """A guest as its document and its present run tell it."""

    name: str
    uuid: str
    state: str
    cpus: int
    memory: int
    arch: str
    machine: str
    firmware: str
    accel: str
    accel_reason: str | None
    """text id of why not KVM, with its facts beside it"""
    accel_facts: dict[str, str]
    autostart: bool
    disks: tuple[Disk, ...]
    nics: tuple[Nic, ...]
    image: str | None
    user: str | None
    login: str
    """`ssh` or `serial`"""
    profile: str | None
    created: float | None
    operation: str | None
    title: str | None
    devices: dict[str, int]
    """how many of each kind of device it has"""
    serial_log: str | None
    graphics: str | None
    deleted: str | None = None
    state_reason: str | None = None
    """why it is in that state, where it tells something: `restored`, `io_error`, `crashed` …"""
    notes: str | None = None
    labels: dict[str, str] = {}
    protected: bool = False
    start_order: int | None = None
    start_delay: int | None = None
    max_cpus: int | None = None
    """how many there can be, when that is more than there are"""
    max_memory: int | None = None
    """how much it can have, when that is more than it has"""
    inside: Inside | None = None
    """as its agent tells it; only of a running guest that has a line to one, and only when it is shown"""
    imported: tuple[Note, ...] = ()
    """of a guest that was just imported: what is different from what was exported, and what was left out"""


class Screenshot(View, frozen=True, kw_only=True):
    name: str
    media_type: str
    data: bytes


class SshTarget(View, frozen=True, kw_only=True):
    """How to log in: the argv of ssh, without what the user adds behind."""

    name: str
    user: str
    address: str
    port: int
    argv: tuple[str, ...]
