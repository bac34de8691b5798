"""Requests for a new guest that contradict themselves."""

from __future__ import annotations

from innkeeper.errors import Invalid
from innkeeper.guest.making.hardware import NONE
from innkeeper.install.cloud_init import refuse_user_data
from innkeeper.schema.guest import GuestCreate
from innkeeper.schema.names import check_user

__all__ = ["refuse"]

_OF_AN_IMAGE = (
    ("--full", "full"),
    ("--user", "user"),
    ("--password-file", "password"),
    ("--cloud-init", "cloud_init"),
)
"""Of a disk that was there before nothing is known, and nothing of it is changed; an installer asks by itself."""
_SOURCES = (
    ("--image", "image"),
    ("--iso", "iso"),
    ("--location", "location"),
    ("--pxe", "pxe"),
)
"""What a guest boots from at first. A disk that is there may go with all but an image."""
_OF_ANOTHER = (
    ("--disk-format", "disk_format", "--disk", "disk"),
    ("--kernel-args", "kernel_args", "--location", "location"),
    ("--trust", "trust", "--import", "bundle"),
)
"""Options that say more about another one."""


def refuse(request: GuestCreate) -> None:
    """Raises `Invalid("request.together")`, `Invalid("request.needs")`, and what is wrong with a user or user data."""
    _sources(request)
    _disks(request)
    if not request.start:
        if request.wait != "none":
            raise Invalid("request.together", first="--wait", second="--no-start")
        if request.location and not request.diskless:  # the first start boots the kernel, virsh's would not
            raise Invalid("request.together", first="--location", second="--no-start")
    if request.ip and request.count > 1:
        raise Invalid("request.together", first="--ip", second="--count")
    _user(request)
    if len(request.networks) > 4 or (NONE in request.networks and len(request.networks) > 1):
        raise Invalid("request.together", first="--network none", second="another --network")


def _sources(request: GuestCreate) -> None:
    given = [option for option, field in _SOURCES if getattr(request, field)]
    if len(given) > 1:
        raise Invalid("request.together", first=given[0], second=given[1])
    if request.image and request.disk:
        raise Invalid("request.together", first="--image", second="--disk")
    if not given and not request.disk:
        raise Invalid(
            "request.needs", first="inn create", second="--image, --disk, --iso, --location or --pxe"
        )
    for option, field, other, needed in _OF_ANOTHER:
        if getattr(request, field) and not getattr(request, needed):
            raise Invalid("request.needs", first=option, second=other)
    if not request.image:
        for option, field in _OF_AN_IMAGE:
            if getattr(request, field):
                raise Invalid("request.together", first=option, second=given[0] if given else "--disk")


def _disks(request: GuestCreate) -> None:
    for option, field in (("--disk", "disk"), ("--disk-size", "disk_size"), ("--image", "image")):
        if request.diskless and getattr(request, field):
            raise Invalid("request.together", first=option, second="--diskless")
    if request.disk and request.disk_size:
        raise Invalid("request.together", first="--disk-size", second="--disk")
    if request.disk and request.count > 1:
        raise Invalid("request.together", first="--count", second="--disk")


def _user(request: GuestCreate) -> None:
    if request.user is not None:
        check_user(request.user)
    if request.cloud_init:
        refuse_user_data(request.cloud_init, "--cloud-init")
        for option, value in (("--user", request.user), ("--password-file", request.password)):
            if value:
                raise Invalid("request.together", first=option, second="--cloud-init")
