"""Lists over REST: filters, orders, pages, each typed by the view."""

from __future__ import annotations

import random
from functools import partial
from typing import Any

import pytest

from innkeeper.errors import Invalid
from innkeeper.schema.device import DeviceView
from innkeeper.schema.guest import GuestRow
from innkeeper.server.lists import Choice, Kept, Shelf, choice, columns

ORDER = (("name", False), ("uuid", False))


def row(number: int, **fields: Any) -> GuestRow:
    given: dict[str, Any] = {
        "name": f"web{number}",
        "uuid": f"{number:04d}",
        "state": "running",
        "cpus": 1,
        "memory": 1024,
    }
    return GuestRow(**(given | fields))


ROWS = [
    row(1, memory=3000, labels={"env": "prod"}, title="Shop"),
    row(2, memory=1000, state="stopped", labels={"env": "test"}, title=None),
    row(3, memory=3000, autostart=True),
    row(4, memory=None, name="Db", autostart=False, labels={}),
]


def asked(query: str) -> Choice:
    words: dict[str, list[str]] = {}
    for pair in filter(None, query.split("&")):
        name, _, value = pair.partition("=")
        words.setdefault(name, []).append(value)
    return choice(GuestRow, words)


def numbers(query: str) -> list[int]:
    return [int(one.uuid) for one in Shelf(ROWS, ORDER).page(asked(query)).rows]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [1, 2, 3, 4]),
        ("state=running", [1, 3, 4]),
        ("state=stopped&state=saved", [2]),
        ("state!=running", [2]),
        ("name~=WEB", [1, 2, 3]),
        ("name~=db&name~=web2", [2, 4]),
        ("memory=3000", [1, 3]),
        ("memory>=3000", [1, 3]),
        ("memory<=1000", [2]),
        ("memory=", [4]),
        ("autostart=true", [3]),
        ("autostart!=true", [1, 2, 4]),
        ("labels.env=prod", [1]),
        ("labels.env=prod&labels.env=test", [1, 2]),
        ("labels.env=", [3, 4]),
        ("labels.env~=RO", [1]),
        ("title=", [2, 3, 4]),
        ("title~=o&state=running", [1]),
        ("sort=-memory", [1, 3, 2, 4]),
        ("sort=memory,-name", [2, 3, 1, 4]),
        ("sort=-name", [3, 2, 1, 4]),
        ("limit=2", [4, 1]),
        ("limit=2&offset=2", [2, 3]),
        ("offset=9", []),
        ("sort=-memory&limit=1&offset=1", [3]),
    ],
)
def test_what_is_asked_is_answered(query: str, found: list[int]) -> None:
    assert numbers(query) == found


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("nosuch=1", "request.parameter"),
        ("labels=1", "request.parameter"),
        ("name.x=1", "request.parameter"),
        ("memory=much", "request.invalid"),
        ("autostart=perhaps", "request.invalid"),
        ("autostart>=true", "request.invalid"),
        ("memory>=", "request.invalid"),
        ("sort=labels", "request.choice"),
        ("sort=nosuch", "request.choice"),
        ("fields=name,nosuch", "request.choice"),
        ("limit=0", "request.number"),
        ("limit=1001", "request.number"),
        ("limit=-1", "request.number"),
        ("limit=1&limit=2", "request.repeated"),
        ("offset=x", "request.number"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(query: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        asked(query)
    assert refused.value.code == code
    assert query.partition("=")[0].rstrip("<>!~") in str(refused.value.facts.values())


@pytest.mark.parametrize("mark", ["", "AAAA", "W10", "e30", "Wzxd", "x" * 2000, "WyJhIiwiYiIsImMiXQ", "é"])
def test_a_cursor_of_ones_own_is_refused(mark: str) -> None:
    with pytest.raises(Invalid) as refused:
        Shelf(ROWS, ORDER).page(asked(f"limit=1&after={mark}&sort=memory"))
    assert refused.value.code == "request.cursor"


@pytest.mark.parametrize("sort", ["", "&sort=memory", "&sort=-memory,name", "&sort=-title,-autostart"])
def test_pages_hold_each_row_once_while_rows_come_and_go(sort: str, dice: random.Random) -> None:
    rows = [
        row(
            number,
            memory=dice.choice([None, 1, 2, 3]),
            title=dice.choice([None, "a", "b"]),
            autostart=dice.choice([None, True, False]),
        )
        for number in range(100)
    ]
    stay = {one.uuid for one in rows[:90]}
    seen: list[str] = []
    after = ""
    while True:
        page = Shelf(sorted(rows, key=lambda one: one.name), ORDER).page(asked(f"limit=7{sort}{after}"))
        seen += [one.uuid for one in page.rows]
        if page.next is None:
            break
        after = f"&after={page.next}"
        gone = dice.randrange(90, 110)  # also the row that the page ended with
        rows = [one for one in rows if one.uuid != f"{gone:04d}"]
        rows.append(row(200 + len(seen), memory=2))
    assert [uuid for uuid in seen if uuid in stay] == sorted(set(seen) & stay, key=seen.index)
    assert len(seen) == len(set(seen))
    assert stay <= set(seen)


def test_the_row_behind_which_a_page_begins_may_be_gone() -> None:
    page = Shelf(ROWS, ORDER).page(asked("limit=2"))
    assert [one.name for one in page.rows] == ["Db", "web1"]
    left = Shelf([one for one in ROWS if one.name != "web1"], ORDER)
    assert [one.name for one in left.page(asked(f"limit=2&after={page.next}")).rows] == ["web2", "web3"]


def test_columns_are_those_of_the_view() -> None:
    known = columns(DeviceView)
    assert known["kind"].kind is str
    assert "pci" in known["kind"].choices
    assert known["numa_node"].kind is int
    assert known["group_members"].kind is tuple
    assert known["mdev_types"].kind is None
    assert columns(GuestRow)["labels"].kind is dict


def test_what_was_made_is_kept_and_the_oldest_goes() -> None:
    kept: Kept[int] = Kept(most=2)
    made: list[int] = []

    def make(number: int) -> int:
        made.append(number)
        return number

    for number in (1, 1, 2, 1, 3, 2, 1):
        assert kept.get(number, partial(make, number)) == number
    assert made == [1, 2, 3, 1]
