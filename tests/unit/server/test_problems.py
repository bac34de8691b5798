"""What went wrong, as HTTP has it."""

from __future__ import annotations

from innkeeper.errors import Unsupported
from innkeeper.server.problems import of_error


def test_a_database_that_is_away_is_no_fault_of_who_asks() -> None:
    error = Unsupported("database.unreachable", database="postgresql://db/inn", detail="connection refused")
    problem = of_error(error, "en")
    assert (problem.status, problem.code) == (503, "database.unreachable")
    assert of_error(Unsupported("guest.arch", arch="vax", choices="x86_64"), "en").status == 422
