"""Creating guests: from a request over every choice to a document, volumes, and a guest that runs."""

__all__: list[str] = []
