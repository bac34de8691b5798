"""The bin: deleting, bringing back, purging."""

__all__: list[str] = []
