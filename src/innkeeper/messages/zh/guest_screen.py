"""Texts of `guest`: screens, keys, logs, rates."""

TEXT: dict[str, str] = {}
