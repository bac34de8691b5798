"""Texts of `guest`: installation media, profiles, admission."""

TEXT: dict[str, str] = {}
