"""Texts of `guest`: changes to a guest."""

TEXT: dict[str, str] = {}
