"""The same command lines on a host itself and through a server, and what is equal of what they print."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest

from tests.server import Server
from tests.world import Inside, World

__all__ = ["ON_THE_HOST", "Said", "Through", "said", "served", "unfinished", "unlike"]

ON_THE_HOST = {
    "test_a_taken_console_is_refused_and_can_be_taken_over": "several may look at a console of a server",
    "test_what_explain_prints_makes_the_same_guest": "a server tells a plan of its own, with another UUID",
    "test_a_viewer_is_started": "a screen comes through a port of this computer",
    "test_a_screen_that_listens_nowhere_is_handed_out_by_libvirt": "likewise",
    "test_what_cannot_be_taken_along_is_refused_by_name": "takes a disk of the host by its path",
    "test_a_saved_guest_is_refused_and_records_stay_behind": "likewise",
}
"""test → why it is not run with `--server`"""

PATTERNS = (
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID"),
    (r"\b20\d{6}T\d{6}Z\b", "STAMP"),
    (r"\b20\d\d-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?( [+-]\d{4}| UTC)?", "TIME"),
    (r"\b52:54:00(:[0-9a-f]{2}){3}\b", "MAC"),
    (r"\bprocess \d+\b", "process PID"),
    (r"\boperation [0-9a-f]{12}, process PID", "process PID"),
    (r"(Made by operation +|\"operation\": \"|<innkeeper:operation>)[0-9a-f]{12}", r"\1ID"),
    (r"(?<=<innkeeper:created>)\d+", "SECONDS"),
    (r"(?<=web\d-)[0-9a-f]{8}\b", "HEX"),
    (r"(?<=-)[0-9a-f]{8}(?=\.(qcow2|serial|log|sock))", "HEX"),
    (r"\b1[6-9]\d{8}\.\d+\b", "SECONDS"),
    (r", \d+ s(?=[:\n]|$)", ", N s"),
    (r"192\.168\.\d+\.\d+", "ADDRESS"),
    (r"\b\d+(\.\d+)?[KMGT] (of|available)", "SIZE"),
    (r"\"(available|memory_available|allocation|free|capacity|size|built)\": [\d.]+", r'"\1": N'),
    (r"inn-[a-z0-9_]+/home", "HOME"),
)
"""What two worlds, or two moments, tell differently."""


@contextmanager
def served(world: World, request: pytest.FixtureRequest) -> Iterator[None]:
    """With `--server` the world has a server for the body, and what it runs goes through that."""
    if not request.config.getoption("--server"):
        yield
        return
    database = {
        "INNKEEPER_DATABASE": "sqlite:////run/innkeeper-server/server.db"
    }  # apart from what verbs keep
    world.run(["mkdir", "-p", "/run/innkeeper-server"], check=True)
    with Server(world, env=database) as server:
        world.environment |= {"INNKEEPER_SERVER": server.url, "INNKEEPER_TOKEN": server.token}
        yield


def unfinished(world: Inside) -> list[dict[str, Any]]:
    """Operations that run, or were left. A server has a record of those that are over, too."""
    found = world.inn_json("operation", "list")
    return [one for one in found if one["state"] in ("queued", "running", "interrupted")]


class Said(NamedTuple):
    status: int
    out: str
    err: str


class Through:
    """`inn` in a world, through a server there when one is given."""

    def __init__(self, world: Inside, server: Server | None = None) -> None:
        self.world, self.server = world, server
        self.env = {"INNKEEPER_SERVER": server.url, "INNKEEPER_TOKEN": server.token} if server else {}

    def inn(self, *arguments: str, **options: str) -> Said:
        done = self.world.inn(*arguments, env=self.env, **options)
        return Said(done.returncode, done.stdout, done.stderr)


def said(done: Said) -> Said:
    """Without what differs between two worlds."""
    return Said(done.status, _plain(done.out), _plain(done.err))


def _plain(text: str) -> str:
    for pattern, word in PATTERNS:
        text = re.sub(pattern, word, text)
    return re.sub(r" {2,}", "  ", text)  # columns are as wide as what stands in them


def unlike(command: Iterable[str], here: Said, there: Said) -> str:
    """What a server told otherwise; nothing when it told the same."""
    one, other = said(here), said(there)
    if one == other:
        return ""
    told, otherwise = _lines(one), _lines(other)
    differences = difflib.unified_diff(told, otherwise, "on the host", "by the server", lineterm="", n=1)
    return "\n".join([f"$ inn {' '.join(command)}", *differences])


def _lines(told: Said) -> list[str]:
    return [f"exit {told.status}", *told.out.splitlines(), "--", *told.err.splitlines()]
