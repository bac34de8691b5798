"""A guest's screen and keyboard."""

__all__: list[str] = []
