"""Texts of `cli`: host and its devices."""

TEXT = {
    "cli.host": "This host: whether it is ready for guests, what to do about it, and what it has.",
    "cli.host.device": "Devices of the host.",
}
