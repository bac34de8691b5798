"""Texts of `cli`: host and its devices."""

TEXT = {
    "cli.host": "This host: whether it is ready for guests, what to do about it, and what it has.",
    "cli.host.check": "Say whether this host is ready for guests: what was seen, what it means, what to do.\n"
    "The exit code is 1 when there is a problem.",
    "cli.host.check.only": "only this finding, or this area of findings; may be said several times",
    "cli.host.setup": "Repair what is a problem; --undo takes all of it back.\n"
    "What only advice is given on is repaired when --only names it.",
    "cli.host.setup.only": "only this finding, or this area of findings; may be said several times",
    "cli.host.setup.undo": "put back what was there before, except what somebody else has changed since",
    "cli.host.report": "Host {host} ({uri})",
    "cli.host.counts": "{ok} fine, {advice} with advice, {problem} problems, {unknown} unknown",
    "cli.host.repairable": "'inn host setup' repairs {count} of the problems; 'inn host setup --undo' takes it back",
    "cli.host.nothing_done": "nothing to do",
    "cli.host.left": "What remains:",
    "cli.host.done": "repaired {finding}: {kind} {key}",
    "cli.host.undone": "taken back {finding}: {kind} {key}",
    "cli.host.failed": "not done {finding}: {kind} {key}: {reason}",
    "cli.host.left_alone": "left alone {finding}: {kind} {key}: somebody else has changed it since",
    "cli.host.device": "Devices of the host.",
}
