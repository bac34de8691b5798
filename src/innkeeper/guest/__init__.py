"""The guest's verbs: `innkeeper.guest.VERB(host, …)`, each loaded when first used (see `innkeeper.verbs`)."""

__all__: list[str] = []


def __getattr__(name: str) -> object:
    from innkeeper.verbs import noun

    return noun("guest")(name)
