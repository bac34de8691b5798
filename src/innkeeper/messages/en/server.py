"""The server."""

TEXT = {
    "server.address": "cannot listen on {address}, port {port}: {reason}",
    "server.address.remedy": "choose another with --host and --port, or see who has it: ss -ltnp",
    "server.bug": "the server met an error that nobody foresaw: {kind}",
    "server.bug.remedy": "see whether it was done, and report it with what the server logged",
    "server.keeper_gone": "the part of the server that touches the host is gone",
    "server.keeper_gone.remedy": "see the server's log; it is started anew by itself",
}
