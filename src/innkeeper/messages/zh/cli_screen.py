"""Texts of `cli`: view, send-keys, paste, logs, top."""

TEXT: dict[str, str] = {}
