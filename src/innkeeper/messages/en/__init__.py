"""Texts, one file an area."""
