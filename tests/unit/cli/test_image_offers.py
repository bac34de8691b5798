"""`inn image list --available`, on libvirt's test driver."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from innkeeper.image.offers import catalogue, known
from innkeeper.image.offers.release import Release
from tests.unit.cli.conftest import Inn

HOST = ("-c", "test:///default")
LIST = ("image", "list", "--available")


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("INNKEEPER_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("INNKEEPER_CATALOGUES", "")
    monkeypatch.setenv("INNKEEPER_MIRRORS", "")
    catalogue.load.cache_clear()
    yield
    catalogue.load.cache_clear()


def test_a_row_for_each_name(inn: Inn) -> None:
    status, out, err = inn(*HOST, *LIST)
    assert (status, err) == (0, "")
    rows = {line.split()[0]: line for line in out.splitlines()[1:-1]}
    assert len(rows) == len({offer.name for offer in catalogue.all()})
    assert "x86_64 aarch64" in rows["debian-12"]
    assert "ssh debian" in rows["debian-12"]
    assert "aarch64" not in rows["arch"]
    assert "inn image pull" in out.splitlines()[-1]


def test_what_is_known_is_shown(inn: Inn) -> None:
    release = Release(
        name="debian-12",
        arch="x86_64",
        version="20260806-2562",
        url="https://x.example/y",
        digest="sha512:0",
        most=1,
        virtual_most=1,
        format="qcow2",
    )
    known.remember([release])
    out = inn(*HOST, *LIST)[1]
    assert next(line for line in out.splitlines() if line.startswith("debian-12")).endswith("20260806-2562")


def test_json(inn: Inn) -> None:
    told = json.loads(inn(*HOST, *LIST, "--json")[1])
    assert told["faults"] == []
    found = next(one for one in told["offers"] if (one["name"], one["arch"]) == ("fedora-44", "aarch64"))
    assert (found["firmware"], found["user"], found["there"], found["newer"]) == (
        ["uefi"],
        "fedora",
        None,
        None,
    )
    assert "fedora-44-primary" in found["signed_by"]


def test_faults_are_lines_of_their_own(inn: Inn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "own\x1b[31m.toml"
    file.write_text("version = 7\n")
    monkeypatch.setenv("INNKEEPER_CATALOGUES", f"{file},relative.toml")
    status, out, err = inn(*HOST, *LIST)
    assert (status, "debian-12" in out) == (0, True)
    assert len(err.splitlines()) == 2
    assert "\x1b" not in err, "a name is made by others"


@pytest.mark.parametrize("arguments", [("--refresh",), ("--available", "--all")])
def test_refused(inn: Inn, arguments: tuple[str, ...]) -> None:
    status, out, err = inn(*HOST, "image", "list", *arguments)
    assert (status, out) == (2, "")
    assert "--available" in err


def test_a_mirror_that_is_none(inn: Inn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INNKEEPER_MIRRORS", "debian")
    status, out, err = inn(*HOST, *LIST)
    assert (status, out) == (2, "")
    assert "debian=https://" in err


def test_a_dry_run(inn: Inn) -> None:
    status, out, _ = inn(*HOST, *LIST, "--dry-run")
    assert (status, out) == (0, "list what the catalogue offers\n")
