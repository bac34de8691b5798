"""Graphics cards, and what giving each to a guest would need (https://docs.kernel.org/driver-api/vfio.html)."""

from __future__ import annotations

from dataclasses import dataclass

from innkeeper.doctor.finding import Check, Found, Site

__all__ = ["CHECKS"]

DEVICES = "/sys/bus/pci/devices"
GROUPS = "/sys/kernel/iommu_groups"
DISPLAY, BRIDGE = "0x03", "0x06"
"""First byte of a PCI class code"""
OURS = ("vfio-pci", "pci-stub")
"""Drivers that only hold a device for a guest"""
VENDORS = {
    "0x1002": "AMD",
    "0x10de": "NVIDIA",
    "0x8086": "Intel",
    "0x1a03": "ASPEED",
    "0x102b": "Matrox",
    "0x1234": "QEMU",
    "0x1af4": "virtio",
    "0x1b36": "QXL",
    "0x15ad": "VMware",
}
EMULATED = ("0x1234", "0x1af4", "0x1b36", "0x15ad")
"""Cards of a virtual machine: whoever has only these has none to give"""

SEEN = """cd "$1" || exit 0
for at in */; do
  at=${at%/}
  [ -e "$at/class" ] || continue
  printf '%s %s %s %s %s %s %s\\n' "$at" "$(cat $at/class)" "$(cat $at/vendor)" "$(cat $at/device)" \\
    "$(cat $at/boot_vga 2>/dev/null || echo 0)" "$(basename "$(readlink $at/driver || echo -)")" \\
    "$(basename "$(readlink $at/iommu_group || echo -)")"
done"""


@dataclass(frozen=True)
class Card:
    """A PCI function as sysfs shows it (Documentation/ABI/testing/sysfs-bus-pci)."""

    address: str
    code: str
    vendor: str
    device: str
    boot: bool
    """the screen that the firmware began with"""
    driver: str
    group: str

    @property
    def name(self) -> str:
        return f"{VENDORS.get(self.vendor, self.vendor[2:])} {self.device[2:]}"

    @property
    def slot(self) -> str:
        return self.address.rpartition(".")[0]


def _cards(site: Site) -> list[Card]:
    found = []
    for line in site.shell(SEEN, site.path(DEVICES)).splitlines():
        address, code, vendor, device, boot, driver, group = line.split()
        none = {"-": ""}
        found.append(
            Card(address, code, vendor, device, boot == "1", none.get(driver, driver), none.get(group, group))
        )
    return found


def _passthrough(site: Site) -> list[Found]:
    everything = _cards(site)
    real = [card for card in everything if card.code.startswith(DISPLAY) and card.vendor not in EMULATED]
    if not real:
        return [Found("ok", "gpu.passthrough.none")]
    return [found for card in real for found in _of_card(site, card, everything)]


def _of_card(site: Site, card: Card, everything: list[Card]) -> list[Found]:
    """All that stands in the way of one card; the host's own screen is told about, and not advised to be given away."""
    facts: dict[str, object] = {"card": card.name, "address": card.address, "driver": card.driver or "-"}
    if card.boot:
        alone = sum(other.code.startswith(DISPLAY) for other in everything) == 1
        return [Found("ok", "gpu.passthrough.only_screen" if alone else "gpu.passthrough.screen", facts)]
    found = []
    if not site.list(GROUPS):
        found.append(Found("advice", "gpu.passthrough.no_iommu", facts))
    strangers = _strangers(card, everything)
    if strangers:
        said = {"group": card.group, "others": ", ".join(other.address for other in strangers)}
        found.append(Found("advice", "gpu.passthrough.shared_group", facts | said))
    if card.driver not in OURS:
        found += _bound(site, card, everything, facts)
    return found or [Found("ok", "gpu.passthrough.ready", facts)]


def _strangers(card: Card, everything: list[Card]) -> list[Card]:
    """Others of its group that are no function of the same card and no bridge: they would have to go along."""
    return [
        other
        for other in everything
        if card.group and other.group == card.group and other.slot != card.slot and not _is_bridge(other)
    ]


def _is_bridge(card: Card) -> bool:
    return card.code.startswith(BRIDGE)


def _bound(site: Site, card: Card, everything: list[Card], facts: dict[str, object]) -> list[Found]:
    """libvirt takes a card from its driver itself (managed='yes'), which graphics drivers do not always survive: they
    are better kept from it from the boot on."""
    if not site.exists("/sys/bus/pci/drivers/vfio-pci") and not _has_module(site):
        return [Found("advice", "gpu.passthrough.no_vfio", facts)]
    if not card.driver:
        return []
    slots = {other.slot for other in everything if other.code.startswith(DISPLAY) and not other.boot}
    ids = sorted({f"{other.vendor[2:]}:{other.device[2:]}" for other in everything if other.slot in slots})
    # The module takes one list: that of all cards but the host's own screen.
    remedy = f"echo 'options vfio-pci ids={','.join(ids)}' > /etc/modprobe.d/vfio.conf"
    return [Found("advice", "gpu.passthrough.bound", facts, remedy)]


def _has_module(site: Site) -> bool:
    """Whether the kernel that runs could load vfio-pci, or holds it."""
    at = site.path(f"/lib/modules/{site.read('/proc/sys/kernel/osrelease').strip()}")
    return bool(site.shell('grep -hs vfio-pci "$1/modules.dep" "$1/modules.builtin"', at))


CHECKS = (Check("gpu.passthrough", _passthrough, (f"{GROUPS}/", "/proc/sys/kernel/osrelease")),)
