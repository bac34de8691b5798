"""`--explain` is taken at its word: its commands, run in another world, make that world the same."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from innkeeper.cli.reference import commands, verb_of
from innkeeper.verbs import REGISTRY
from tests.fingerprint import Fingerprint
from tests.real.explained import EXCEPTIONS, STORIES, Story
from tests.world import World, diff

DISK = "/var/lib/libvirt/images/disk.qcow2"
COMPARED = ("domain/", "network/", "pool/", "file/var/lib/libvirt/", "interfaces", "processes")
"""The rest is the world's own, or ours: journals, locks, proofs, logs."""

TIMES = (
    (re.compile(r"\s*<innkeeper:(created|operation)>[^<]*</innkeeper:\1>"), ""),
    (re.compile(r"~deleted~[0-9TZ.]+"), "~deleted~TIME"),
    (re.compile(r"(?<=@)\d{8}T\d{6}Z(-\d+)?"), "RELEASE"),
    (re.compile(r" id -?\d+"), ""),
)
WORLDS_OWN = re.compile(r"<uuid>.*?</uuid>|<mac address='.*?'/>")
"""Of networks and pools."""


@pytest.fixture
def worlds() -> Iterator[tuple[World, World]]:
    with World() as ours, World() as theirs:
        yield ours, theirs


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_explained(story: Story, worlds: tuple[World, World], tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    for parent in tmp_path.parents[:2]:
        parent.chmod(0o755)
    _alike(*worlds)
    for world in worlds:
        world.run(["qemu-img", "create", "-q", "-f", "qcow2", DISK, "16M"], check=True)
        world.virsh("pool-refresh", "default")
        if story.tiny:
            world.seed_image("tiny")
    for number, command in enumerate(story.commands):
        if command.startswith("!"):
            for world in worlds:
                world.run(["sh", "-c", command[1:]], check=True)
            continue
        words = shlex.split(command.replace("DISK", DISK))
        told = _explained(worlds[0], words)
        folder = tmp_path / f"{number:02}"
        _run_as_told(worlds[1], told["plan"], folder, command)
        ours, theirs = (_tidy(world.fingerprint()) for world in worlds)
        found = diff(ours, theirs, story.alike)
        assert not found, f"after inn {command}\n{found}\n--- told\n" + "\n".join(told["plan"]["commands"])
        _compare_seeds(worlds, folder)


def test_every_verb_is_explained_or_says_why_not() -> None:
    known = {verb_of(command): ctx.command_path.split()[1:] for command, ctx in commands()}
    told = [command.split() for story in STORIES for command in story.commands]
    missing = [
        name
        for name in sorted(REGISTRY)
        if name not in EXCEPTIONS and not any(words[: len(known[name])] == known[name] for words in told)
    ]
    assert not missing, f"no story of tests/real/explained.py runs them, and no exception says why: {missing}"
    assert EXCEPTIONS.keys() <= REGISTRY.keys()


def _alike(ours: World, theirs: World) -> None:
    """Network and pool `default` are one and the same in both."""
    for kind in ("net", "pool"):
        text = ours.virsh(f"{kind}-dumpxml", "--inactive", "default")
        theirs.virsh(f"{kind}-destroy", "default")
        theirs.virsh(f"{kind}-undefine", "default")
        theirs.virsh(f"{kind}-define", "/dev/stdin", input=text)
        theirs.virsh(f"{kind}-start", "default")
        theirs.virsh(f"{kind}-autostart", "default")


def _explained(world: World, words: list[str]) -> Any:
    """What was done, and how it could have been done by hand."""
    done = world.inn(*words, "--explain", "--json", check=True, timeout=300)
    return json.loads(done.stdout)


def _run_as_told(world: World, plan: Any, folder: Path, command: str) -> None:
    folder.mkdir()
    for name, text in plan["documents"].items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    assert plan["commands"], f"inn {command} --explain tells no command"
    script = "\n".join(plan["commands"])
    done = world.run(
        ["sh", "-c", f"cd {shlex.quote(str(folder))} && exec sh -e"], input=script + "\n", timeout=300
    )
    assert done.returncode == 0, f"inn {command} --explain told\n{script}\n--- which said\n{done.stderr}"


def _tidy(found: Fingerprint) -> Fingerprint:
    return Fingerprint(
        {_plain(key): _of(key, value) for key, value in found.items() if key.startswith(COMPARED)}
    )


def _plain(text: str) -> str:
    for pattern, instead in TIMES:
        text = pattern.sub(instead, text)
    return text


def _of(key: str, value: str) -> str:
    if key.endswith("-seed.iso"):  # it holds the time it was made: its files are compared instead
        return value.rsplit(" ", 1)[0]
    if key.endswith((".json", ".save")):  # a manifest too; and no memory is another's
        return value.split()[0]
    if key.startswith("domain/") and key.endswith("/xml"):
        return _plain(_ordered(value))
    return WORLDS_OWN.sub("", value) if key.startswith(("network/", "pool/")) else _plain(value)


def _ordered(document: str) -> str:
    """libvirt puts controllers in another order when a whole document is defined again."""
    root = etree.fromstring(document)
    devices = root.find("devices")
    assert devices is not None
    found = sorted(devices.findall("controller"), key=lambda one: (one.get("type", ""), one.get("index", "")))
    for controller in found:
        controller.tail = None
        devices.append(controller)
    return etree.tostring(root, encoding="unicode")


def _compare_seeds(worlds: tuple[World, World], folder: Path) -> None:
    listed = [world.run(["sh", "-c", "ls /var/lib/libvirt/images/*-seed.iso"]).stdout for world in worlds]
    assert listed[0] == listed[1]
    for path in listed[0].split():
        held = []
        for side, world in zip(("ours", "theirs"), worlds, strict=True):
            out = folder / side / Path(path).name
            out.parent.mkdir(exist_ok=True)
            world.run(["xorriso", "-osirrox", "on", "-indev", path, "-extract", "/", str(out)], check=True)
            held.append({file.name: file.read_bytes() for file in sorted(out.iterdir())})
        assert held[0] == held[1]
        assert held[0]
