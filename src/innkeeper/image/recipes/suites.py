"""The releases of Debian and Ubuntu that images can be built of: all in which they differ, as data."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SUITES", "Family", "Suite"]


@dataclass(frozen=True)
class Family:
    """A distribution of packages."""

    name: str
    """its host name in images, part of the label of their root, and whom one logs in as"""
    mirror: str | None
    """None for where mmdebstrap itself gets its packages, with updates and security fixes: Debian's servers"""
    security: str
    """where security fixes come from, whatever mirror the rest is from"""
    components: str
    keyring: str
    """file with the keys that its packages are signed by, here and in the image"""
    keyring_package: str


DEBIAN = Family(
    name="debian",
    mirror=None,
    security="http://security.debian.org/debian-security",
    components="main",
    keyring="/usr/share/keyrings/debian-archive-keyring.gpg",
    keyring_package="debian-archive-keyring",
)
UBUNTU = Family(
    name="ubuntu",
    mirror="http://archive.ubuntu.com/ubuntu",
    security="http://security.ubuntu.com/ubuntu",
    components="main universe",
    keyring="/usr/share/keyrings/ubuntu-archive-keyring.gpg",
    keyring_package="ubuntu-keyring",
)

_COMMON = (
    # boot
    "initramfs-tools", "zstd", "e2fsprogs", "dosfstools", "fdisk", "linux-base",
    # system
    "systemd", "systemd-sysv", "systemd-timesyncd", "udev", "dbus", "libpam-systemd", "libnss-myhostname", "locales",
    "netbase",
    # guest; cloud-init says "error" without locales
    "cloud-init", "cloud-guest-utils", "qemu-guest-agent", "openssh-server",
    # for people
    "sudo", "ca-certificates", "iproute2", "iputils-ping", "less", "vim-tiny", "curl", "bash-completion",
)  # fmt: skip
_BOOT = ("systemd-boot-efi",)
_RESOLVED = ("systemd-resolved",)
_REPART = ("systemd-repart",)
"""What systemd's own package held before a release made packages of their own of it: its boot loader (Debian 12, Ubuntu
22.10), its resolver (likewise), and what grows partitions (Debian 13)."""


@dataclass(frozen=True)
class Suite:
    """One release, and what an image of it is made of."""

    recipe: str
    family: Family
    suite: str
    """as its mirrors name it"""
    os: str
    """short id of osinfo-db"""
    welcome: str
    """regular expression of the name by which systemd welcomes on the console"""
    kernel: str
    extra: tuple[str, ...]
    """packages beside those that all have"""
    rolling: bool = False
    """without updates and security fixes of its own"""
    version: int = 1
    """raised when what is built changes"""

    @property
    def packages(self) -> tuple[str, ...]:
        """Everything that is asked for by name."""
        keyring = () if self.family is DEBIAN else (self.family.keyring_package,)
        return (self.kernel, *_COMMON, *self.extra, *keyring)

    def sources(self, mirror: str | None = None, options: str = "") -> str:
        """Lines of sources.list; a mirror carries the archive, the security fixes come from their own place. Nothing
        where mmdebstrap knows it all."""
        family, signed = self.family, f"[{options}] " if options else ""
        archive = mirror or family.mirror
        if archive is None:
            return ""
        places = [f"{archive} {self.suite}"]
        if not self.rolling:
            places += [f"{places[0]}-updates", f"{family.security} {self.suite}-security"]
        return "".join(f"deb {signed}{place} {family.components}\n" for place in places)


SUITES = (
    Suite(
        recipe="debian-12", family=DEBIAN, suite="bookworm", os="debian12", welcome="Debian GNU/Linux 12",
        kernel="linux-image-cloud-amd64", extra=(*_BOOT, *_RESOLVED),
    ),
    Suite(
        recipe="debian-13", family=DEBIAN, suite="trixie", os="debian13", welcome="Debian GNU/Linux 13",
        kernel="linux-image-cloud-amd64", extra=(*_BOOT, *_RESOLVED, *_REPART),
    ),
    Suite(
        recipe="debian-sid", family=DEBIAN, suite="sid", os="debiantesting", welcome="Debian GNU/Linux",
        kernel="linux-image-cloud-amd64", extra=(*_BOOT, *_RESOLVED, *_REPART), rolling=True,
    ),
    Suite(
        recipe="ubuntu-22.04", family=UBUNTU, suite="jammy", os="ubuntu22.04", welcome=r"Ubuntu 22\.04",
        kernel="linux-image-virtual", extra=(),
    ),
    Suite(
        recipe="ubuntu-24.04", family=UBUNTU, suite="noble", os="ubuntu24.04", welcome=r"Ubuntu 24\.04",
        kernel="linux-image-virtual", extra=(*_BOOT, *_RESOLVED),
    ),
)  # fmt: skip
"""Debian 11 is not among them: its support ended in August 2026."""
