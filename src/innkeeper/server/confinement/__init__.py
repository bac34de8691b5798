"""What a request that came by REST may name. No file of the host is attached, read or written by naming it."""

from innkeeper.server.confinement.fields import confine

__all__ = ["confine"]
