"""What has to be switched on for hardware virtualization, and where: in a computer's firmware by the names its maker
gives it, or in the hypervisor that this host is itself a guest of.

Names are those of the makers' setup programs, which speak English; models differ, so a reader looks for the nearest.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["Processor", "Switch", "hypervisor", "processor", "switch"]


class Processor(NamedTuple):
    """Of /proc/cpuinfo on x86: who made it, the flag of its virtualization, and what the maker calls it."""

    flag: str
    name: str
    offered: bool
    in_guest: bool
    """the flag `hypervisor`: this host is a virtual machine"""


class Switch(NamedTuple):
    """A setting of a firmware's setup program."""

    name: str
    menu: str
    iommu: str
    """that of the IOMMU, mostly in the same menu"""


INTEL = ("vmx", "Intel VT-x")
AMD = ("svm", "AMD-V")
MAKERS = {
    "GenuineIntel": INTEL,
    "AuthenticAMD": AMD,
    "HygonGenuine": AMD,
    "CentaurHauls": ("vmx", "VIA VT"),
    "  Shanghai  ": ("vmx", "Zhaoxin VT"),
}
"""vendor_id → flag and name (Linux arch/x86/include/asm/processor.h, X86_VENDOR_…)"""

USUAL_INTEL = Switch("Intel Virtualization Technology (VT-x)", "Advanced > CPU Configuration", "VT-d")
USUAL_AMD = Switch("SVM Mode", "Advanced > CPU Configuration", "IOMMU (AMD-Vi)")
BOARDS: tuple[tuple[str, Switch, Switch], ...] = (
    (
        r"Dell",
        Switch("Virtualization Technology", "Virtualization Support", "VT for Direct I/O"),
        Switch("Virtualization Technology", "Virtualization Support", "IOMMU Support"),
    ),
    (
        r"HPE|Hewlett Packard Enterprise",
        Switch("Intel(R) Virtualization Technology", "RBSU > Virtualization Options", "Intel(R) VT-d"),
        Switch(
            "AMD Virtualization Technology",
            "RBSU > Virtualization Options",
            "AMD I/O Virtualization Technology",
        ),
    ),
    (
        r"HP|Hewlett-Packard",
        Switch("Virtualization Technology (VTx)", "Security > System Security", "VTd"),
        Switch("SVM CPU Virtualization", "Security > System Security", "AMD I/O Virtualization"),
    ),
    (
        r"LENOVO",
        Switch("Intel Virtualization Technology", "Security > Virtualization", "Intel VT-d Feature"),
        Switch("AMD-V Technology", "Security > Virtualization", "IOMMU"),
    ),
    (
        r"ASUS",
        Switch("Intel (VMX) Virtualization Technology", "Advanced > CPU Configuration", "VT-d"),
        Switch("SVM Mode", "Advanced > CPU Configuration", "IOMMU"),
    ),
    (
        r"Gigabyte",
        Switch("Intel Virtualization Technology", "Tweaker > Advanced CPU Settings", "VT-d"),
        Switch("SVM Mode", "Tweaker > Advanced CPU Settings", "IOMMU"),
    ),
    (
        r"Micro-Star|MSI",
        Switch("Intel Virtualization Tech", "OC > CPU Features", "Intel VT-D Tech"),
        Switch("SVM Mode", "OC > CPU Features", "IOMMU"),
    ),
)
"""(maker in DMI, its switch on Intel boards, on AMD boards)"""

HYPERVISORS: tuple[tuple[str, str], ...] = (
    (r"VMware", "vmware"),
    (r"innotek|VirtualBox|oracle", "virtualbox"),
    (r"Microsoft|microsoft", "hyperv"),
    (r"Xen|xen", "xen"),
    (r"Amazon|amazon|Google|google|DigitalOcean|Alibaba|Tencent", "cloud"),
    (r"QEMU|KVM|kvm|qemu|Red Hat|OpenStack|bochs", "kvm"),
)
"""(what DMI or systemd-detect-virt(1) says, the variant of the text that knows its switch)"""

DMI = "/sys/class/dmi/id"


def processor(site: Site) -> Processor | None:
    """None on a processor whose virtualization /proc/cpuinfo does not tell by a flag: all but x86."""
    text = site.read("/proc/cpuinfo")
    vendor = re.search(r"^vendor_id\s*: (.*)$", text, re.MULTILINE)
    flags = re.search(r"^flags\s*: (.*)$", text, re.MULTILINE)
    if vendor is None or flags is None:
        return None
    words = flags[1].split()
    flag, name = MAKERS.get(vendor[1], MAKERS.get(vendor[1].strip(), INTEL))
    return Processor(flag, name, flag in words, "hypervisor" in words)


def switch(site: Site, flag: str) -> Switch:
    """The firmware's switch on this computer, or the usual one."""
    maker = " ".join(site.read(f"{DMI}/{file}").strip() for file in ("sys_vendor", "board_vendor"))
    for pattern, intel, amd in BOARDS:
        if re.search(rf"\b(?:{pattern})", maker):
            return amd if flag == "svm" else intel
    return USUAL_AMD if flag == "svm" else USUAL_INTEL


def hypervisor(site: Site) -> str:
    """`kvm`, `vmware` …: a word of `HYPERVISORS`, or `other`."""
    said = " ".join(
        site.read(f"{DMI}/{file}").strip() for file in ("sys_vendor", "product_name", "bios_vendor")
    )
    if not said.strip():
        said = site.run(["systemd-detect-virt", "--vm"]).stdout.decode(errors="replace")
    return next((kind for pattern, kind in HYPERVISORS if re.search(pattern, said)), "other")
