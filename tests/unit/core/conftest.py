"""A state of its own for each test, and libvirt's test driver where a host is needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from innkeeper.host import Host
from innkeeper.operation import undo
from tests.unit.core import deeds


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INNKEEPER_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("INNKEEPER_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.delenv("INNKEEPER_STOP_AT", raising=False)
    return tmp_path / "state"


@pytest.fixture
def host() -> Iterator[Host]:
    with Host("test:///default") as made:
        yield made


@pytest.fixture
def undone(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the undo actions `test.…` have been asked to undo, in order."""
    for name in ("note", "refuse", "crash", "lose"):
        monkeypatch.setitem(undo.ACTIONS, f"test.{name}", f"tests.unit.core.deeds:{name}")
    deeds.NOTED.clear()
    return deeds.NOTED
