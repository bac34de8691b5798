"""How the database came to be what it is: one file a version, `vNUMBER_WHAT.py`, run by Alembic in their order."""

__all__: list[str] = []
