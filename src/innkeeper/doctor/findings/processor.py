"""The processor: whether it offers virtualization, and an IOMMU."""

from __future__ import annotations

import re

from innkeeper.doctor.finding import Check, Found, Site
from innkeeper.doctor.switches import hypervisor, processor, switch

__all__ = ["CHECKS"]

DMI = ("/sys/class/dmi/id/sys_vendor", "/sys/class/dmi/id/product_name", "/sys/class/dmi/id/bios_vendor")
ACPI = "/sys/firmware/acpi/tables"
GROUPS = "/sys/kernel/iommu_groups"
COMMAND_LINE = {"vmx": "intel_iommu=on iommu=pt", "svm": "iommu=pt"}
"""Parameters of Linux: Intel's IOMMU is off in many distributions' kernels, AMD's is on where the firmware has it
(Documentation/admin-guide/kernel-parameters.txt)."""


def _virtualization(site: Site) -> Found:
    seen = processor(site)
    if seen is None:
        return _elsewhere(site)
    facts: dict[str, object] = {"name": seen.name, "flag": seen.flag}
    if seen.offered:
        return Found("ok", "processor.virtualization.on", facts)
    if seen.in_guest:
        return Found("problem", f"processor.virtualization.guest_of_{hypervisor(site)}", facts)
    where = switch(site, seen.flag)
    facts |= {"switch": where.name, "menu": where.menu}
    return Found("problem", "processor.virtualization.switched_off", facts)


def _elsewhere(site: Site) -> Found:
    """s390x and riscv64 tell it too; of others the kernel offers KVM or does not."""
    arch = site.shell("uname -m").strip()
    text = site.read("/proc/cpuinfo")
    signs = {"s390x": r"^features\s*:.*\bsie\b", "riscv64": r"^isa\s*: rv64[a-z]*h"}
    if arch in signs:
        there = re.search(signs[arch], text, re.MULTILINE) is not None
        flag = {"s390x": "sie", "riscv64": "h"}[arch]
        facts: dict[str, object] = {"name": arch, "flag": flag}
        if there:
            return Found("ok", "processor.virtualization.on", facts)
        return Found("problem", "processor.virtualization.none", facts)
    if site.exists("/dev/kvm"):
        return Found("ok", "processor.virtualization.by_kernel", {"arch": arch})
    return Found("problem", "processor.virtualization.not_by_kernel", {"arch": arch})


def _iommu(site: Site) -> Found:
    groups = site.list(GROUPS)
    if groups:
        listed = site.shell('cd "$1" && ls -d */devices/*', site.path(GROUPS)).split()
        members = [path.partition("/")[0] for path in listed]
        shared = sum(members.count(group) > 1 for group in set(members))
        facts: dict[str, object] = {"groups": len(groups), "devices": len(members), "shared": shared}
        return Found("ok", "processor.iommu.on", facts)
    seen = processor(site)
    flag = seen.flag if seen else "vmx"
    if any(site.exists(f"{ACPI}/{table}") for table in ("DMAR", "IVRS", "IORT")):
        asked = COMMAND_LINE[flag]
        return Found("advice", "processor.iommu.not_used", {"parameters": asked}, _boot_with(site, asked))
    if seen and seen.in_guest:
        return Found("advice", "processor.iommu.none_in_guest")
    return Found("advice", "processor.iommu.switched_off", {"switch": switch(site, flag).iommu})


def _boot_with(site: Site, parameters: str) -> str | None:
    """The command that adds kernel parameters for the next boot."""
    if site.program("grubby"):
        return f'grubby --update-kernel=ALL --args="{parameters}"'
    if not site.exists("/etc/default/grub"):
        return None
    renew = "update-grub" if site.program("update-grub") else "grub2-mkconfig -o /boot/grub2/grub.cfg"
    return f"sed -i 's/^GRUB_CMDLINE_LINUX=\"/&{parameters} /' /etc/default/grub && {renew}"


CHECKS = (
    Check(
        "processor.virtualization", _virtualization, ("/proc/cpuinfo", *DMI, "/sys/class/dmi/id/board_vendor")
    ),
    Check("processor.iommu", _iommu, (f"{GROUPS}/", f"{ACPI}/", "/etc/default/grub")),
)
