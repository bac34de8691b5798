"""Operations: steps, undo, locks."""

TEXT = {
    "operation.busy": "{name} is busy: {owner}",
    "operation.busy.remedy": "wait for that to end, or see 'inn operation list'",
    "operation.cancelled": "{verb} of {name} was cancelled",
    "operation.cancelled.remedy": "run it again when you want it",
    "operation.alive": "operation {id} is still running (process {pid})",
    "operation.alive.remedy": "wait for it, or stop it with ^C where it runs",
    "operation.left": "operation {id} could not be undone whole: {what}",
    "operation.left.remedy": "mend what it names, then run 'inn operation clean {id}' again",
    "operation.left_behind": "{why}; and operation {id} could not be undone whole: {what}",
    "operation.left_behind.remedy": "mend what it names, then run 'inn operation clean {id}'",
    "operation.unknown": "there is no operation {id}",
    "operation.unknown.remedy": "see 'inn operation list'",
    "operation.progress.undoing": "undoing what was done",
    "operation.progress.recovered": "cleaned up after operation {id}, which was interrupted",
}
