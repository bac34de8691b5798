"""The pool's verbs: `innkeeper.pool.VERB(host, …)`, each loaded when first used (see `innkeeper.verbs`)."""

from typing import Any

__all__: list[str] = []


def __getattr__(name: str) -> Any:
    from innkeeper.verbs import noun

    return noun("pool")(name)
