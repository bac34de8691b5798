"""The live table of `inn top` on a terminal."""

from __future__ import annotations

import contextlib
import os
import re
import select
import signal
import sys
import threading
import time
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from innkeeper import messages
from innkeeper.cli.output import clean, pad
from innkeeper.cli.progress import cut
from innkeeper.cli.rates_table import ASKED, ORDERS, SORTS, Order, in_order, lines, silent
from innkeeper.errors import Failed, InnkeeperError, OutcomeUnknown, Unsupported
from innkeeper.guest.watching.rates import Sampler
from innkeeper.host import Host

if TYPE_CHECKING:
    from innkeeper.client import Client
    from innkeeper.client.rates import FarSampler
    from innkeeper.schema.guest_screen import Rates

__all__ = ["Table", "run"]

_FEW = 50
"""So many guests' QEMU are asked each time; of more, only those that are seen."""
_AROUND = 4
"""Lines of the screen that are no guests."""
_KEYS = re.compile(rb"\x1b\[[0-9;]*[A-Za-z~]|\x1bO[A-Za-z]|[^\x1b]")
_ORDERS = {b"c": "cpu", b"m": "memory", b"d": "disk", b"n": "network", b"a": "name"}
_UP, _DOWN = (b"\x1b[A", b"\x1bOA", b"k"), (b"\x1b[B", b"\x1bOB", b"j")
_RIGHT, _LEFT = (b"\x1b[C", b"\x1bOC"), (b"\x1b[D", b"\x1bOD")
_PAGE_UP, _PAGE_DOWN = b"\x1b[5~", b"\x1b[6~"
_HOME, _END = (b"\x1b[H", b"\x1bOH", b"\x1b[1~"), (b"\x1b[F", b"\x1bOF", b"\x1b[4~")


class Table:
    """What is seen: the guests as they were last told, their order, and how far one has scrolled."""

    def __init__(self, order: Order, pause: float) -> None:
        self.order = order
        self.pause = pause
        self.guests: list[Rates] | None = None
        self.remark = ""
        self.first = 0
        self.columns, self.rows = 80, 24

    @property
    def room(self) -> int:
        """Guests that fit."""
        return max(1, self.rows - _AROUND)

    def wanted(self, guests: list[Rates]) -> Collection[str]:
        """Whose QEMU is asked now. Called beside the keyboard's thread."""
        if len(guests) <= _FEW or self.order.by in ASKED:
            return {one.uuid for one in guests}
        seen = in_order(guests, self.order)[self.first : self.first + self.room]
        return {one.uuid for one in seen}

    def key(self, key: bytes) -> bool:
        """What a key does. Returns whether to go on."""
        if key in (b"q", b"Q"):
            return False
        if key in _ORDERS:
            self.order = Order(_ORDERS[key])
        elif key == b"r":
            self.order = self.order._replace(reverse=not self.order.reverse)
        elif key in (*_LEFT, *_RIGHT):
            orders = list(SORTS)
            step = 1 if key in _RIGHT else -1
            self.order = Order(orders[(orders.index(self.order.by) + step) % len(orders)])
        else:
            self._scroll(key)
        return True

    def _scroll(self, key: bytes) -> None:
        steps = dict.fromkeys(_UP, -1) | dict.fromkeys(_DOWN, 1)
        steps |= {_PAGE_UP: -self.room, _PAGE_DOWN: self.room}
        steps |= dict.fromkeys(_HOME, -(10**9)) | dict.fromkeys(_END, 10**9)
        last = max(0, len(self.guests or ()) - self.room)
        self.first = min(max(0, self.first + steps.get(key, 0)), last)

    def draw(self) -> str:
        """The whole screen, every line at its place and none longer than it."""
        guests = in_order(self.guests or [], self.order)
        self.first = min(self.first, max(0, len(guests) - self.room))
        seen = guests[self.first : self.first + self.room]
        head, *body = lines(seen, self.columns)
        title = messages.text(
            "cli.top.title",
            count="…" if self.guests is None else len(guests),
            order=messages.text(ORDERS[self.order.by]),
            seconds=f"{self.pause:g}",
            time=time.strftime("%H:%M:%S"),
        )
        remark = self.remark or (messages.text("cli.top.none") if self.guests == [] else "")
        body += [""] * (self.room - len(body))
        plain = [cut(line, self.columns) for line in (title, remark)]
        head = f"\x1b[7m{pad(cut(head, self.columns), self.columns)}\x1b[0m"
        rest = [*(cut(line, self.columns) for line in body), cut(messages.text("cli.top.keys"), self.columns)]
        shown = [*plain, head, *rest][: self.rows]
        return "\x1b[H" + "\x1b[K\n".join(shown) + "\x1b[K\x1b[J"


class _Watcher:
    """Looks at the guests beside the keyboard, so that no key waits for libvirt. A byte in `told` says that it did."""

    def __init__(self, host: Host | Client, only: Collection[str], table: Table) -> None:
        self.told, self._tell = os.pipe()
        self.failure: InnkeeperError | None = None
        self.busy = False
        self._host, self._only, self._table = host, only, table
        threading.Thread(target=self._watch, daemon=True).start()

    def _sampler(self) -> Sampler | FarSampler:
        if isinstance(self._host, Host):
            return Sampler(self._host)
        from innkeeper.client.rates import FarSampler

        return FarSampler(self._host, self._table.pause)

    def _watch(self) -> None:
        sampler, away = self._sampler(), False
        while self.failure is None:
            began = time.monotonic()
            self.busy = True
            try:
                if away and isinstance(self._host, Host):
                    self._host.reconnect()
                found = sampler.sample(self._only, self._table.wanted)
                self._table.guests, self._table.remark, away = found, silent(found), False
            except (OutcomeUnknown, Failed, Unsupported) as error:  # what fails now may do the next time
                self._table.remark = messages.text("cli.top.lost", detail=clean(str(error)))
                away = isinstance(error, OutcomeUnknown)
            except InnkeeperError as error:
                self.failure = error
            self.busy = False
            os.write(self._tell, b".")
            time.sleep(max(0.05, began + self._table.pause - time.monotonic()))


def run(where: Host | Client, only: Collection[str], order: Order, pause: float) -> None:
    """Draw until `q` is pressed. A host is a connection of its own: one that hangs is left as it is."""
    table = Table(order, pause)
    host: Host | Client = Host(where.uri) if isinstance(where, Host) else where
    source, sink = sys.stdin.fileno(), sys.stdout.fileno()
    watcher = _Watcher(host, only, table)
    with _screen(source, sink) as resized:
        while _shown(table, sink, watcher):
            ready, _, _ = select.select([source, watcher.told, resized], [], [])
            for told in (watcher.told, resized):
                if told in ready:
                    os.read(told, 64)
            if source in ready and not _typed(table, os.read(source, 64)):
                break
    if watcher.failure is not None:
        raise watcher.failure
    if not watcher.busy:
        host.close()


def _shown(table: Table, sink: int, watcher: _Watcher) -> bool:
    """Draw; false when nothing more will come."""
    with contextlib.suppress(OSError):
        columns, rows = os.get_terminal_size(sink)
        table.columns, table.rows = columns or 80, rows or 24
    sys.stdout.write(table.draw())
    sys.stdout.flush()
    return watcher.failure is None


def _typed(table: Table, data: bytes) -> bool:
    """False when it is the end: `q`, ^C where it comes as a byte, or the terminal is gone."""
    return bool(data) and b"\x03" not in data and all(table.key(key) for key in _KEYS.findall(data))


@contextlib.contextmanager
def _screen(source: int, sink: int) -> Iterator[int]:
    """A screen of our own on the terminal, and each key at once; all as before afterwards, also when a signal ends the
    process. Yields what can be read when the terminal's size changed."""
    import termios
    import tty

    resized, tell = os.pipe()
    before = termios.tcgetattr(source)

    def end(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    handlers = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    handlers[signal.SIGTSTP] = signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    handlers[signal.SIGWINCH] = signal.signal(signal.SIGWINCH, lambda *_: os.write(tell, b".") and None)
    try:
        tty.setcbreak(source)
        sys.stdout.write("\x1b[?1049h\x1b[?25l")
        yield resized
    except KeyboardInterrupt:
        pass  # as good as q
    finally:
        sys.stdout.write("\x1b[?25h\x1b[?1049l")
        sys.stdout.flush()
        termios.tcsetattr(source, termios.TCSADRAIN, before)
        for number, handler in handlers.items():
            signal.signal(number, handler)
