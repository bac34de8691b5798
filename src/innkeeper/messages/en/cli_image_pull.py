"""The command line: images that are fetched from their distributors."""

TEXT = {
    "cli.image.pull": (
        "Fetch an image that the catalogue offers: 'inn image list --available' shows which.\n"
        "What comes is checked against the distributor's checksums and, where there is one, its signature. A download that "
        "breaks off, or is stopped with ^C, is gone on with the next time."
    ),
    "cli.image.pull.name": "the image's name in the catalogue, such as debian-12",
    "cli.image.pull.new_name": "another name for the image here",
    "cli.image.pull.arch": "its architecture, x86_64 or aarch64; the host's when not said",
    "cli.image.pull.refresh": "when it is there already: see whether there is a newer one, and take it; the old one stays as a version",
    "cli.image.pull.pulled": "image {name} is ready: {version} ({size})",
    "cli.image.pull.there": "image {name} is there already: {version}",
    "cli.image.pull.current": "image {name} is current: {version}",
    "cli.image.pull.ask": "see whether there is a newer one with 'inn image pull {name} --refresh'",
    "cli.image.pull.signed": "its checksum is signed by {signed}",
    "cli.image.pull.unsigned": "its checksum is not signed: the server it came from vouches for it",
}
