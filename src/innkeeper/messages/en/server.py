"""The server."""

TEXT = {
    "server.address": "cannot listen on {address}, port {port}: {reason}",
    "server.address.remedy": "choose another with --host and --port, or see who has it: ss -ltnp",
}
