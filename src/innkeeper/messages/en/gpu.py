"""Graphics cards, and giving them to guests."""

TEXT = {
    "gpu.passthrough.none": "no graphics card that could be given to a guest; guests have virtio-gpu",
    "gpu.passthrough.only_screen": "{card} at {address} is the host's own screen, and its only one",
    "gpu.passthrough.ready": "{card} at {address} can be given to a guest ({driver})",
    "gpu.passthrough.no_iommu": "{card} at {address} cannot be given to a guest: the IOMMU is off",
    "gpu.passthrough.no_iommu.means": (
        "without it a guest's device could write anywhere into the host's memory, so the kernel does not "
        "allow it"
    ),
    "gpu.passthrough.no_iommu.remedy": (
        "switch on VT-d (Intel) or AMD-Vi in the firmware; on Intel add intel_iommu=on to the kernel's "
        "command line; reboot"
    ),
    "gpu.passthrough.shared_group": "{card} at {address} shares its IOMMU group {group} with {others}",
    "gpu.passthrough.shared_group.means": "all of a group go to one guest together, and the host loses them",
    "gpu.passthrough.shared_group.remedy": (
        "put the card into another slot, look for ACS in the firmware, or give all of them"
    ),
    "gpu.passthrough.screen": "{card} at {address} is the screen that the host began with; a guest that gets it "
    "leaves the host's console dark, and may need the card's ROM from a file",
    "gpu.passthrough.no_vfio": "{card} at {address} cannot be given to a guest: this kernel has no vfio-pci",
    "gpu.passthrough.no_vfio.means": "vfio-pci is the driver by which a guest gets a device",
    "gpu.passthrough.no_vfio.remedy": "install the distribution's full kernel (its modules) and reboot",
    "gpu.passthrough.bound": "{card} at {address} is in use by the host's driver {driver}",
    "gpu.passthrough.bound.means": (
        "libvirt takes it away from the driver when a guest with it starts; graphics drivers that are in "
        "use may hang then, and are safer kept from it since boot"
    ),
    "gpu.passthrough.bound.remedy": (
        "to keep the driver from it, write this, make the initial RAM disk anew (update-initramfs -u, or "
        "dracut -f) and reboot:"
    ),
}
