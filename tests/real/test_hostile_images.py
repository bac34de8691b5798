"""Hostile disk images, each made for real, and the honest ones of every format beside them."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from innkeeper import messages
from innkeeper.errors import Conflict, Failed, InnkeeperError, Invalid, NotFound, Refused
from innkeeper.machine import Limits, local
from innkeeper.tools import image_facts, image_headers, qemu_img
from innkeeper.tools.image_facts import refuse_unsafe
from innkeeper.tools.qemu_img import DiskFile, convert, inspect, probe_format
from tests import hostile
from tests.hostile import HOSTILE, create, patch

pytestmark = pytest.mark.skipif(shutil.which("qemu-img") is None, reason="needs qemu-img")

HONEST: dict[str, tuple[str, tuple[str, ...]]] = {
    "raw": ("raw", ()),
    "qcow": ("qcow", ()),
    "qcow2": ("qcow2", ()),
    "qcow2 of old": ("qcow2", ("-o", "compat=0.10")),
    "qcow2 extended": ("qcow2", ("-o", "extended_l2=on,cluster_size=128k")),
    "qcow2 zstd": ("qcow2", ("-o", "compression_type=zstd,preallocation=metadata")),
    "qcow2 big clusters": ("qcow2", ("-o", "cluster_size=2M,lazy_refcounts=on")),
    "qed": ("qed", ()),
    "vdi": ("vdi", ()),
    "vdi static": ("vdi", ("-o", "static=on")),
    "vmdk": ("vmdk", ()),
    "vmdk stream": ("vmdk", ("-o", "subformat=streamOptimized")),
    "vpc": ("vpc", ()),
    "vpc fixed": ("vpc", ("-o", "subformat=fixed")),
    "vhdx": ("vhdx", ()),
    "vhdx fixed": ("vhdx", ("-o", "subformat=fixed")),
    "parallels": ("parallels", ()),
}


def print_of(path: Path) -> tuple[str, int, int]:
    """Content (its first and last MiB, for the very large) and time of change."""
    size = path.stat().st_size
    with path.open("rb") as file:
        data = file.read(1 << 20)
        file.seek(max(0, size - (1 << 20)))
        data += file.read()
    return hashlib.sha256(data).hexdigest(), size, path.stat().st_mtime_ns


def refusal(path: str, format: str | None = None, limit: int = image_facts.MAX_VIRTUAL) -> Refused:
    with pytest.raises(Refused) as caught:
        refuse_unsafe(inspect(local(), path, format), path, limit)
    error = caught.value
    assert error.exit_code == 2
    for language in messages.LANGUAGES:
        for text in (error.text(language), error.remedy(language)):
            assert text
            assert "\n" not in text
            assert "<" not in text.replace("<html>", ""), "a fact is missing"
    return error


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The programs that are run from here on."""
    run, seen = local().run, []

    def noted(argv: Sequence[str], **options: Any) -> Any:
        seen.append(argv[0])
        return run(argv, **options)

    monkeypatch.setattr(local(), "run", noted)
    return seen


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile(case: str, tmp_path: Path, programs: list[str]) -> None:
    make, code = HOSTILE[case]
    path = make(tmp_path)
    before = print_of(path)
    limit = 8 << 40 if case == "raw without end" else image_facts.MAX_VIRTUAL
    assert refusal(str(path), limit=limit).code == code
    assert print_of(path) == before
    if limit == image_facts.MAX_VIRTUAL:
        assert "qemu-img" not in programs, "qemu-img never sees what the header already forbids"


@pytest.mark.parametrize(
    ("case", "reference"),
    [
        ("qcow2 backing", "/etc/shadow"),
        ("qcow2 backing json", 'json:{"driver":"file","filename":"/etc/shadow"}'),
        ("qcow2 data file", "{folder}/data.raw"),
        ("qcow2 data file, no name", "data-file"),
        ("qcow2 in raw", "/etc/shadow"),
        ("qcow backing", "/etc/shadow"),
        ("qed backing", "/etc/shadow"),
        ("vmdk flat", "/etc/passwd"),
        ("vmdk flat above", "../../etc/passwd"),
        ("vmdk device", "/dev/vda"),
        ("vmdk hidden parent", "/etc/shadow"),
        ("vhdx parent", "..\\..\\etc\\shadow"),
        ("vpc parent", "..\\..\\base.vhd"),
        ("vdi parent", "uuid:" + "42" * 16),
    ],
)
def test_the_refusal_names_what_it_points_at(case: str, reference: str, tmp_path: Path) -> None:
    path = HOSTILE[case][0](tmp_path)
    assert refusal(str(path)).facts["reference"] == reference.replace("{folder}", str(tmp_path))


@pytest.mark.parametrize("case", [case for case in HOSTILE if HOSTILE[case][1] == "disk.unsafe_reference"])
def test_saying_the_format_does_not_help(case: str, tmp_path: Path) -> None:
    path = HOSTILE[case][0](tmp_path)
    found = probe_format(local(), str(path))
    assert refusal(str(path), found).code == "disk.unsafe_reference"


@pytest.mark.parametrize("case", HONEST)
def test_honest(case: str, tmp_path: Path) -> None:
    kind, options = HONEST[case]
    path = create(tmp_path / "disk", kind, *options)
    before = print_of(path)
    for said in (None, kind):
        facts = inspect(local(), str(path), said)
        refuse_unsafe(facts, "disk")
        assert facts.format == facts.detected == kind
        assert facts.virtual_size == pytest.approx(16 << 20, rel=0.02)  # VHD rounds to its geometry
        assert facts.size == path.stat().st_size
    assert print_of(path) == before
    out = tmp_path / "out.qcow2"
    convert(local(), DiskFile(str(path), kind), DiskFile(str(out), "qcow2"))
    refuse_unsafe(inspect(local(), str(out), "qcow2"), "out")


def test_honest_bochs(tmp_path: Path) -> None:
    facts = inspect(local(), str(hostile.bochs("Growing")(tmp_path)))
    refuse_unsafe(facts, "disk")
    assert (facts.format, facts.virtual_size) == ("bochs", 1 << 20)


def test_honest_and_very_large(tmp_path: Path) -> None:
    path = create(tmp_path / "disk", "qcow2", size="60T")
    refuse_unsafe(inspect(local(), str(path)), "disk")
    assert refusal(str(path), limit=1 << 40).code == "disk.bomb"


def test_internal_snapshots_and_data_are_kept_apart(tmp_path: Path) -> None:
    path = create(tmp_path / "disk", "qcow2")
    subprocess.run(["qemu-img", "snapshot", "-c", "one", str(path)], check=True)
    refuse_unsafe(inspect(local(), str(path)), "disk")


@pytest.mark.parametrize(
    "name", ["a:b.qcow2", "-o.qcow2", "a,b=c.qcow2", "json:{}.qcow2", 'q"\\.qcow2', "磁 盘.qcow2"]
)
def test_odd_names_of_honest_files(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    create(tmp_path / "plain", "qcow2").rename(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    refuse_unsafe(inspect(local(), f"./{name}"), name)
    convert(local(), DiskFile(f"./{name}", "qcow2"), DiskFile(f"./{name}.raw", "raw"))
    assert (tmp_path / f"{name}.raw").stat().st_size == 16 << 20


@pytest.mark.parametrize(
    "name",
    [
        'json:{"driver":"file","filename":"/etc/shadow"}',
        "nbd:localhost:10809",
        "nbd+unix:///x?socket=/run/x",
        "http://127.0.0.1/disk.qcow2",
        "ssh://root@host/disk",
        "file:/etc/shadow",
        "fat:rw:/tmp",
        "host_device:/dev/vda",
        "",
        "disk\0.qcow2",
    ],
)
def test_protocol_names(name: str, programs: list[str]) -> None:
    assert refusal(name).code == "disk.protocol_name"
    assert not programs


def test_raw_when_said_is_raw_whatever_it_begins_with(tmp_path: Path) -> None:
    path = hostile.hidden_in_raw(tmp_path)
    facts = inspect(local(), str(path), "raw")
    refuse_unsafe(facts, "disk")
    assert (facts.format, facts.detected, facts.virtual_size) == ("raw", "qcow2", 64 << 20)
    assert facts.backing is None
    convert(local(), DiskFile(str(path), "raw"), DiskFile(str(tmp_path / "out"), "raw"))
    assert (tmp_path / "out").read_bytes()[:4] == b"QFI\xfb", "taken as it is, not as what it pretends to be"


@pytest.mark.parametrize(
    ("said", "found"), [("qcow2", "vmdk"), ("vmdk", "qcow2"), ("qcow", "qcow2"), ("vdi", "raw")]
)
def test_a_format_that_is_not_true(said: str, found: str, tmp_path: Path) -> None:
    error = refusal(str(create(tmp_path / "disk", found)), said)
    assert (error.code, error.facts["found"]) == ("disk.format_mismatch", found)


def test_a_format_that_does_not_exist(tmp_path: Path) -> None:
    for said in ("qcow3", "", "luks", "nbd", "../raw"):
        assert refusal(str(create(tmp_path / "disk", "raw")), said).code == "disk.format"


def test_what_is_no_file(tmp_path: Path) -> None:
    image = create(tmp_path / "disk", "qcow2")
    (tmp_path / "link").symlink_to(image)
    os.mkfifo(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        expected = {
            "link": "disk.is_link",
            "fifo": "disk.not_regular",
            "socket": "disk.not_regular",
            ".": "disk.is_directory",
            "/dev/null": "disk.is_device",
            "missing": "disk.not_found",
            "disk/below": "disk.not_found",
        }
        for name, code in expected.items():
            assert refusal(str(tmp_path / name)).code == code, name
            with pytest.raises(Refused):
                probe_format(local(), str(tmp_path / name))


def test_denied(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        path = create(tmp_path / "disk", "qcow2")
        path.chmod(0o600)
        source = Path(image_headers.__file__).read_bytes()
        argv = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "/usr/bin/python3", "-IS", "-"]
        told = subprocess.run([*argv, str(path)], input=source, stdout=subprocess.PIPE, check=True).stdout
        assert b'"kind": "denied"' in told
    facts = image_facts.ImageFacts(kind="denied")
    with pytest.raises(Refused) as caught:
        refuse_unsafe(facts, "disk")
    assert caught.value.code == "disk.denied"


@pytest.mark.parametrize("swap", ["fifo", "link"])
def test_swapped_between_look_and_open(swap: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stood there a moment ago was a file; what is opened is not."""
    honest = os.lstat(create(tmp_path / "honest", "qcow2"))
    path = tmp_path / "disk"
    if swap == "fifo":
        os.mkfifo(path)
    else:
        path.symlink_to("/etc/shadow")
    monkeypatch.setattr(os, "lstat", lambda _path: honest)
    facts = image_headers.look(str(path), "")
    assert facts["kind"] == swap
    assert "detected" not in facts


def test_changed_while_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = create(tmp_path / "disk", "qcow2")
    evil = hostile.backed("qcow2", hostile.SECRET)(tmp_path)
    run = local().run

    def meddle(argv: Sequence[str], **options: Any) -> Any:
        if argv[0] == "qemu-img":
            evil.rename(path)
        return run(argv, **options)

    monkeypatch.setattr(local(), "run", meddle)
    facts = inspect(local(), str(path))
    with pytest.raises(Conflict) as caught:
        refuse_unsafe(facts, "disk")
    assert caught.value.code == "disk.changed"


def test_convert_never_follows_a_backing_file(tmp_path: Path) -> None:
    """Even for a caller who did not look first: a swap after the look gains nothing."""
    (tmp_path / "secret").write_bytes(b"s" * (16 << 20))
    path = hostile.backed("qcow2", str(tmp_path / "secret"))(tmp_path)
    convert(local(), DiskFile(str(path), "qcow2"), DiskFile(str(tmp_path / "out"), "raw"))
    assert not (tmp_path / "out").read_bytes().strip(b"\0")


def test_convert_does_not_write_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("precious")
    (tmp_path / "out").symlink_to(tmp_path / "victim")
    source = DiskFile(str(create(tmp_path / "disk", "qcow2")), "qcow2")
    convert(local(), source, DiskFile(str(tmp_path / "out"), "raw"))
    assert (tmp_path / "victim").read_text() == "precious"
    assert not (tmp_path / "out").is_symlink()


def test_convert_tells_how_far_it_is(tmp_path: Path) -> None:
    seen: list[float] = []
    path = create(tmp_path / "disk", "raw")
    patch(path, 0, os.urandom(16 << 20))
    out = DiskFile(str(tmp_path / "out"), "qcow2")
    for compress in (False, True):
        seen.clear()
        convert(local(), DiskFile(str(path), "raw"), out, on_fraction=seen.append, compress=compress)
        assert len(seen) > 2, "while it works, not only at the end"
        assert seen == sorted(seen)
        assert seen[-1] == 1.0


def test_convert_that_fails_leaves_nothing(tmp_path: Path) -> None:
    source = DiskFile(str(HOSTILE["qcow2 l1_size"][0](tmp_path)), "qcow2")
    with pytest.raises(Failed) as caught:
        convert(local(), source, DiskFile(str(tmp_path / "out"), "vmdk"))
    assert caught.value.code == "disk.convert_failed"
    assert "json:" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_small_file_that_unpacks_to_more_than_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # should the check ever be lost, this test must not fill the disk
    monkeypatch.setattr(qemu_img, "CONVERTING", Limits(cpu_seconds=1, memory_bytes=1 << 30))
    path = hostile.unpacking_bomb(tmp_path, 2 * shutil.disk_usage(tmp_path).total // 512 * 512)
    assert path.stat().st_size < 16 << 20
    refuse_unsafe(inspect(local(), str(path)), "disk")
    for kind in ("raw", "qcow2"):
        with pytest.raises(Conflict) as caught:
            convert(local(), DiskFile(str(path), "qcow2"), DiskFile(str(tmp_path / "out"), kind))
        assert caught.value.code == "disk.no_space"
        assert not (tmp_path / "out").exists()


def test_limits_end_what_takes_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(create(tmp_path / "disk", "qcow2"))
    monkeypatch.setattr(qemu_img, "LOOKING", Limits(cpu_seconds=10, memory_bytes=16 << 20))
    assert refusal(path).code == "disk.unreadable"


@pytest.mark.parametrize("case", HONEST)
def test_damaged_headers_never_break_the_reader(case: str, tmp_path: Path, dice: random.Random) -> None:
    """Random bytes in the header: always facts, never an exception, whatever they say."""
    kind, options = HONEST[case]
    path = create(tmp_path / "disk", kind, *options)
    whole = path.read_bytes()[: 4 << 20]
    places = [place for place in range(min(len(whole), 4 << 20)) if whole[place]] or [0]
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(dice.randint(1, 8)):
            data[dice.choice([dice.choice(places), dice.randrange(min(512, len(data)))])] = dice.choice(
                (0, 1, 127, 255)
            )
        path.write_bytes(data[: dice.choice((len(data), dice.randrange(len(data))))])
        facts = image_headers.look(str(path), "")
        assert facts["kind"] == "file"


def test_codes_have_their_words_in_both_languages() -> None:
    raised = {code for _, code in HOSTILE.values()} | {code for _, code in image_facts.NO_FILES.values()}
    for code in raised | {
        "disk.changed",
        "disk.no_space",
        "disk.convert_failed",
        "disk.unreadable",
        "disk.format",
    }:
        for language in messages.LANGUAGES:
            assert messages.has(code, language)
            assert messages.has(f"{code}.remedy", language)
    assert issubclass(NotFound, InnkeeperError)
    assert issubclass(Invalid, Refused)
