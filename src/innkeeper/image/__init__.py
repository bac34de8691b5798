"""The image's verbs: `innkeeper.image.VERB(host, …)`, each loaded when first used (see `innkeeper.verbs`)."""

from innkeeper.verbs import noun

__all__: list[str] = []
__getattr__ = noun("image")
