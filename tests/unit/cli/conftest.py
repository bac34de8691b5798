"""`inn` inside this process: its exit code and what it printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from innkeeper.cli.main import run
from innkeeper.messages.lookup import language_of_user


class Ran(NamedTuple):
    status: int
    out: str
    err: str


Inn = Callable[..., Ran]


@pytest.fixture(autouse=True)
def speak(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """The user's language: English unless the test says another locale."""

    def locale(name: str) -> None:
        for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
            monkeypatch.delenv(variable, raising=False)
        monkeypatch.setenv("LANG", name)
        language_of_user.cache_clear()

    locale("en_GB.UTF-8")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("LIBVIRT_DEFAULT_URI", raising=False)
    yield locale
    language_of_user.cache_clear()


@pytest.fixture
def inn(capsys: pytest.CaptureFixture[str]) -> Inn:
    """Run a command line."""

    def call(*args: str) -> Ran:
        status = run(args)
        told = capsys.readouterr()
        return Ran(status, told.out, told.err)

    return call
