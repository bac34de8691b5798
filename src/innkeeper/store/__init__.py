"""The server's database: operations, schedules, tokens. Never what guests are: that is libvirt's to say."""

from innkeeper.store.database import Database, open_database

__all__ = ["Database", "open_database"]
