"""Texts of `guest`: a guest seen from inside."""

TEXT: dict[str, str] = {}
