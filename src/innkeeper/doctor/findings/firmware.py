"""What guests boot by: BIOS, UEFI, Secure Boot; and what gives them a TPM."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from innkeeper.doctor import package_lists
from innkeeper.doctor.finding import Check, Found, Site

__all__ = ["CHECKS", "Descriptor", "descriptors"]

FOLDERS = ("/usr/share/qemu/firmware", "/etc/qemu/firmware")
"""The later wins where both have a file of one name; an empty file hides it (QEMU docs/interop/firmware.json)."""
BIOS = (
    "/usr/share/seabios/bios-256k.bin",
    "/usr/share/qemu/bios-256k.bin",
    "/usr/share/qemu-kvm/bios-256k.bin",
)
WITHOUT_BIOS = ("aarch64", "riscv64", "s390x", "ppc64le")
TPM = ("swtpm", "swtpm_setup")


class Descriptor(NamedTuple):
    """What a distribution says of one firmware."""

    path: str
    interfaces: tuple[str, ...]
    arches: tuple[str, ...]
    features: tuple[str, ...]
    files: tuple[str, ...]
    """the firmware itself, and the template of its variables"""


def descriptors(site: Site) -> list[Descriptor]:
    """All that can be read, in the order in which libvirt tries them."""
    paths: dict[str, str] = {}
    for folder in FOLDERS:
        paths |= {name: f"{folder}/{name}" for name in site.list(folder) if name.endswith(".json")}
    found = []
    for _, path in sorted(paths.items()):
        try:
            described = json.loads(site.read(path))
        except ValueError:
            continue  # hidden by an empty file, or nothing that libvirt could read either
        if isinstance(described, dict):
            found.append(_descriptor(path, described))
    return found


def _descriptor(path: str, said: dict[str, Any]) -> Descriptor:
    mapping = said.get("mapping", {})
    parts = [mapping, mapping.get("executable", {}), mapping.get("nvram-template", {})]
    files = tuple(str(part["filename"]) for part in parts if "filename" in part)
    arches = tuple(str(target.get("architecture")) for target in said.get("targets", []))
    return Descriptor(
        path, tuple(said.get("interface-types", [])), arches, tuple(said.get("features", [])), files
    )


def _uefi_of(site: Site) -> list[Descriptor]:
    arch = site.shell("uname -m").strip()
    return [one for one in descriptors(site) if "uefi" in one.interfaces and arch in one.arches]


def _uefi(site: Site) -> list[Found]:
    known = _uefi_of(site)
    arch = site.shell("uname -m").strip()
    if not known:
        purpose = "UEFI firmware"
        remedy, repair = package_lists.command(site, purpose), package_lists.repair(site, purpose)
        return [Found("problem", "firmware.uefi.missing", {"arch": arch}, remedy, repair)]
    broken = [
        Found("problem", "firmware.uefi.file_missing", {"descriptor": one.path, "file": file})
        for one in known
        for file in one.files
        if not site.exists(file)
    ]
    whole = [one for one in known if all(site.exists(file) for file in one.files)]
    if broken or not whole:
        return broken
    return [
        Found("ok", "firmware.uefi.there", {"arch": arch, "file": whole[0].files[0], "count": len(whole)})
    ]


def _secure_boot(site: Site) -> Found:
    able = [one for one in _uefi_of(site) if "secure-boot" in one.features]
    if not able:
        return Found(
            "advice", "firmware.secure_boot.missing", {}, package_lists.command(site, "UEFI firmware")
        )
    enrolled = [one for one in able if "enrolled-keys" in one.features]
    if not enrolled:
        return Found("advice", "firmware.secure_boot.no_keys", {"file": able[0].files[0]})
    return Found("ok", "firmware.secure_boot.there", {"file": enrolled[0].files[0]})


def _bios(site: Site) -> list[Found]:
    if site.shell("uname -m").strip() in WITHOUT_BIOS:
        return []
    there = next((path for path in BIOS if site.exists(path)), None)
    if there:
        return [Found("ok", "firmware.bios.there", {"file": there})]
    purpose = "BIOS firmware"
    remedy, repair = package_lists.command(site, purpose), package_lists.repair(site, purpose)
    return [Found("problem", "firmware.bios.missing", {}, remedy, repair)]


def _tpm(site: Site) -> Found:
    missing = [name for name in TPM if not site.program(name)]
    if not missing:
        return Found("ok", "firmware.tpm.there", {"program": site.program("swtpm") or ""})
    purpose = "TPM of guests"
    remedy, repair = package_lists.command(site, purpose), package_lists.repair(site, purpose)
    return Found("advice", "firmware.tpm.missing", {"missing": ", ".join(missing)}, remedy, repair)


READS = tuple(f"{folder}/*.json" for folder in FOLDERS) + tuple(f"{folder}/" for folder in FOLDERS)

CHECKS = (
    Check("firmware.bios", _bios),
    Check("firmware.uefi", _uefi, READS),
    Check("firmware.secure_boot", _secure_boot, READS),
    Check("firmware.tpm", _tpm),
)
