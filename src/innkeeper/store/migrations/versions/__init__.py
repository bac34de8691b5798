"""The versions. What was published is not edited any more: another file is added."""

__all__: list[str] = []
