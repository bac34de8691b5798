"""An operation while it runs."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from innkeeper.errors import Failed, InnkeeperError, Refused
from innkeeper.machine import local
from innkeeper.operation import journal
from innkeeper.operation.undo import apply_all

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.schema.base import View

__all__ = ["Operation", "Progress", "Reporter", "Watcher", "begin"]


class Progress(NamedTuple):
    """What is being done, as data: a text id with its facts, and how much of the step is done (0 to 1) when known."""

    operation: str
    target: str
    text: str
    facts: dict[str, object]
    fraction: float | None


Reporter = Callable[[Progress], None]


class Watcher:
    """A reporter that is told of the operations themselves too, those that a verb performs on its way among them: for
    whoever keeps a record of them, or may want to cancel them. What it raises in `began` ends the operation."""

    def __call__(self, progress: Progress) -> None: ...

    def began(self, operation: Operation) -> None: ...

    def stepped(self, operation: Operation, step: str) -> None:
        """That step is recorded, and begins."""

    def finishing(self, operation: Operation) -> None:
        """It is done and stays done. The journal's record of it goes when this returns."""


class Operation:
    """Handed to a verb's `run`. Its steps are recorded; what it registers with `undo` is undone if it fails.

    `decided` is what the verb's `check` returned. Its methods may be called from several threads.
    """

    def __init__(self, entry: journal.Entry, report: Reporter | None = None) -> None:
        self._entry = entry
        self._report = report
        self._cancelled = threading.Event()
        self.finished = False
        self.decided: Any = None
        self.release: Callable[[], object] = lambda: None

    @property
    def id(self) -> str:
        """Twelve hexadecimal digits."""
        return self._entry.id

    @property
    def target(self) -> str:
        return self._entry.target

    @property
    def report(self) -> Reporter | None:
        """Who watches: for what is performed on the way."""
        return self._report

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """One named, idempotent step. Recorded before its body begins; `INNKEEPER_STOP_AT` can kill us around it."""
        self.check_cancel()
        journal.append(self.id, {"step": name})
        self._entry.steps.append(name)
        if isinstance(self._report, Watcher):
            self._report.stepped(self, name)
        _stop_at(name)
        yield
        _stop_at(f"{name}.done")

    def undo(self, action: str, **args: Any) -> None:
        """Say how the coming deed is undone (an action of `operation.undo`), before it is done."""
        journal.append(self.id, {"undo": action, "args": args})
        self._entry.undo.append((action, args))

    def answer(self, view: View) -> None:
        """From here on its undo ends what was begun: keep what it answers for whoever comes to end it."""
        journal.append(self.id, {"answer": msgspec.to_builtins(view)})

    def keep(self, view: View) -> None:
        """What was made so far stays, and this is the answer: from here on only what is registered later is undone, and
        what is private to this computer goes."""
        journal.append(self.id, {"kept": msgspec.to_builtins(view)})
        self._entry.undo[:] = journal.private(self._entry.undo)

    def note(self, **facts: Any) -> None:
        """Keep facts for whoever has to clean up after it."""
        journal.append(self.id, {"note": facts})

    def progress(self, text: str, fraction: float | None = None, **facts: object) -> None:
        """Tell whoever watches."""
        if self._report:
            self._report(Progress(self.id, self.target, text, facts, fraction))

    def cancel(self) -> None:
        """Ask it to stop; it stops at its next step or check. May be called from any thread."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether it was asked to stop."""
        return self._cancelled.is_set()

    def check_cancel(self) -> None:
        """Raises `Failed("operation.cancelled")` once `cancel` was called."""
        if self._cancelled.is_set():
            raise Failed("operation.cancelled", verb=self._entry.verb, name=self.target)

    def workdir(self) -> str:
        """A private directory on this computer that goes with the operation, however it ends."""
        path = f"{local().state_dir}/work/{self.id}"
        self.undo("workdir.delete", path=path)
        local().files.make_dir(path, 0o700)
        return path

    def finish(self) -> None:
        """It is done and stays done: from here on nothing is undone, and its locks are free while it still waits for
        something. Private directories go now."""
        if isinstance(self._report, Watcher):
            self._report.finishing(self)
            _stop_at("finishing")
        for action, args in self._entry.undo:
            if action == "workdir.delete":
                local().files.remove_tree(args["path"])
        journal.discard(self.id)
        self.finished = True
        self.release()


@contextlib.contextmanager
def begin(
    verb: str, target: str, host: Host, report: Reporter | None = None, operation_id: str | None = None
) -> Iterator[Operation]:
    """Run the body as one operation: finished when it ends, undone when it raises. It has that id, if one is given.

    The error that comes out says what was undone (`undone`) and what could not be (`left`, which stays recorded for
    `inn operation clean`).
    """
    entry = journal.create(verb, target, host.uri, operation_id)
    operation = Operation(entry, report)
    try:
        with _signals(signal.default_int_handler):
            if isinstance(report, Watcher):
                report.began(operation)
            yield operation
    except BaseException as error:
        if operation.finished:
            raise
        with contextlib.suppress(OSError):  # a terminal that hung up takes no more words
            if entry.undo:
                operation.progress("operation.progress.undoing")
        undone, left = _undo_undisturbed(host, entry)
        if isinstance(error, KeyboardInterrupt):
            failure: BaseException = Failed("operation.cancelled", verb=verb, name=target)
            failure.__cause__ = error
        else:
            failure = error
        if left and isinstance(failure, Refused):  # a refusal says that nothing changed, and something did
            told = Failed("operation.left_behind", id=entry.id, what="; ".join(left), why=str(failure))
            told.__cause__, failure = failure, told
        if isinstance(failure, InnkeeperError):
            failure.undone += undone
            failure.left += left
        if failure is error:
            raise
        raise failure from error
    else:
        if not operation.finished:
            operation.finish()


_ENDING = (signal.SIGTERM, signal.SIGHUP)
"""By these a process is asked to end: what it was at is undone, as after ^C."""


@contextlib.contextmanager
def _signals(handler: Any) -> Iterator[None]:
    """That handler for them while the body runs. What was to be ignored (nohup), or has a handler, stays so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = [number for number in _ENDING if signal.getsignal(number) is signal.SIG_DFL]
    for number in before:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number in before:
            signal.signal(number, signal.SIG_DFL)


def _undo_undisturbed(host: Host, entry: journal.Entry) -> tuple[list[str], list[str]]:
    """A second ^C must not cut the undoing short."""
    ours = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN) if ours else None
    try:
        with _signals(signal.SIG_IGN):
            undone, left = apply_all(host, entry.undo)
        if left:
            journal.append(entry.id, {"abandoned": True})
        else:
            journal.discard(entry.id)
        return undone, left
    finally:
        if ours:
            signal.signal(signal.SIGINT, before)


def _stop_at(name: str) -> None:
    """For tests of what a sudden death leaves behind: die here, as by `kill -9`."""
    if os.environ.get("INNKEEPER_STOP_AT") == name:
        os.kill(os.getpid(), signal.SIGKILL)
