"""`inn create` from media: what its options come to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from innkeeper.cli import reading
from tests.unit.cli.conftest import Inn
from tests.unit.cli.test_commands import Answer, Asked
from tests.unit.cli.views import guest


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Answer:
    return lambda view: Asked(monkeypatch, view)


def test_options_become_fields(inn: Inn, answer: Answer) -> None:
    asked = answer(guest())
    argv = ["--iso", "isos/debian.iso", "--profile", "legacy", "--bus", "ide", "--no-acpi", "--overcommit"]
    argv += ["--xml", "./title=A=B", "--xml", "./devices/rng=", "--wait", "none"]
    done = inn("create", "old", *argv)
    assert done.status == 0
    ((name, fields),) = asked.calls
    assert name == "guest.create"
    assert (fields["iso"], fields["profile"], fields["bus"]) == ("isos/debian.iso", "legacy", "ide")
    assert fields["xml"] == ("./title=A=B", "./devices/rng=")
    assert (fields["acpi"], fields["overcommit"]) == (False, True)
    assert fields.get("tpm") is None
    assert "inn view" in done.out


@pytest.mark.parametrize(("option", "value"), [("--tpm", True), ("--no-tpm", False)])
def test_a_switch_that_may_be_left_to_the_profile(inn: Inn, answer: Answer, option: str, value: bool) -> None:
    asked = answer(guest())
    assert inn("create", "a", "--pxe", option).status == 0
    assert asked.calls[0][1]["tpm"] is value


def test_both_ways_of_a_switch_are_refused(inn: Inn) -> None:
    status, _out, err = inn("create", "a", "--pxe", "--tpm", "--no-tpm")
    assert status == 2
    assert "--no-tpm" in err


def test_a_cd_is_a_file_where_it_can_be_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "isos").mkdir()
    (tmp_path / "isos" / "there.iso").touch()
    here = str(tmp_path)
    assert reading.cd_path("debian.iso") == f"{here}/debian.iso"
    assert reading.cd_path("./isos/x.iso") == f"{here}/isos/x.iso"
    assert reading.cd_path("isos/there.iso") == f"{here}/isos/there.iso"
    assert reading.cd_path("isos/other.iso") == "isos/other.iso"
    assert reading.cd_path("/a/b.iso") == "/a/b.iso"
    assert reading.cd_path("~/b.iso") == os.path.expanduser("~/b.iso")
    assert reading.cd_path(None) is None


def test_paths_of_a_location(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a,b").mkdir()
    here = str(tmp_path)
    assert reading.local_paths("tree") == f"{here}/tree"
    assert reading.local_paths("linux,initrd.gz") == f"{here}/linux,{here}/initrd.gz"
    assert reading.local_paths("a,b") == f"{here}/a,b"
    assert reading.local_paths("http://x/a,b/") == "http://x/a,b/"
    assert reading.local_paths("http://x/k,http://x/i") == "http://x/k,http://x/i"
    assert reading.local_paths(None) is None
