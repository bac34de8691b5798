"""`inn create`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from innkeeper import messages
from innkeeper.cli import guest_keep, options, reading
from innkeeper.cli.framework import Argument, Option, command
from innkeeper.cli.names import NETWORK, POOL, WANTED_IMAGE
from innkeeper.cli.output import clean, say, state
from innkeeper.cli.types import Choice, Integer, Path, Size
from innkeeper.errors import Invalid

if TYPE_CHECKING:
    from innkeeper.cli.session import Session
    from innkeeper.schema.guest import GuestView

__all__ = ["create"]

_NEXT = {"ssh": "cli.create.login", "serial": "cli.create.console"}
"""How one logs in → what is said next."""


@command(
    "create",
    Argument(["name"]),
    Option(["--image"], type=WANTED_IMAGE, metavar="IMAGE"),
    Option(["--disk"], metavar="POOL/VOLUME|FILE"),
    Option(["--disk-format"], metavar="FORMAT"),
    Option(["--import", "bundle"], type=Path(), metavar="FILE|-"),
    Option(["--trust"], is_flag=True),
    Option(["--iso"], metavar="POOL/VOLUME|FILE"),
    Option(["--drivers"], metavar="POOL/VOLUME|FILE"),
    Option(["--location"], metavar="DIRECTORY|URL|KERNEL,INITRD"),
    Option(["--kernel-args"], metavar="ARGUMENTS"),
    Option(["--pxe"], is_flag=True),
    Option(["--diskless"], is_flag=True),
    Option(["--full"], is_flag=True),
    Option(["--cpus"], type=Integer(1, 4096), metavar="NUMBER"),
    Option(["--memory"], type=Size(), metavar="SIZE"),
    Option(["--disk-size"], type=Size(), metavar="SIZE"),
    Option(["--pool"], type=POOL, metavar="POOL"),
    Option(["--network", "networks"], type=NETWORK, metavar="NETWORK", multiple=True),
    Option(["--ip"], metavar="ADDRESS"),
    Option(["--arch"], metavar="ARCH"),
    Option(["--machine"], metavar="TYPE"),
    Option(["--firmware"], type=Choice("bios", "uefi", "uefi-secure")),
    Option(["--accel"], type=Choice("auto", "kvm", "tcg")),
    Option(["--profile"], type=Choice("linux", "tiny", "windows", "legacy")),
    Option(["--bus"], type=Choice("virtio", "scsi", "sata", "ide", "usb")),
    Option(["--tpm"], is_flag=True),
    Option(["--no-tpm"], is_flag=True),
    Option(["--no-acpi"], is_flag=True),
    Option(["--user"], metavar="USER"),
    Option(["--ssh-key", "ssh_keys"], type=Path(), metavar="FILE", multiple=True),
    Option(["--password-file", "password"], type=Path(), metavar="FILE"),
    Option(["--cloud-init"], type=Path(), metavar="FILE"),
    Option(["--xml"], metavar="XPATH=VALUE", multiple=True),
    options.OVERCOMMIT,
    Option(["--wait"], type=Choice(*options.WAITS, "installed")),
    options.TIMEOUT,
    Option(["--no-start"], is_flag=True),
    Option(["--count"], type=Integer(1, 1000), metavar="NUMBER"),
)
def create(session: Session, no_start: bool, no_acpi: bool, **fields: Any) -> None:
    """Files are read here: the verb gets what is in them, and may run on another computer."""
    fields["networks"], fields["xml"] = tuple(fields["networks"]), tuple(fields["xml"])
    fields["tpm"] = _switch("tpm", fields["tpm"], fields.pop("no_tpm"))
    fields["disk"] = reading.local_path(fields["disk"])
    fields["iso"], fields["drivers"] = reading.cd_path(fields["iso"]), reading.cd_path(fields["drivers"])
    fields["location"] = reading.local_paths(fields["location"])
    if fields["bundle"]:  # a guest that comes as it is gets no key of whoever brings it
        fields["bundle"] = guest_keep.bundle_path(fields["bundle"])
    if fields["ssh_keys"] or not fields["bundle"]:
        fields["ssh_keys"] = reading.ssh_keys(fields["ssh_keys"])
    fields["password"] = reading.password(fields["password"])
    fields["cloud_init"] = reading.cloud_init(fields["cloud_init"])
    view = session.change("guest.create", start=not no_start, acpi=not no_acpi, **fields)
    installs = bool(fields["iso"] or fields["location"] or fields["pxe"])
    session.answer(view, lambda made: _draw(made, installs))


def _switch(name: str, on: bool, off: bool) -> bool | None:
    """Said to be, said not to be, or not said."""
    if on and off:
        raise Invalid("request.together", first=f"--{name}", second=f"--no-{name}")
    return True if on else False if off else None


def _draw(view: GuestView | list[GuestView], installs: bool) -> None:
    views = view if isinstance(view, list | tuple) else [view]
    for guest in views:
        addresses = [address for nic in guest.nics for address in nic.addresses]
        what = [state(guest.state), guest.accel, *addresses]
        say(clean(messages.text("cli.create.done", name=guest.name, what=", ".join(what))))
    first = views[0]
    guest_keep.tell_notes(first.imported)
    if first.accel_reason:
        say("  " + clean(messages.text(first.accel_reason, **first.accel_facts)))
    follow = "cli.create.install" if installs else _NEXT[first.login]
    if first.state != "running":
        follow = "cli.create.start"
    say("  → " + clean(messages.text(follow, name=first.name)))
