"""The server."""

TEXT = {
    "server.address": "cannot listen on {address}, port {port}: {reason}",
    "server.address.remedy": "choose another with --host and --port, or see who has it: ss -ltnp",
    "server.bug": "the server met an error that nobody foresaw: {kind}",
    "server.bug.remedy": "see whether it was done, and report it with what the server logged",
    "server.keeper_gone": "the part of the server that touches the host is gone",
    "server.keeper_gone.remedy": "see the server's log; it is started anew by itself",
    "server.running": "another server runs from {directory}: {owner}",
    "server.running.remedy": "end that one, or choose another state directory with INNKEEPER_STATE_DIR",
    "server.not_running": "no server runs from {directory}",
    "server.not_running.remedy": "start one: inn serve",
    "server.certificate": "{path} is no certificate with its key: {reason}",
    "server.certificate.remedy": "give PEM files that belong together, the key without a password",
    "server.web_gone": "the web side of the server ended by itself (status {status})",
    "server.web_gone.remedy": "see the server's log, and start it again",
    "server.no_pages": "The web UI was not built: run script/web in the checkout. The API is at /api.",
}
