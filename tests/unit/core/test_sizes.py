"""Sizes and names as people write them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innkeeper.errors import Invalid
from innkeeper.schema.names import CREATING, DELETED, check_name, mark, unmark
from innkeeper.schema.sizes import GIB, KIB, MIB, format_size, parse_size

UNITS = {"": 1, "K": KIB, "M": MIB, "G": GIB, "T": 1024**4, "P": 1024**5}
WHEN = "20261122T101500Z"


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("512M", 512 * MIB),
        ("2G", 2 * GIB),
        ("1T", 1024**4),
        ("1048576", MIB),
        ("1.5G", 3 * GIB // 2),
        ("2GiB", 2 * GIB),
        ("2gb", 2 * GIB),
        ("7B", 7),
        (" 3K ", 3 * KIB),
        ("0.5K", 512),
        ("1P", 1024**5),
    ],
)
def test_what_people_write(text: str, size: int) -> None:
    assert parse_size(text) == size


NO_SIZES = "0 0G 0.0G -1 -1G +1G 2X 2GG IB B G .5G 1e9 1,5G 0x10 1_000 1.5.5G 0.1 inf nan ２G 2Ｇ ٣G ²G"
STRANGE = ["", " ", "1 G", "2\nG", "2G\0", "9" * 5000, "M" * 5000]


@pytest.mark.parametrize("text", [*NO_SIZES.split(), *STRANGE, "2IB", "2Gıb"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse_size(text, "--memory")
    assert caught.value.code == "request.size"
    assert caught.value.facts["what"] == "--memory"
    assert len(caught.value.text("en")) < 120


@given(st.integers(1, 8000), st.sampled_from(list(UNITS)))
def test_a_whole_number_of_units_is_that_many(number: int, unit: str) -> None:
    assert parse_size(f"{number}{unit}") == number * UNITS[unit]


def test_what_no_disk_can_be_is_no_size() -> None:
    assert parse_size("8191P") == 8191 * 1024**5
    with pytest.raises(Invalid):
        parse_size("8192P")


@given(st.integers(1, 2**60))
def test_what_is_shown_reads_back_as_nearly_the_same(size: int) -> None:
    assert parse_size(format_size(size)) == pytest.approx(size, rel=0.05)


@given(st.integers(1, 1023), st.sampled_from(list(UNITS)))
def test_round_sizes_read_back_exactly(number: int, unit: str) -> None:
    assert format_size(number * UNITS[unit]) == f"{number}{unit}"
    assert parse_size(format_size(number * UNITS[unit])) == number * UNITS[unit]


@given(st.text())
def test_any_text_is_a_size_or_refused(text: str) -> None:
    with contextlib.suppress(Invalid):
        assert parse_size(text) > 0


def test_shown_sizes() -> None:
    assert [format_size(size) for size in (None, 0, 1, 1536 * MIB, 300 * MIB)] == [
        "-",
        "0",
        "1",
        "1.5G",
        "300M",
    ]


@pytest.mark.parametrize("name", ["a", "7", "web1", "Web.1_x-y", "a" * 63])
def test_names(name: str) -> None:
    check_name(name)


NO_NAMES = "../x a/b / . .. -rf _x a&b <a> web~deleted ａ 虚拟机 é"


@pytest.mark.parametrize("name", [*NO_NAMES.split(), "", " ", "a b", "a\n", "a\0", "a" * 64, "x" * 5000])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_name(name, "image")
    assert caught.value.code == "request.name"
    assert len(caught.value.text("en")) < 120
    assert "\n" not in caught.value.text("en")


@given(st.text(min_size=1), st.sampled_from([(CREATING,), (DELETED, WHEN)]))
def test_a_mark_comes_off_whatever_the_name_is(name: str, marks: tuple[str, ...]) -> None:
    assert unmark(mark(name, *marks)) == (name, marks[0], marks[1] if len(marks) > 1 else None)


@pytest.mark.parametrize("name", ["web1", "a~b", "~", "a~", "~b", "a~deletedx", "a~creating2", "a~b~c", ""])
def test_a_name_without_a_mark_is_left_alone(name: str) -> None:
    assert unmark(name) == (name, None, None)


def test_a_guest_made_elsewhere_with_a_marked_name_goes_to_the_bin_and_back() -> None:
    assert unmark("a~b~deleted~T") == ("a~b", DELETED, "T")
    assert unmark("web~creating~deleted~T") == ("web~creating", DELETED, "T")
