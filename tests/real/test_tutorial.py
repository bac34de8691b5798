"""Every command of the tutorial, typed in order in one world; the Chinese pages have the same commands."""

from __future__ import annotations

import json
import os
import pty
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real import tutorial
from tests.real.tutorial import Command
from tests.world import World

PATIENCE = 900.0
"""Seconds for a command: a first boot of an emulated Debian on a busy machine."""
BETWEEN = 1.0
"""Seconds between two things typed."""


@pytest.fixture(scope="module")
def reader() -> Iterator[World]:
    with World() as world:
        yield world


def test_there_is_a_tutorial_in_both_languages() -> None:
    english, chinese = tutorial.pages("en"), tutorial.pages("zh")
    assert len(english) >= 4
    assert [page.name.removesuffix(".md") for page in english] == [
        page.name.removesuffix(".zh-CN.md") for page in chinese
    ]


@pytest.mark.parametrize("page", tutorial.pages("zh"), ids=lambda page: page.name)
def test_the_chinese_page_has_the_same_commands(page: Path) -> None:
    english = page.with_name(page.name.replace(".zh-CN.md", ".md"))
    told = [[(one.line, one.test) for one in tutorial.commands(each)] for each in (english, page)]
    assert told[0] == told[1]


@pytest.mark.parametrize("page", tutorial.pages("en"), ids=lambda page: page.name)
def test_every_command_does_what_the_page_says(page: Path, reader: World) -> None:
    found = list(tutorial.commands(page))
    assert found, f"{page.name} has no commands"
    for command in found:
        _run(reader, command)


def _run(world: World, command: Command) -> None:
    if image := command.says("image"):
        world.seed_image(
            image
        )  # runs this command in a world with the machine's network, or takes what it made
        return
    status, printed = (
        _typed(world, command) if command.last and command.says("type") else _plain(world, command)
    )
    wanted, output = command.statuses, command.output
    if command.test == "kvm" and not _kvm_is_proven(world):
        wanted, output = {2}, []
    told = f"{command.where}: $ {command.line}\n{printed}"
    assert status in wanted, f"status {status}, not in {wanted}\n{told}"
    lost = tutorial.missing(output, printed)
    assert lost is None, f"not printed: {lost}\n{told}"


def _plain(world: World, command: Command) -> tuple[int, str]:
    done = world.run(["bash", "-c", f"cd ~ && {command.line} 2>&1"], timeout=PATIENCE)
    return done.returncode, done.stdout


def _kvm_is_proven(world: World) -> bool:
    told = json.loads(world.inn("host", "check", "--only", "kvm.proof", "--json").stdout)
    return bool(told["findings"][0]["status"] == "ok")


def _typed(world: World, command: Command) -> tuple[int, str]:
    """On a terminal: what the block's comment says is typed, one line after the other."""
    master, slave = pty.openpty()
    process = world.popen(
        ["bash", "-c", f"cd ~ && {command.line}"], stdin=slave, stdout=slave, stderr=slave, text=False
    )
    os.close(slave)
    time.sleep(BETWEEN * 2)
    for typed in (command.says("type") or "").split("; "):
        os.write(master, b"\x1d" if typed == "^]" else typed.encode() + b"\r")
        time.sleep(BETWEEN)
    printed = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        if not piece:
            break
        printed += piece
    os.close(master)
    return process.wait(timeout=60), printed.decode(errors="replace")
