"""Networks, and what verbs of several nouns use of them. The verbs: `innkeeper.network.VERB(host, …)`, each loaded when
first used (see `innkeeper.verbs`)."""

from typing import Any

__all__: list[str] = []


def __getattr__(name: str) -> Any:
    from innkeeper.verbs import noun

    return noun("network")(name)
