"""The commands of operations and schedules."""

TEXT = {
    "cli.operation.cancel": "Ask an operation to stop; what it did is undone.\n"
    "Here it is an inn of yours that is asked; with --server an operation of that server, also one that waits.",
    "cli.operation.cancel.id": "its id, or the beginning of it",
    "cli.operation.cancel.done": "operation {id} was asked to stop: {state}",
    "cli.operation.retry": "Do again what an operation of a server was asked, when it did not end well.",
    "cli.operation.retry.id": "its id, or the beginning of it",
    "cli.operation.retry.done": "operation {id}: {verb} of {target}",
    "cli.operation.follow": "Show what an operation does, until it is over.",
    "cli.operation.follow.id": "its id, or the beginning of it",
    "cli.operation.follow.over": "operation {id} is over: {state}",
    "cli.operation.follow.gone": "operation {id} is over",
    "cli.field.ended": "ended",
    "cli.field.who": "asked by",
    "cli.field.undone": "undone",
    "cli.field.left": "left",
    "cli.state.queued": "queued",
    "cli.state.done": "done",
    "cli.state.failed": "failed",
    "cli.state.refused": "refused",
    "cli.state.cancelled": "cancelled",
    "cli.state.timeout": "done, the wait ran out",
}
