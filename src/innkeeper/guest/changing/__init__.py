"""Changing guests that are there: settings, documents, protection."""

__all__: list[str] = []
