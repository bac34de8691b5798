"""Running guests: starting, stopping, pausing, saving, waiting, and their order with the host."""

__all__: list[str] = []
