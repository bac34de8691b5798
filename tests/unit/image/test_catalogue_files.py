"""Catalogues are read strictly: what is not understood whole offers nothing, and each fault is a line of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from innkeeper.errors import Invalid
from innkeeper.image import offers
from innkeeper.image.offers import catalogue, reading
from innkeeper.image.offers.offer import ImageEntry
from innkeeper.machine import local
from innkeeper.tools import web
from tests.web_server import WebServer

GOOD = """
version = 1
distributor = "mine"
base = "https://images.example/disks"
[[image]]
name = "mine-1"
title = "Mine"
version = "1"
file = "mine-{arch}.qcow2"
sums = "SHA256SUMS"
arches = { x86_64 = {} }
"""
KEY = '[key]\nfingerprint = "{}"\nurl = "https://images.example/key.asc"\n'.replace("{}", "A" * 40)


def line(text: str, replaced: str) -> str:
    """The good catalogue with one line of it replaced."""
    assert text in GOOD
    return GOOD.replace(text, replaced)


FAULTS = {
    "syntax": ("image.catalogue_syntax", "this is no TOML"),
    "syntax: a key twice": ("image.catalogue_syntax", GOOD + 'name = "again"\n'),
    "no version": ("image.catalogue_field", line("version = 1\nd", "d")),
    "a version that is not known": ("image.catalogue_field", line("version = 1\n", "version = 2\n")),
    "no images": ("image.catalogue_field", 'version = 1\ndistributor = "x"\nbase = "https://x.example"\n'),
    "a key that is not known": ("image.catalogue_field", line("title =", "titel =")),
    "a key at the top that is not known": ("image.catalogue_field", line("base =", "bass =")),
    "no name": ("image.catalogue_field", line('name = "mine-1"\n', "")),
    "a name that leads elsewhere": ("image.catalogue_field", line("mine-1", "../../etc/passwd")),
    "a name like an option": ("image.catalogue_field", line('"mine-1"', '"-rf"')),
    "an architecture that is not known": ("image.catalogue_field", line("x86_64 = {}", "amd64 = {}")),
    "no architecture": ("image.catalogue_field", line("{ x86_64 = {} }", "{}")),
    "a number for a text": ("image.catalogue_field", line('"Mine"', "5")),
    "a digest that is weak": ("image.catalogue_field", GOOD + 'digest = "md5"\n'),
    "a packing that is not known": ("image.catalogue_field", GOOD + 'packing = "rar"\n'),
    "a format that reads other files": ("image.catalogue_field", GOOD + 'format = "vmdk"\n'),
    "shared is no table": ("image.catalogue_field", "shared = 1\n" + GOOD),
    "no address": ("image.catalogue_url", line("https://images.example/disks", "images.example")),
    "an address of files": ("image.catalogue_url", line("https://images.example/disks", "file:///etc")),
    "an address with a blank": ("image.catalogue_url", line("https://images.example/disks", "https://a b")),
    "an address with a question": ("image.catalogue_url", line("/disks", "/disks?x=")),
    "a signature of nobody": ("image.catalogue_key", GOOD + 'signature = "{sums}.asc"\n'),
    "a file's signature of nobody": ("image.catalogue_key", GOOD + 'file_signature = "{file}.asc"\n'),
    "half a fingerprint": ("image.catalogue_fingerprint", KEY.replace("A" * 40, "A" * 16)),
    "a fingerprint in small letters": ("image.catalogue_fingerprint", KEY.replace("A" * 40, "a" * 40)),
    "a key from nowhere": ("image.catalogue_key_source", KEY.replace("url =", "owner =")),
    "a key from a bad address": ("image.catalogue_url", KEY.replace("https://images.example/key.asc", "key.asc")),
    "an image twice": ("image.catalogue_twice", GOOD + GOOD[GOOD.index("[[image]]") :]),
    "a size that is none": ("image.catalogue_size", GOOD + 'most = "lots"\n'),
    "a need that is none": ("image.catalogue_size", GOOD + 'needs = { memory = "-1" }\n'),
    "a word that is not explained": ("image.catalogue_word", line("{arch}", "{release}")),
    "a word too early": ("image.catalogue_word", line('version = "1"', "index = '{version}/'\npattern = '(x)'")),
    "an OS of a word that is not explained": ("image.catalogue_word", GOOD + 'os = "mine{release}"\n'),
    "a path that leads elsewhere": ("image.catalogue_path", line("mine-{arch}", "a/../../mine-{arch}")),
    "a word that leads elsewhere": (
        "image.catalogue_path",
        line("mine-{arch}", "{where}/mine") + 'words = { where = "../.." }\n',
    ),
    "two ways to the newest": ("image.catalogue_version", GOOD + "index = ''\npattern = '(x)'\n"),
    "no way to the newest": ("image.catalogue_version", line('version = "1"\n', "")),
    "an index without a pattern": ("image.catalogue_version", line('version = "1"', "index = ''")),
    "a pattern that is none": ("image.catalogue_pattern", line('version = "1"', "index = ''\npattern = '(x'")),
    "a pattern without a group": ("image.catalogue_pattern", line('version = "1"', "index = ''\npattern = 'x'")),
    "a boot pattern that is none": ("image.catalogue_pattern", GOOD + "boot_pattern = '['\n"),
}  # fmt: skip


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """Settings and a state directory of the test's own."""
    monkeypatch.setenv("INNKEEPER_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("INNKEEPER_MIRRORS", "")
    monkeypatch.setattr(web, "PAUSE", 0.01)
    catalogue.load.cache_clear()
    yield monkeypatch
    catalogue.load.cache_clear()


def names() -> set[str]:
    return {offer.name for offer in offers.all()}


def test_a_good_one_has_no_fault() -> None:
    found, faults = reading.read(GOOD, "mine.toml")
    assert not faults
    assert [(offer.name, offer.arch, offer.base) for offer in found] == [
        ("mine-1", "x86_64", "https://images.example/disks")
    ]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_one_clear_line(fault: str) -> None:
    code, text = FAULTS[fault]
    if text.startswith("[key]"):
        text = GOOD.replace("[[image]]", text + "[[image]]")
    found, faults = reading.read(text, "mine.toml")
    assert not found
    assert code in [one.code for one in faults]
    for one in faults:
        for language in ("en", "zh"):
            assert "mine.toml" in one.text(language)
            assert "\n" not in one.text(language) + one.remedy(language)
            assert "<" not in one.text(language).replace("<unquoted", ""), "a fact is missing"


def test_every_fault_is_told() -> None:
    text = line('"Mine"', "5") + GOOD[GOOD.index("[[image]]") :].replace("mine-1", "a b").replace(
        '"1"', '"/"'
    )
    _, faults = reading.read(text, "mine.toml")
    assert len(faults) == 2
    assert ["image 1" in faults[0].text("en"), "image 2" in faults[1].text("en")] == [True, True]


def test_an_own_catalogue_goes_before_ours(own: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(GOOD + GOOD[GOOD.index("[[image]]") :].replace("mine-1", "debian-12"))
    own.setenv("INNKEEPER_CATALOGUES", f" {file} ,")
    assert {"mine-1", "debian-12", "fedora-44"} <= names()
    found = offers.find("debian-12", "x86_64")
    assert found is not None
    assert found.distributor == "mine"
    other = offers.find("debian-12", "aarch64")
    assert other is not None
    assert other.distributor == "debian"


def test_a_faulty_one_takes_nothing_from_the_others(own: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(FAULTS["a name like an option"][1])
    own.setenv("INNKEEPER_CATALOGUES", f"{file},/no/such/file,some/file")
    assert "mine-1" not in names()
    assert offers.find("debian-12", "x86_64") is not None
    codes = [fault.code for fault in catalogue.load().faults]
    assert codes == ["image.catalogue_field", "image.catalogue_missing", "image.catalogue_relative"]
    with pytest.raises(Invalid):
        offers.find("mine-1", "x86_64")


def test_one_too_large(own: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(GOOD + "#" * reading.MOST)
    own.setenv("INNKEEPER_CATALOGUES", str(file))
    assert [fault.code for fault in catalogue.load().faults] == ["image.catalogue_unread"]


def test_one_at_a_url_is_kept(own: pytest.MonkeyPatch) -> None:
    files = {"mine.toml": GOOD.encode()}
    with WebServer(files) as url:
        own.setenv("INNKEEPER_CATALOGUES", f"{url}/mine.toml")
        assert not catalogue.load(fetch=False).faults, "nothing is asked for completion"
        assert "mine-1" in names()
        files["mine.toml"] = GOOD.replace("mine-1", "mine-2").encode()
        catalogue.load.cache_clear()
        assert "mine-1" in names(), "what was fetched today is not fetched again"
        catalogue.renew()
        assert "mine-2" in names()
    assert "mine-2" in names(), "the server is gone, and nobody asked for it"
    assert [fault.code for fault in catalogue.renew().faults] == ["image.catalogue_unread"]
    assert "mine-2" in names(), "and who asks loses nothing"
    age()
    catalogue.load.cache_clear()
    assert "mine-2" in names(), "a server that does not answer takes nothing away"
    assert not catalogue.load().faults


@pytest.mark.parametrize("bad", [b"<html>We moved</html>", GOOD.replace("mine-1", "-").encode(), b"\xff\xfe"])
def test_one_at_a_url_that_became_faulty(bad: bytes, own: pytest.MonkeyPatch) -> None:
    files = {"mine.toml": GOOD.encode()}
    with WebServer(files) as url:
        own.setenv("INNKEEPER_CATALOGUES", f"{url}/mine.toml")
        assert "mine-1" in names()
        files["mine.toml"] = bad
        age()
        catalogue.load.cache_clear()
        assert "mine-1" in names(), "the last good one goes on to count"
        assert len(catalogue.load().faults) == 1, "it is told why"
        assert len(catalogue.renew().faults) == 1
        assert "mine-1" in names()


def test_one_at_a_url_that_is_not_there(own: pytest.MonkeyPatch) -> None:
    with WebServer({}) as url:
        own.setenv("INNKEEPER_CATALOGUES", f"{url}/mine.toml")
        assert [fault.code for fault in catalogue.load().faults] == ["image.catalogue_unread"]


def age() -> None:
    """What was fetched becomes two days old."""
    directory = f"{local().state_dir}/catalogues"
    for name in local().files.list(directory):
        then = local().files.modified(f"{directory}/{name}") - 2 * 24 * 3600
        os.utime(f"{directory}/{name}", (then, then))


def test_a_mirror_takes_the_place_of_an_address(own: pytest.MonkeyPatch) -> None:
    own.setenv("INNKEEPER_MIRRORS", "debian = http://mirror.example/cloud/ , fedora=https://f.example")
    bases = {offer.distributor: offer.base for offer in offers.all()}
    assert bases["debian"] == "http://mirror.example/cloud"
    assert bases["fedora"] == "https://f.example"
    assert bases["ubuntu"].startswith("https://cloud-images.ubuntu.com")


@pytest.mark.parametrize(
    "said", ["debian", "debian=", "=https://x.example", "debian=/srv", "debian=https://x y"]
)
def test_a_mirror_that_is_none(said: str, own: pytest.MonkeyPatch) -> None:
    own.setenv("INNKEEPER_MIRRORS", said)
    with pytest.raises(Invalid) as error:
        offers.all()
    assert error.value.code == "image.mirrors"


def test_ours_say_where_their_facts_were_taken_from() -> None:
    for name in local().files.list(catalogue.DATA):
        text = local().files.read(f"{catalogue.DATA}/{name}").decode()
        assert "facts = [" in text, name
        assert reading.read(text, name)[1] == []
        assert "http://" not in text.replace('osinfo = "http://', ""), (
            f"{name}: an address that proves nothing"
        )


@pytest.mark.parametrize("page", ["image-catalogue.md", "image-catalogue.zh-CN.md"])
def test_the_page_s_example_can_be_read(page: str) -> None:
    text = (Path(__file__).parents[3] / "docs/how-to" / page).read_text(encoding="utf-8")
    example = next(block for block in text.split("```") if "[[image]]" in block).removeprefix("toml")
    found, faults = reading.read(example, page)
    assert not faults
    assert [offer.arch for offer in found] == ["x86_64", "aarch64"]
    keys = {
        key
        for row in text.splitlines()
        if row.startswith("| `")
        for key in row.split("|")[1].split("`")[1::2]
    }
    assert keys == set(ImageEntry.__struct_fields__)
