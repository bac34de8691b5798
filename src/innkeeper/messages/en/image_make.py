"""Images: made of guests."""

TEXT = {
    "image.cleaner": "this computer lacks what takes a machine's identity out of its disk: {programs}",
    "image.cleaner.remedy": "install {packages}, or take the disk as it is: --keep-identity",
    "image.no_appliance": "{program} could not make the small machine that looks into the disk: {reason}",
    "image.no_appliance.remedy": "it is made of this host's own kernel: one has to be in /boot, and this user may read it (Debian: package linux-image-amd64); libguestfs-test-tool says more. To take the disk as it is: --keep-identity",
    "image.not_cleaned": "{program} could not take the identity out of the disk: {reason}",
    "image.not_cleaned.remedy": "if no system that it knows is on the disk, or it is encrypted, take it as it is: --keep-identity",
    "image.several_disks": "{name} has several disks: {disks}",
    "image.several_disks.remedy": "say which becomes the image: --disk TARGET",
    "image.no_disk": "{name} has no disk that an image could be made of",
    "image.no_disk.remedy": "look at its disks: inn show {name}",
    "image.started": "{name} was started while its disk was copied",
    "image.started.remedy": "stop it and try again: inn stop {name}",
    "image.progress.copy": "copying the disk",
    "image.progress.clean": "taking the identity out of the copy",
}
