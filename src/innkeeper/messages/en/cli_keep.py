"""Help of the commands that keep guests outside their host."""

TEXT = {
    "cli.export": "write a guest to one file, or to standard output\nDocument, disks with all they stand on, firmware variables, TPM state and our facts about it, with checksums; holes stay holes. 'inn create NAME --import FILE' makes a guest of it, here or on another host. A running guest is exported as it is at one moment; 'docs/how-to' says how tar takes a file apart.",
    "cli.export.file": "a new file, which is there when it is whole; '-' for standard output",
    "cli.export.compress": "how it is packed; zstd when nothing is said",
    "cli.export.without": "a disk that stays behind (vda); may be repeated",
    "cli.export.no_freeze": "of a running guest: do not have its agent freeze its file systems for the moment",
    "cli.export.done": "{name} is exported to {file} ({size})",
    "cli.create.bundle": "make it of an export: a file, or '-' for standard input; only --pool, --network, --accel, --trust, --overcommit, --wait and --no-start go with it",
    "cli.create.trust": "take an export's document with devices, paths and arguments of the host it comes from",
}
