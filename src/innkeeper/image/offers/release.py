"""A release of an offer: what a distributor publishes right now, where, and how to know that one got it."""

from __future__ import annotations

from typing import Any, Literal, Protocol

import msgspec
from msgspec import Struct

__all__ = ["FileSignature", "Get", "Release", "SigningKey"]

Packing = Literal["xz", "gz", "bz2", "zst", "tar", "tar.xz", "tar.gz"]


class SigningKey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The OpenPGP key that a distributor signs with."""

    fingerprint: str
    """of the primary key: 40 or 64 hexadecimal digits in capitals. It alone says whether a key is the right one"""
    url: str | None = None
    """where the distributor publishes it, alone or among others, armoured or not; who fetched it is of no matter, since
    the fingerprint is known"""
    file: str | None = None
    """a keyring of a distribution's package that holds it, where one does"""
    owner: str = ""
    """whose it is, for people"""


class FileSignature(Struct, frozen=True, kw_only=True):
    """A detached signature of the image's file itself, as published (before unpacking)."""

    url: str
    key: SigningKey


class Release(Struct, frozen=True, kw_only=True):
    """One image that can be downloaded, found by `offers.resolve`."""

    name: str
    """of the offer, such as `debian-12`; the image gets it when no other is said"""
    arch: str
    """`x86_64` or `aarch64`, as libvirt says it"""
    version: str
    """as the distributor counts it: `20241125-1942`, `41-1.4`; compare with `offers.newer`"""
    url: str
    digest: str
    """`sha256:…` or `sha512:…` in small letters, of the file as published"""
    size: int | None = None
    """bytes of the file as published, where the distributor tells; never trusted, only a bound and for progress"""
    most: int
    """bytes that the published file may have"""
    virtual_most: int
    """bytes that the disk in it may have"""
    format: Literal["qcow2", "raw"]
    """of the disk once unpacked; checked with that format said, never guessed"""
    packing: Packing | None = None
    member: str | None = None
    """the disk's file in a tar; None: the only file in it"""
    signed: str | None = None
    """owner and fingerprint of the key by which the digest was signed and checked; None: the sums are not signed"""
    signature: FileSignature | None = None
    """to check the downloaded file itself with, where that is what the distributor signs"""
    facts: dict[str, Any] = msgspec.field(default_factory=dict)
    """fields of `ImageManifest` that are known of it beforehand: os, firmware, boot_pattern, user, login, cloud_init,
    agent, disk_buses, seed_bus, min_memory, default_memory; for `msgspec.structs.replace(manifest, **facts)`"""


class Get(Protocol):
    """Fetches the small texts that a release is found by, as UTF-8 (`Conflict("web.not_text")` where it is none).

    Both raise what `tools.web` raises, `Conflict("web.too_large")` for more than `most` bytes too."""

    def text(self, url: str, most: int) -> str:
        """What is at that URL."""

    def signed_text(self, url: str, signature_url: str | None, key: SigningKey, most: int) -> str:
        """The same, signed by that key: in a file beside it, or in the text itself (then only what was signed comes
        back). Raises when the signature is bad, of another key, or missing."""
