"""virt-sysprep and virt-sparsify of libguestfs: what makes one machine of many out of a disk, and its empty space.

They look into the disk in a small machine of their own, so that the host's kernel never reads a guest's file systems.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from typing import Protocol

from innkeeper.errors import Unsupported
from innkeeper.machine import Machine

__all__ = ["PROGRAMS", "Told", "clean", "cleaning", "environment", "sparsify", "sparsifying"]

PROGRAMS = {"virt-sysprep": "guestfs-tools", "virt-sparsify": "guestfs-tools"}

OPERATIONS = (
    "abrt-data", "bash-history", "blkid-tab", "crash-data", "dhcp-client-state", "dhcp-server-state", "ipa-client",
    "kerberos-hostkeytab", "logfiles", "lvm-system-devices", "lvm-uuids", "machine-id", "mail-spool", "net-hwaddr",
    "net-nmconn", "pacct-log", "package-manager-cache", "pam-data", "passwd-backups", "puppet-data-log",
    "rh-subscription-manager", "rhn-systemid", "samba-db-log", "smolt-uuid", "ssh-hostkeys", "sssd-db-log", "tmp-files",
    "udev-persistent-net", "utmp", "yum-uuid", "customize",
)  # fmt: skip
"""virt-sysprep(1). Its own choice also takes crontabs and editors' backups: those are of the system, not of its
identity."""
_OF_USERS = "ssh-userdir"
_DELETED = (
    "/var/lib/systemd/random-seed", "/var/lib/systemd/credential.secret", "/var/lib/NetworkManager/*.lease",
    "/var/lib/NetworkManager/secret_key", "/var/log/journal/*",
    *(f"{home}/{name}" for home in ("/root", "/home/*")
      for name in (".*_history", ".viminfo", ".lesshst", ".wget-hsts")),
)  # fmt: skip
_CLOUD_INIT = (
    "/var/lib/cloud/*", "/var/log/cloud-init*", "/etc/netplan/50-cloud-init.yaml",
    "/etc/network/interfaces.d/50-cloud-init*", "/etc/systemd/network/10-cloud-init-*",
    "/etc/NetworkManager/system-connections/cloud-init-*", "/etc/sudoers.d/90-cloud-init-users",
    "/etc/ssh/sshd_config.d/50-cloud-init.conf",
)  # fmt: skip
"""What cloud-init knows and wrote; it writes all of it anew for the next machine."""
_NEW_KEYS = "ssh-keygen -A; systemctl --no-block try-restart ssh.service sshd.service || true"
"""At the first boot, where no cloud-init makes host keys: sshd does not start without."""
_NO_ID = "/etc/machine-id:"
"""Empty, at last: virt-sysprep empties it, and then its operation `customize` ("Setting the machine ID"), before it
does what it is asked for, fills what is empty with one id for all machines of the image."""
_ERROR = re.compile(r"^(?:virt-sysprep|virt-sparsify|libguestfs|supermin): (?:error: )?(.+)", re.MULTILINE)


class Told(Protocol):
    """Gets how far something is, 0 to 1; None when that is not known."""

    def __call__(self, fraction: float | None) -> None: ...


def environment(kvm: bool) -> dict[str, str]:
    """Without libvirt between. `kvm`: whether it is proven here; libguestfs itself takes whatever opens."""
    slow = {} if kvm else {"LIBGUESTFS_BACKEND_SETTINGS": "force_tcg"}
    return {"LIBGUESTFS_BACKEND": "direct", **slow, "LC_ALL": "C"}


def cleaning(machine: Machine, disk: str, format: str, cloud_init: bool) -> list[str]:
    """The command that takes the identity out of a disk, in place. Without cloud-init users keep their keys, since
    nobody would bring others, and new host keys are made at the first boot."""
    known = machine.run(["virt-sysprep", "--list-operations"], check=False).stdout.decode()
    wanted = (*OPERATIONS, *((_OF_USERS,) if cloud_init else ()))
    there = [one for one in wanted if re.search(rf"^{one}\b", known, re.MULTILINE)] or list(wanted)
    argv = ["virt-sysprep", "--format", format, "--add", os.path.abspath(disk), "--no-network"]
    argv += ["--operations", ",".join(there)]
    for path in (*_DELETED, *(_CLOUD_INIT if cloud_init else ())):
        argv += ["--delete", path]
    argv += [] if cloud_init else ["--firstboot-command", _NEW_KEYS]
    return [*argv, "--write", _NO_ID]


def sparsifying(disk: str, format: str) -> list[str]:
    """The command that gives back what its file systems do not use, in place."""
    return ["virt-sparsify", "--in-place", "--format", format, os.path.abspath(disk)]


def clean(machine: Machine, argv: list[str], kvm: bool, on_fraction: Told) -> None:
    """Run what `cleaning` says. Raises `Unsupported("image.not_cleaned")`, `Unsupported("image.no_appliance")`."""
    whole = len(argv[argv.index("--operations") + 1].split(","))
    done = 0

    def told(line: str) -> None:
        nonlocal done
        done += "Performing" in line
        on_fraction(min(done / whole, 1.0))

    _run(machine, argv, environment(kvm), told)


def sparsify(machine: Machine, argv: list[str], kvm: bool, on_fraction: Told) -> None:
    """Run what `sparsifying` says; how far it is, it does not tell. Raises `Unsupported("image.not_cleaned")`."""
    _run(machine, argv, environment(kvm), lambda _line: on_fraction(None))


def _run(machine: Machine, argv: list[str], env: Mapping[str, str], on_line: Callable[[str], None]) -> None:
    result = machine.run(argv, env=env, check=False, on_line=on_line)
    if result.status != 0:
        said = _ERROR.findall(result.stderr.decode(errors="replace"))
        reason = said[-1] if said else result.last_line
        if "supermin" in reason:  # what makes that small machine, before any disk is looked into
            raise Unsupported("image.no_appliance", program=argv[0], reason=said[0] if said else reason)
        raise Unsupported("image.not_cleaned", program=argv[0], reason=reason)
