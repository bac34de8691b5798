"""Keeping guests: what one consists of, and making a guest of it again."""

__all__: list[str] = []
