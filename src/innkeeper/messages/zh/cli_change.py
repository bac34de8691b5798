"""Texts of `cli`: reset, suspend, save, set, edit, protect and the order of guests."""

TEXT: dict[str, str] = {
    "cli.plan.difference": "{name} 的改动：",
}
