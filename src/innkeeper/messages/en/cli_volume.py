"""`inn volume`."""

TEXT = {
    "cli.volume": "Volumes: the files of a storage pool.",
    "cli.volume.list": "List the volumes of a pool, and who uses each.",
    "cli.volume.list.pool": "the storage pool",
    "cli.volume.upload": "Put a disk image or CD of this computer into a pool.\nThe format is found by looking; what points outside itself is refused. Holes stay holes.",
    "cli.volume.upload.volume": "the pool, and the volume's name there",
    "cli.volume.upload.file": "the file, on this computer",
    "cli.volume.upload.format": "the file's format; found out when not said; raw takes its bytes as they are",
    "cli.volume.upload.replace": "take the place of a volume of that name that nobody uses; it goes first, even if the upload then fails",
    "cli.volume.download": "Fetch a volume as a file.",
    "cli.volume.download.volume": "the pool, and the volume's name there",
    "cli.volume.download.file": "a new file, which is there when it is whole; '-' for standard output",
    "cli.volume.remove": "Remove a volume for good; refused while a guest uses it or another volume stands on it.",
    "cli.volume.remove.volume": "the pool, and the volume's name there",
    "cli.volume.none": "the pool holds no volume",
    "cli.volume.uploaded": "{pool}/{name} is there ({format}, {size})",
    "cli.volume.removed": "{pool}/{name} is gone",
    "cli.column.format": "FORMAT",
    "cli.column.modified": "WRITTEN",
}
