"""The table of `inn top` fits where it is drawn, and is in the order that was asked for."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from innkeeper.cli.live_top import Table
from innkeeper.cli.output import width
from innkeeper.cli.rates_table import Order, in_order, lines
from innkeeper.schema.guest_screen import Rates

NOTHING = (
    "cpu", "cpu_guest", "memory_used", "memory_host", "disk_read", "disk_write", "disk_reads", "disk_writes",
    "net_rx", "net_tx",
)  # fmt: skip


def guest(name: str, **fields: Any) -> Rates:
    made = Rates(
        name=name,
        uuid=f"u-{name}",
        state="running",
        cpus=1,
        memory=64 << 20,
        memory_most=64 << 20,
        answers=True,
        **dict.fromkeys(NOTHING),
    )
    return msgspec.structs.replace(made, **fields)


MANY = [guest(f"web-{number:04}", cpu=float(number), disk_read=1e9 - number) for number in range(1000)]


def test_order() -> None:
    one, two, unknown = guest("b", cpu=1.0, net_rx=5.0), guest("a", cpu=2.0, net_tx=9.0), guest("c")
    assert [g.name for g in in_order([one, two, unknown], Order())] == ["a", "b", "c"]
    assert [g.name for g in in_order([one, two, unknown], Order("cpu", reverse=True))] == ["c", "b", "a"]
    assert [g.name for g in in_order([one, two, unknown], Order("network"))] == ["a", "b", "c"]
    assert [g.name for g in in_order([unknown, one, two], Order("name"))] == ["a", "b", "c"]


@pytest.mark.parametrize("columns", [20, 40, 60, 80, 100, 200])
def test_no_line_is_wider_than_the_terminal(columns: int) -> None:
    guests = [
        guest("a" * 100, cpu=3.2),
        guest("名" * 50),
        guest("evil\x1b[2J\nname"),
        guest("s", state="suspended"),
    ]
    for line in lines(guests, columns):
        assert width(line) <= columns
        assert line.isprintable()


def test_cells() -> None:
    heads, row, hung = lines(
        [
            guest("web", cpu=150.04, cpu_guest=75.0, disk_read=1536.0, disk_reads=3.0, memory_host=50 << 20),
            guest("ill", answers=False, cpu=0.0),
        ]
    )
    assert heads.split()[:4] == ["NAME", "CPU%", "OF", "ITS"]
    assert row.split() == ["web", "150", "75.0", "50M", "64M", "-", "1.5K", "-", "3", "-", "-", "-"]
    assert hung.split() == ["ill", "0.0", "-", "?", "64M", "?", "?", "?", "?", "?", "-", "-"]


def test_a_thousand_guests_are_drawn_and_asked_as_far_as_they_are_seen() -> None:
    table = Table(Order(), 1.0)
    table.guests, table.columns, table.rows = MANY, 100, 24
    assert table.draw().count("web-") == table.room == 20
    assert set(table.wanted(MANY)) == {f"u-web-{number:04}" for number in range(980, 1000)}
    table.key(b"\x1b[6~")
    assert "web-0979" in table.draw()
    assert "u-web-0979" in table.wanted(MANY)
    assert table.key(b"\x1b[F")
    assert table.first == 980
    table.key(b"d")
    assert table.order == Order("disk")
    assert len(table.wanted(MANY)) == 1000, "who is first can only be told by asking all"


def test_keys() -> None:
    table = Table(Order(), 1.0)
    assert table.key(b"\x1b[C")
    assert table.order.by == "memory"
    assert table.key(b"\x1b[D")
    assert table.key(b"\x1b[D")
    assert table.order.by == "name"
    assert table.key(b"r")
    assert table.order.reverse
    assert table.key(b"?"), "an unknown key does nothing"
    assert not table.key(b"q")


def test_small_screens() -> None:
    table = Table(Order(), 1.0)
    for table.columns, table.rows in ((1, 1), (5, 2), (20, 3), (30, 5)):
        shown = table.draw().replace("\x1b[7m", "").replace("\x1b[0m", "").replace("\x1b[K", "")
        assert len(shown.split("\n")) <= table.rows
    table.guests = []
    assert "no guest" in Table.draw(table)
