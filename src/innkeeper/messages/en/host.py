"""The host and its settings."""

TEXT = {
    "host.config": "{path}: {reason}",
    "host.config.remedy": "correct the file; its keys are uri, pool and network",
}
