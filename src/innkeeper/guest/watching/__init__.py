"""Looking at guests: lists, one whole, rates, logs."""

__all__: list[str] = []
