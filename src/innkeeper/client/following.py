"""A long verb on a server, followed from here to its end: what it says meanwhile, ^C, and a line that breaks."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from innkeeper.client.line import PATIENCE, Answer
from innkeeper.client.problems import error_of
from innkeeper.errors import Failed, InnkeeperError, NotFound, OutcomeUnknown, Unsupported
from innkeeper.operation import Progress
from innkeeper.routes import API
from innkeeper.schema.operation import ENDED, LogLine, OperationView

if TYPE_CHECKING:
    from innkeeper.client.client import Client
    from innkeeper.operation import Reporter
    from innkeeper.verbs import Verb

__all__ = ["GIVES_UP", "Followed", "follow"]

GIVES_UP = 120.0
"""Seconds that a server may be away before it is no longer waited for: as long as a restart takes."""
_WAIT, _WAIT_UNSEEN = 1.0, 30.0
"""Seconds that the server holds an answer back while nothing is said: for someone who watches, and for nobody."""
_PAUSE = 1.0
"""Seconds between two attempts to reach a server that is away."""


def follow(client: Client, verb: Verb[Any, Any], answer: Answer, report: Reporter | None) -> Answer:
    """Until the operation that a 202 names has ended: what it answered, as the answer of a short verb.

    ^C asks the server to cancel it; a second one leaves it to the server. Raises what the operation ended in;
    `OutcomeUnknown` naming it when the server stays away, or when nobody waits any longer.
    """
    found: OperationView = client.decoded(answer.body, OperationView)
    followed = Followed(client, found.id, report)
    with _ended_as_interrupted():
        try:
            view = followed.to_end()
        except KeyboardInterrupt:
            view = _cancelled(followed)
    if view.state != "done":
        raise _error(client, verb, view)
    return Answer(200, answer.headers, msgspec.json.encode(view.result))


class Followed:
    """An operation of a server, and how much of its log is known."""

    def __init__(self, client: Client, id: str, report: Reporter | None) -> None:
        self.client, self.id, self.report = client, id, report
        self._after = 0
        self._last = ""
        self._path = f"{API}/operations/{id}"
        self._away: float | None = None

    def to_end(self) -> OperationView:
        """Tell what it says until it is over. Raises `OutcomeUnknown("client.operation_lost")`."""
        while True:
            view = self._look()
            if view is not None and view.state in ENDED:
                return view

    def cancel(self) -> None:
        """Ask for its end. Whatever it ended in by itself meanwhile counts."""
        try:
            self.client.asked("POST", f"{self._path}/cancel", b"{}", {"Content-Type": "application/json"})
        except OutcomeUnknown:
            self._say("client.progress.lost")
        except InnkeeperError:
            return

    def say_cancelling(self) -> None:
        self._say("client.progress.cancelling")

    def _look(self) -> OperationView | None:
        """How it stands once it said something more, or for a while nothing. None where the server is away now."""
        try:
            lines = self._lines(_WAIT if self.report else _WAIT_UNSEEN)
            answer = self.client.asked("GET", self._path)
            view: OperationView = self.client.decoded(answer.body, OperationView)
            while view.state in ENDED and (rest := self._lines(0)):
                lines += rest
        except NotFound as error:
            raise OutcomeUnknown("client.operation_lost", id=self.id, url=self.client.uri) from error
        except (OutcomeUnknown, Unsupported) as error:
            self._wait_for_server(error)
            return None
        self._away = None
        for line in lines:
            self._report(view.target, line.text, line.facts, None)
        if (
            view.text is not None and view.text == self._last
        ):  # how far that is; what is newer comes by the log
            self._report(view.target, view.text, view.facts, view.fraction)
        return view

    def _lines(self, wait: float) -> list[LogLine]:
        """What it said since the last call; waits for that."""
        query = f"after={self._after}" + (f"&wait={wait:g}" if wait else "")
        answer = self.client.asked("GET", f"{self._path}/log?{query}", patience=wait + PATIENCE)
        lines: list[LogLine] = self.client.decoded(answer.body, list[LogLine])
        if lines:
            self._after = lines[-1].number
        return lines

    def _wait_for_server(self, error: InnkeeperError) -> None:
        now = time.monotonic()
        if self._away is None:
            self._away = now
            self._say("client.progress.lost")
        if now - self._away > GIVES_UP:
            raise OutcomeUnknown("client.operation_lost", id=self.id, url=self.client.uri) from error
        time.sleep(_PAUSE)

    def _say(self, text: str) -> None:
        self._report("", text, {"id": self.id, "url": self.client.uri}, None)

    def _report(self, target: str, text: str, facts: dict[str, Any], fraction: float | None) -> None:
        self._last = text
        if self.report is not None:
            self.report(Progress(self.id, target, text, facts, fraction))


def _cancelled(followed: Followed) -> OperationView:
    """Asked to stop, and waited for: it is undone first. A second ^C waits no longer."""
    try:
        followed.say_cancelling()
        followed.cancel()
        return followed.to_end()
    except KeyboardInterrupt as again:
        raise OutcomeUnknown("client.left", id=followed.id, url=followed.client.uri) from again


def _error(client: Client, verb: Verb[Any, Any], view: OperationView) -> InnkeeperError:
    if view.problem is not None:
        error = error_of(msgspec.to_builtins(view.problem), client.uri)
    elif view.state == "cancelled":
        error = Failed("operation.cancelled", verb=verb.name, name=view.target)
    else:
        error = OutcomeUnknown("client.ended", id=view.id, url=client.uri, state=view.state)
    error.undone += [deed for deed in view.undone if deed not in error.undone]
    error.left += [deed for deed in view.left if deed not in error.left]
    return error


@contextmanager
def _ended_as_interrupted() -> Iterator[None]:
    """SIGTERM and SIGHUP are as good as ^C, as for a verb that is performed here."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [n for n in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(n) is signal.SIG_DFL]
    for number in numbers:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)
