"""Words of `inn image list --available`."""

TEXT = {
    "cli.image.list.available": "what the catalogue offers, what of it is there, and of what a newer release is known",
    "cli.image.list.refresh": "with --available: ask the distributors for their newest releases first",
    "cli.column.needs_memory": "NEEDS",
    "cli.column.needs_disk": "DISK",
    "cli.column.there": "THERE",
    "cli.column.newest": "NEWEST KNOWN",
    "cli.image.offers.mark": "(newer)",
    "cli.image.offers.pull": "fetch one with 'inn image pull NAME', or at once with 'inn create NAME --image NAME'",
    "cli.image.offers.newer": "a newer release is known of: {names}; take it with 'inn image pull {name} --refresh'",
}
