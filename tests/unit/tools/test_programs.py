"""Which programs are missing, and which line of many says why one failed."""

from __future__ import annotations

from innkeeper.machine import Result, local
from innkeeper.tools.programs import missing, why


def test_missing_programs_are_named_with_their_packages() -> None:
    assert missing(local(), {"sh": "dash", "no such; program": "none", "nothing-here": "nothing"}) == {
        "no such; program": "none",
        "nothing-here": "nothing",
    }


def test_the_first_error_says_why() -> None:
    stderr = b"W: odd\nE: Failed to fetch http://a/b\nE: Some index files failed to download\n"
    assert why(Result(100, b"", stderr)) == "Failed to fetch http://a/b"
    assert why(Result(1, b"", b"first\nmkfs: no space\n")) == "mkfs: no space"
