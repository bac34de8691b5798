"""Unpacking what was downloaded."""

TEXT = {
    "unpack.too_large": "{path} unpacks to more than {most} bytes",
    "unpack.too_large.remedy": "do not trust where it came from; a catalogue of your own can allow more (virtual_most)",
    "unpack.members": "{path} holds {count} files where one is expected (member: {member})",
    "unpack.members.remedy": "name the disk's file as member in the catalogue",
    "unpack.failed": "cannot unpack {path} ({packing}): {detail}",
    "unpack.failed.remedy": "mend what it names and try again",
}
