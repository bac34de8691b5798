"""Texts of `cli`: reset, suspend, save, set, edit, protect and the order of guests."""

TEXT: dict[str, str] = {
    "cli.plan.difference": "What changes in {name}:",
}
