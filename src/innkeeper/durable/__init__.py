"""Operations that outlive their server: recorded, queued, performed, cancelled, gone on with after a restart."""

from innkeeper.durable.operations import Durable

__all__ = ["Durable"]
