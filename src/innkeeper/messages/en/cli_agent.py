"""Texts of `cli`: exec, cp, ssh-config."""

TEXT: dict[str, str] = {}
