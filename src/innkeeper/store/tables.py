"""The tables as they are now. How they came to be is in `store/migrations`; a test compares the two."""

from __future__ import annotations

import sqlalchemy as sa

__all__ = ["METADATA", "links", "operation_log", "operations", "schedules", "sessions", "tokens", "users"]

METADATA = sa.MetaData()

operations = sa.Table(
    "operations",
    METADATA,
    sa.Column("id", sa.String(12), primary_key=True),  # the journal's and the workflow's too
    sa.Column("verb", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("uri", sa.Text, nullable=False),
    sa.Column("request", sa.JSON, nullable=False),  # without what is secret in it
    sa.Column("withheld", sa.JSON, nullable=False),  # names of what was only in memory
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("key", sa.Text),  # idempotency: once for each who
    sa.Column("retry_of", sa.String(12)),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("requested", sa.Float, nullable=False),
    sa.Column("began", sa.Float),
    sa.Column("ended", sa.Float),
    sa.Column("step", sa.Text),
    sa.Column("text", sa.Text),
    sa.Column("facts", sa.JSON),
    sa.Column("fraction", sa.Float),
    sa.Column("result", sa.JSON),
    sa.Column("problem", sa.JSON),
    sa.Column("undone", sa.JSON, nullable=False),
    sa.Column("left", sa.JSON, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("finished", sa.Boolean, nullable=False),  # its last step is done: nothing is undone any more
    sa.Column("recovered", sa.Text),
    sa.Column("cancelled_by", sa.Text),
    sa.UniqueConstraint("who", "key", name="operations_once"),
    sa.Index("operations_by_time", "requested", "id"),
    sa.Index("operations_by_state", "state"),
)

operation_log = sa.Table(
    "operation_log",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("operation", sa.String(12), sa.ForeignKey("operations.id", ondelete="CASCADE"), nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Index("operation_log_of", "operation", "number"),
)

schedules = sa.Table(
    "schedules",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("action", sa.String(16), nullable=False),
    sa.Column("guest", sa.Text, nullable=False),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("cron", sa.Text, nullable=False),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("options", sa.JSON, nullable=False),
    sa.Column("keep", sa.Integer),  # backups of its own that stay
    sa.Column("catch_up", sa.Boolean, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("looked", sa.Float, nullable=False),  # up to when its times were looked at
    sa.Column("last_run", sa.Float),
    sa.Column("last_operation", sa.String(12)),
    sa.Column("missed", sa.Integer, nullable=False),  # times that no server was there for, since it ran last
    sa.Column("missed_since", sa.Float),
    sa.Column("made", sa.JSON, nullable=False),  # ids of the backups that it made and that are still kept
)

# A row at most: the server whose operations and schedules are here, where another host could reach them too.
owner = sa.Table(
    "owner",
    METADATA,
    sa.Column("one", sa.Integer, primary_key=True),
    sa.Column("id", sa.String(32), nullable=False),  # as in the file `server-id` of its state directory
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("since", sa.Float, nullable=False),
)

users = sa.Table(
    "users",
    METADATA,
    sa.Column("name", sa.String(63), primary_key=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("created", sa.Float, nullable=False),
)

# Of links, sessions and tokens only the SHA-256 of the secret word is here.
links = sa.Table(
    "links",
    METADATA,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("user", sa.String(63), sa.ForeignKey("users.name", ondelete="CASCADE"), nullable=False),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("expires", sa.Float, nullable=False),
)

sessions = sa.Table(
    "sessions",
    METADATA,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("id", sa.String(12), nullable=False, unique=True),
    sa.Column("user", sa.String(63), sa.ForeignKey("users.name", ondelete="CASCADE"), nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("agent", sa.Text, nullable=False),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("seen", sa.Float, nullable=False),
)

tokens = sa.Table(
    "tokens",
    METADATA,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("id", sa.String(12), nullable=False, unique=True),
    sa.Column("name", sa.String(63), nullable=False, unique=True),
    sa.Column("user", sa.String(63), sa.ForeignKey("users.name", ondelete="CASCADE"), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("expires", sa.Float),
    sa.Column("used", sa.Float),
)
