"""What confines QEMU."""

TEXT = {
    "security.driver.confined": "each guest's QEMU is confined by {model}",
    "security.driver.none": (
        "the kernel has neither AppArmor nor SELinux on; QEMU is kept in by its user alone"
    ),
    "security.driver.unseen": "what confines QEMU is not known: libvirt does not answer",
    "security.driver.unseen.means": "see the findings about libvirt's daemons",
    "security.driver.permissive": (
        "SELinux is permissive: it writes down what it would forbid, and lets it happen"
    ),
    "security.driver.permissive.means": "a guest that breaks out of QEMU reaches the disks of all others",
    "security.driver.switched_off": "{file} tells libvirt to confine nothing, though the kernel has {model}",
    "security.driver.switched_off.means": "a guest that breaks out of QEMU reaches the disks of all others",
    "security.driver.unused": "libvirt does not use {model}, though the kernel has it on",
    "security.driver.unused.means": (
        "a guest that breaks out of QEMU reaches the disks of all others; libvirt looks for it when it "
        "starts, and may be built without it"
    ),
    "security.images.allowed": "confined guests reach the images of every pool",
    "security.images.unconfined": "nothing but file permissions keeps guests from images",
    "security.images.unseen": (
        "whether confined guests reach their images is not known: libvirt does not answer"
    ),
    "security.images.unseen.means": "see the findings about libvirt's daemons",
    "security.images.hidden": (
        "AppArmor keeps libvirt's helper from reading {count} images of pool {pool} in {folder} that "
        "stand on others: {names}"
    ),
    "security.images.hidden.means": (
        "it cannot learn what they stand on, and guests with them stop at 'Permission denied'"
    ),
    "security.images.mislabelled": (
        "pool {pool} is in {folder}, which SELinux labels {label}: confined guests may not search it"
    ),
    "security.images.mislabelled.means": "guests with disks in it stop at 'Permission denied'",
    "security.images.shared": (
        "pool {pool} is in {folder}, a file system of the network or of user space ({label}), and "
        "SELinux keeps guests from these ({boolean} is off)"
    ),
    "security.images.shared.means": "guests with disks in it stop at 'Permission denied'",
}
