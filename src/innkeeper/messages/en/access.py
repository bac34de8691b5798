"""Who gets to files of guests."""

TEXT = {
    "access.images.open": "the user {user}, as which QEMU runs, gets to the disks ({count} directories)",
    "access.images.root": "QEMU runs as root, and gets to every disk",
    "access.images.shut": "the user {user}, as which QEMU runs, may not pass through {folder} (mode {mode})",
    "access.images.shut.means": "guests with a disk or CD in {places} cannot be started: permission denied",
    "access.images.no_libvirt": "where disks are cannot be seen: {reason}",
}
