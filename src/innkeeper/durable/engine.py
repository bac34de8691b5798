"""DBOS, as far as it is used: one workflow, whose only input is an operation's id, on one queue of this host.

What an operation is about is in our own table. DBOS sees to it that each is performed, a few at a time, also after
the process was killed.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Callable
from typing import Any

from innkeeper.store import Database
from innkeeper.store.database import private_file

__all__ = ["Engine"]

_VERSION = "1"
"""Of the workflow: another number when operations that are under way could not be gone on with."""
_QUEUE = "operations"
_TURN = 1.0
"""Seconds between two looks into the queue: each costs a thousandth of a processor's second."""
_ATTEMPTS = 100
"""DBOS's own bound, far above ours: `performing.ATTEMPTS` ends an operation in words."""


class Engine:
    """There is one in a process: DBOS is a module's state."""

    def __init__(self, database: Database, work: Callable[[str], None], at_once: int) -> None:
        self._database, self._work, self._at_once = database, work, at_once
        self._workflow: Callable[[str], None] | None = None

    def launch(self) -> None:
        """Begin with what is queued, and go on with what was under way."""
        _quiet()
        from dbos import DBOS, DBOSConfig

        url = self._database.workflows_url
        if url.startswith("sqlite"):
            _prepare_file(url.removeprefix("sqlite:///"))
        settings: DBOSConfig = {
            "name": "innkeeper",
            "system_database_url": url,
            "dbos_system_schema": "innkeeper_workflows",
            "sys_db_pool_size": 5,
            "application_version": _VERSION,
            "executor_id": _executor(url),
            "enable_otlp": False,
            "use_listen_notify": False,
            "scheduler_polling_interval_sec": 3600.0,
            "notification_listener_polling_interval_sec": 1.0,
        }
        DBOS(config=settings)
        _quiet()

        def perform(operation_id: str) -> None:
            self._work(operation_id)

        self._workflow = DBOS.workflow(name="operation", max_recovery_attempts=_ATTEMPTS)(perform)
        DBOS.launch()
        DBOS.register_queue(
            _QUEUE,
            worker_concurrency=self._at_once,
            polling_interval_sec=_TURN,
            on_conflict="always_update",
        )

    def begin(self, operation_id: str) -> None:
        """Perform it now, in a thread of its own."""
        from dbos import DBOS, SetWorkflowID

        assert self._workflow is not None
        with SetWorkflowID(operation_id):
            DBOS.start_workflow(self._workflow, operation_id)

    def enqueue(self, operation_id: str) -> None:
        """Put it at the end of the queue; nothing when it is there already, or runs."""
        from dbos import DBOS, SetWorkflowID

        assert self._workflow is not None
        with SetWorkflowID(operation_id):
            DBOS.enqueue_workflow(_QUEUE, self._workflow, operation_id)

    def renew(self, operation_ids: list[str]) -> None:
        """Queue those that the engine has never seen, or takes for ended."""
        from dbos import DBOS

        for operation_id in operation_ids:
            status = DBOS.get_workflow_status(operation_id)
            if status is not None and status.status in ("PENDING", "ENQUEUED", "DELAYED"):
                continue
            if status is not None:
                DBOS.delete_workflow(operation_id)
            self.enqueue(operation_id)

    def forget(self, operation_id: str) -> None:
        """It is over: neither queued nor known any more."""
        from dbos import DBOS

        DBOS.delete_workflow(operation_id)

    def prune(self) -> None:
        """Forget those that ended: what became of them is in our own table."""
        from dbos import DBOS

        while ended := DBOS.list_workflows(
            status=["SUCCESS", "ERROR", "CANCELLED"], limit=500, load_input=False
        ):
            DBOS.delete_workflows([one.workflow_id for one in ended])

    def close(self) -> None:
        """Takes nothing more from the queue; what runs is for the caller to end before."""
        from dbos import DBOS

        DBOS.destroy(destroy_registry=True)


def _executor(url: str) -> str:
    """Whose workflows a restarted server goes on with."""
    return "innkeeper" if url.startswith("sqlite") else os.uname().nodename


def _quiet() -> None:
    """It has a log of its own, with a handler that it adds where there is none."""
    log: Any = logging.getLogger("dbos")
    if not log.handlers:
        log.addHandler(logging.NullHandler())
    log.propagate = False
    log.setLevel(logging.CRITICAL)


def _prepare_file(path: str) -> None:
    """For its owner alone; and with a log ahead of it (WAL), which the file itself remembers."""
    private_file(path)
    raw = sqlite3.connect(path)
    try:
        raw.execute("PRAGMA journal_mode=WAL").close()
    finally:
        raw.close()
