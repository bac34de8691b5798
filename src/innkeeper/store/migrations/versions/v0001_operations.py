"""Operations, what was said while they ran, and schedules."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _operations()
    _log()
    _schedules()


def _operations() -> None:
    op.create_table(
        "operations",
        sa.Column("id", sa.String(12), primary_key=True),
        sa.Column("verb", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("uri", sa.Text, nullable=False),
        sa.Column("request", sa.JSON, nullable=False),
        sa.Column("withheld", sa.JSON, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("key", sa.Text),
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
        sa.Column("finished", sa.Boolean, nullable=False),
        sa.Column("recovered", sa.Text),
        sa.Column("cancelled_by", sa.Text),
        sa.UniqueConstraint("who", "key", name="operations_once"),
    )
    op.create_index("operations_by_time", "operations", ["requested", "id"])
    op.create_index("operations_by_state", "operations", ["state"])


def _log() -> None:
    op.create_table(
        "operation_log",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column(
            "operation", sa.String(12), sa.ForeignKey("operations.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
    )
    op.create_index("operation_log_of", "operation_log", ["operation", "number"])


def _schedules() -> None:
    op.create_table(
        "schedules",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("guest", sa.Text, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("cron", sa.Text, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("options", sa.JSON, nullable=False),
        sa.Column("keep", sa.Integer),
        sa.Column("catch_up", sa.Boolean, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("looked", sa.Float, nullable=False),
        sa.Column("last_run", sa.Float),
        sa.Column("last_operation", sa.String(12)),
        sa.Column("missed", sa.Integer, nullable=False),
        sa.Column("missed_since", sa.Float),
        sa.Column("made", sa.JSON, nullable=False),
    )
