"""The other transport of verbs: a server's REST interface.

from innkeeper import Client, guest

with Client("https://inn.example:8006", token="…") as client:
    web1 = guest.create(client, name="web1", image="debian-12", wait="agent")
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from innkeeper.client.client import Client

__all__ = ["Client"]


def __getattr__(name: str) -> object:
    """Loaded when first used: where servers are kept is looked up by many who then ask none."""
    if name == "Client":
        return import_module("innkeeper.client.client").Client
    raise AttributeError(f"module 'innkeeper.client' has no attribute {name!r}")
