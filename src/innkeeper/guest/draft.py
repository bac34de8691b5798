"""What a request for a new guest comes to: every choice made, everything impossible refused."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from innkeeper import config
from innkeeper.doctor import accelerator
from innkeeper.errors import Conflict, Invalid, Unsupported
from innkeeper.guest import firmware, naming
from innkeeper.guest.disks import Source, existing_disk, image_disk
from innkeeper.image.catalogue import POOL, lookup
from innkeeper.install.cloud_init import Answers, refuse_user_data
from innkeeper.network import reservations
from innkeeper.schema.guest import GuestCreate
from innkeeper.schema.names import check_name, check_user
from innkeeper.schema.sizes import GIB, MIB, format_size
from innkeeper.storage import pools

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.libvirtxml import DomainCapabilities
    from innkeeper.schema.image import ImageManifest

__all__ = ["Draft", "Machine", "decide", "names_of"]

LEAST_MEMORY = 16 * MIB
NONE, USER = "none", "user"
"""Words for a network: no card at all, and QEMU's user networking."""
_OF_AN_IMAGE = (
    ("--full", "full"),
    ("--disk-size", "disk_size"),
    ("--user", "user"),
    ("--password-file", "password"),
    ("--cloud-init", "cloud_init"),
)
"""Of a disk that was there before nothing is known, and nothing of it is changed."""


@dataclass(frozen=True)
class Machine:
    """The virtual hardware that all guests of a request share."""

    arch: str
    kind: str
    """libvirt's domain type: `kvm` or `qemu`"""
    machine: str
    firmware: str
    cpu_mode: str | None
    emulator: str
    video: str | None
    rng: bool
    bus: str
    seed_bus: str
    cpus: int
    memory: int
    networks: tuple[str, ...]
    accel_reason: str
    accel_facts: dict[str, str]


@dataclass(frozen=True)
class Draft:
    """One guest to be made."""

    name: str
    uuid: str
    macs: tuple[str, ...]
    machine: Machine
    source: Source
    pool: str
    pool_path: str
    images_path: str | None
    """directory of the images pool, for a guest from an image"""
    nvram_directory: str | None
    manifest: ImageManifest | None
    answers: Answers | None
    ip: str | None
    profile: str

    @property
    def stem(self) -> str:
        """Of the names of its volumes: they outlive a rename and never meet another guest's."""
        return f"{self.name}-{self.uuid[:8]}"

    @property
    def disk_volume(self) -> str | None:
        """The volume made for its disk; none when the disk was there before."""
        return None if self.source.path else f"{self.stem}.qcow2"

    @property
    def seed_volume(self) -> str | None:
        return f"{self.stem}-seed.iso" if self.answers else None

    @property
    def disk_path(self) -> str:
        return self.source.path or f"{self.pool_path}/{self.disk_volume}"

    @property
    def seed_path(self) -> str:
        return f"{self.pool_path}/{self.seed_volume}"

    @property
    def nvram_path(self) -> str | None:
        """Its firmware's variables. Left to itself, libvirt 9.0 derives the path from the name at each start, so that
        a rename loses what the firmware was told, and the undefine leaves the file."""
        return f"{self.nvram_directory}/{self.stem}_VARS.fd" if self.nvram_directory else None

    @property
    def volumes(self) -> tuple[tuple[str, str], ...]:
        """Pool and name of what is made for it."""
        return tuple((self.pool, name) for name in (self.disk_volume, self.seed_volume) if name)


def names_of(request: GuestCreate) -> list[str]:
    """`web`, or `web-1` … `web-10` for a count."""
    if request.count == 1:
        return [request.name]
    width = len(str(request.count))
    return [f"{request.name}-{number:0{width}}" for number in range(1, request.count + 1)]


def decide(host: Host, request: GuestCreate) -> list[Draft]:
    """The guests that the request comes to, or a refusal; nothing is touched."""
    check_name(request.name)
    names = names_of(request)
    for name in names:
        check_name(name)
        naming.free(host, name)
    _refuse_contradictions(request)
    manifest = _manifest(host, request)
    pool = config.get("pool") if request.pool is None else request.pool
    # A guest on a disk that is there puts nothing in a pool, and a new session has none.
    pool_path = pools.target(pools.ready(host, pool)) if manifest or request.pool is not None else ""
    source = image_disk(host, request, manifest, pool) if manifest else existing_disk(host, request)
    machine = _machine(host, request, manifest)
    if request.ip:
        reservations.refuse_address(reservations.ready(host, machine.networks[0]), request.ip)
    draft = Draft(
        name=request.name,
        uuid="",
        macs=(),
        machine=machine,
        source=source,
        pool=pool,
        pool_path=pool_path,
        images_path=pools.target(pools.ready(host, POOL)) if manifest else None,
        nvram_directory=firmware.nvram_directory(host) if machine.firmware != "bios" else None,
        manifest=manifest,
        answers=None,
        ip=request.ip,
        profile=request.profile or (manifest.profile if manifest else "linux"),
    )
    return [_named(draft, request, name) for name in names]


def _named(draft: Draft, request: GuestCreate, name: str) -> Draft:
    made = uuid.uuid4()
    macs = tuple(_mac(made.bytes[index * 3 : index * 3 + 3]) for index in range(len(draft.machine.networks)))
    answers = None
    if draft.manifest and draft.manifest.cloud_init:
        answers = Answers(
            instance=str(made),
            hostname=name,
            user=request.user or draft.manifest.user,
            ssh_keys=request.ssh_keys,
            password=request.password,
            user_data=request.cloud_init,
        )
    return replace(draft, name=name, uuid=str(made), macs=macs, answers=answers)


def _mac(tail: bytes) -> str:
    """QEMU's own prefix, which libvirt uses too."""
    return "52:54:00:" + ":".join(f"{byte:02x}" for byte in tail)


def _refuse_contradictions(request: GuestCreate) -> None:
    if request.image and request.disk:
        raise Invalid("request.together", first="--image", second="--disk")
    if not request.image and not request.disk:
        raise Invalid("request.needs", first="inn create", second="--image or --disk")
    if request.disk:
        for option, given in _OF_AN_IMAGE:
            if getattr(request, given):
                raise Invalid("request.together", first=option, second="--disk")
        if request.count > 1:
            raise Invalid("request.together", first="--count", second="--disk")
    elif request.disk_format:
        raise Invalid("request.needs", first="--disk-format", second="--disk")
    if not request.start and request.wait != "none":
        raise Invalid("request.together", first="--wait", second="--no-start")
    if request.ip and request.count > 1:
        raise Invalid("request.together", first="--ip", second="--count")
    if request.user is not None:
        check_user(request.user)
    if request.cloud_init:
        refuse_user_data(request.cloud_init, "--cloud-init")
        for option, value in (("--user", request.user), ("--password-file", request.password)):
            if value:
                raise Invalid("request.together", first=option, second="--cloud-init")
    if len(request.networks) > 4 or (NONE in request.networks and len(request.networks) > 1):
        raise Invalid("request.together", first="--network none", second="another --network")


def _manifest(host: Host, request: GuestCreate) -> ImageManifest | None:
    if not request.image:
        return None
    manifest = lookup(host, request.image)
    wants = {"--user": request.user, "--password-file": request.password, "--cloud-init": request.cloud_init}
    for option, value in wants.items():
        if value and not manifest.cloud_init:
            raise Invalid("guest.no_cloud_init", option=option, image=manifest.name)
    if request.arch and request.arch != manifest.arch:
        raise Invalid("request.choice", what="--arch", value=request.arch, choices=manifest.arch)
    return manifest


def _machine(host: Host, request: GuestCreate, manifest: ImageManifest | None) -> Machine:
    support = host.support
    arch = request.arch or (manifest.arch if manifest else support.arch)
    if arch not in support.guest_arches:
        raise Unsupported("guest.arch", arch=arch, choices=", ".join(support.guest_arches))
    emulator = support.emulator(arch)
    choice = _accelerator(host, request, arch, emulator)
    kind = "kvm" if choice.accel == "kvm" else "qemu"
    offered = support.domain(arch, request.machine or _usual_machine(arch), kind)
    cpus, memory = _size(host, request, manifest, offered.max_vcpus or 1)
    bus = request.bus or (manifest.disk_buses[0] if manifest and manifest.disk_buses else "virtio")
    _refuse_other("--bus", bus, _offered_buses(offered, manifest))
    return Machine(
        arch=arch,
        kind=kind,
        machine=offered.machine or request.machine or _usual_machine(arch) or "",
        firmware=_firmware(request, manifest, offered, arch),
        cpu_mode=_cpu_mode(kind, offered),
        emulator=emulator,
        video=next((model for model in ("virtio", "vga", "bochs") if model in offered.video_models), None),
        rng="random" in offered.rng_backends,
        bus=bus,
        seed_bus=(manifest.seed_bus if manifest else None) or bus,
        cpus=cpus,
        memory=memory,
        networks=_networks(host, request),
        accel_reason=choice.reason_id,
        accel_facts={key: str(value) for key, value in choice.facts.items()},
    )


def _accelerator(host: Host, request: GuestCreate, arch: str, emulator: str) -> accelerator.Choice:
    if host.machine is not None:
        return accelerator.choose(host.machine, request.accel, arch, emulator)
    if request.accel == "kvm":
        raise Unsupported("guest.accel_unproven", uri=host.uri)
    return accelerator.Choice(accel="tcg", reason_id="guest.accel_unproven", facts={"uri": host.uri})


def _usual_machine(arch: str) -> str | None:
    """The modern board of an architecture; libvirt's default where there is but one."""
    return {"x86_64": "q35", "i686": "q35", "aarch64": "virt", "riscv64": "virt"}.get(arch)


def _size(
    host: Host, request: GuestCreate, manifest: ImageManifest | None, most_cpus: int
) -> tuple[int, int]:
    there, host_memory = host.virt.node()
    cpus = request.cpus or min(2, there)
    if cpus > most_cpus:
        raise Invalid("request.number", what="--cpus", value=cpus, least=1, most=most_cpus)
    memory = request.memory or (manifest.default_memory if manifest else None) or GIB
    least = max(LEAST_MEMORY, manifest.min_memory or 0) if manifest else LEAST_MEMORY
    if memory < least:
        raise Invalid("guest.memory_small", memory=format_size(memory), least=format_size(least))
    if memory > host_memory:
        raise Invalid("guest.memory_host", memory=format_size(memory), host=format_size(host_memory))
    return cpus, memory


def _offered_buses(offered: DomainCapabilities, manifest: ImageManifest | None) -> list[str]:
    seen = manifest.disk_buses if manifest and manifest.disk_buses else ("virtio", "scsi", "sata")
    return [bus for bus in seen if bus in offered.disk_buses]


def _firmware(
    request: GuestCreate, manifest: ImageManifest | None, offered: DomainCapabilities, arch: str
) -> str:
    possible = ["bios"] if arch in ("x86_64", "i686") else []
    if "efi" in offered.firmwares:
        possible += ["uefi", "uefi-secure"] if offered.secure_boot else ["uefi"]
    if manifest and manifest.firmware:
        possible = [one for one in possible if one.partition("-")[0] in manifest.firmware]
    if request.firmware:
        _refuse_other("--firmware", request.firmware, possible)
        return request.firmware
    return possible[0] if possible else "bios"


def _refuse_other(option: str, value: str, possible: list[str]) -> None:
    if value not in possible:
        raise Invalid("request.choice", what=option, value=value, choices=", ".join(possible) or "-")


def _cpu_mode(kind: str, offered: DomainCapabilities) -> str | None:
    """The best CPU there is: all of the host's under KVM, all that TCG can do under TCG."""
    wanted = ("host-passthrough", "host-model") if kind == "kvm" else ("maximum", "host-model")
    return next((mode for mode in wanted if mode in offered.cpu_modes), None)


def _networks(host: Host, request: GuestCreate) -> tuple[str, ...]:
    if request.networks == (NONE,):
        if request.ip:
            raise Invalid("request.needs", first="--ip", second="a --network")
        return ()
    networks = request.networks or ((config.get("network"),) if host.support.bridges else (USER,))
    for name in networks:
        if name == USER:
            continue
        if not host.support.bridges:
            raise Unsupported("network.no_bridge", name=name)
        reservations.ready(host, name)
    if request.ip and networks[0] == USER:
        raise Invalid("request.together", first="--ip", second="--network user")
    return networks


def refuse_wait(request: GuestCreate, draft: Draft) -> None:
    """A wait that this guest can never fulfil. Raises `Invalid`."""
    manifest = draft.manifest
    if request.wait == "boot" and not (manifest and manifest.boot_pattern):
        raise Invalid("guest.no_boot_pattern", name=draft.name, image=manifest.name if manifest else "-")
    if request.wait == "agent" and manifest and not manifest.agent:
        raise Invalid("guest.image_no_agent", image=manifest.name)
    if request.wait == "ip" and not draft.machine.networks:
        raise Conflict("guest.no_network", name=draft.name)
