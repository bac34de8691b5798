"""Into a guest: ssh, its agent, commands and files, and what it says of itself."""

__all__: list[str] = []
