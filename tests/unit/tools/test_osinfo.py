"""osinfo-db's own files, and what may be wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from innkeeper.image.offers import catalogue, needs
from innkeeper.schema.sizes import GIB, MIB
from innkeeper.tools import osinfo

ID = "http://here.example/here/1"
RAM = "<ram>1073741824<"
XML = f"""<?xml version="1.0"?>
<!DOCTYPE libosinfo [<!ENTITY secret SYSTEM "file:///etc/hostname">]>
<libosinfo version="0.0.1"><os id="{ID}">
  <short-id>here1</short-id>
  <name xml:lang="de">Hier 1</name><name>Here 1</name>
  <eol-date>2030-01-31</eol-date>
  <resources arch="all">
    <minimum><n-cpus>1</n-cpus><ram>1073741824</ram><storage>10737418240</storage></minimum>
    <recommended><ram>4294967296</ram></recommended>
  </resources>
  <resources arch="aarch64"><minimum><ram>2147483648</ram></minimum></resources>
</os></libosinfo>
"""


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The directory that the package fills; returns where OSes of here.example stand in it."""
    monkeypatch.setenv("OSINFO_SYSTEM_DIR", str(tmp_path / "system"))
    monkeypatch.setenv("OSINFO_LOCAL_DIR", str(tmp_path / "local"))
    folder = tmp_path / "system/os/here.example"
    folder.mkdir(parents=True)
    osinfo.find.cache_clear()
    yield folder
    osinfo.find.cache_clear()


def test_an_os(database: Path) -> None:
    (database / "here-1.xml").write_text(XML)
    found = osinfo.find(ID, "x86_64")
    assert found == osinfo.Os("Here 1", GIB, 10 * GIB, 1, "2030-01-31")
    other = osinfo.find(ID, "aarch64")
    assert other is not None
    assert (other.memory, other.disk) == (2 * GIB, 10 * GIB), (
        "what an architecture does not say, all of them do"
    )


def test_the_administrator_goes_first(database: Path, tmp_path: Path) -> None:
    (database / "here-1.xml").write_text(XML)
    own = tmp_path / "local/os/here.example"
    own.mkdir(parents=True)
    (own / "here-1.xml").write_text(XML.replace(RAM, f"<ram>{96 * MIB}<"))
    found = osinfo.find(ID, "x86_64")
    assert found is not None
    assert found.memory == 96 * MIB


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no XML",
        XML.replace(ID, "http://here.example/here/2"),
        "<libosinfo/>",
        XML[:200],
    ],
)
def test_what_is_no_use_knows_nothing(text: str, database: Path) -> None:
    (database / "here-1.xml").write_text(text)
    assert osinfo.find(ID, "x86_64") is None


@pytest.mark.parametrize("bytes_", ["-1", "lots", "0", "9" * 40, "", "&secret;", "1e9"])
def test_a_figure_that_is_none(bytes_: str, database: Path) -> None:
    (database / "here-1.xml").write_text(XML.replace(RAM, f"<ram>{bytes_}<"))
    found = osinfo.find(ID, "x86_64")
    assert found is None or found.memory is None


@pytest.mark.parametrize(
    "identity", ["", "here1", "http://here.example/../../etc/passwd", "file:///etc/passwd", "http://x"]
)
def test_an_id_that_is_none(identity: str, database: Path) -> None:
    assert osinfo.find(identity, "x86_64") is None


def test_a_catalogue_speaks_where_osinfo_is_too_old(database: Path) -> None:
    offer = next(one for one in catalogue.load(fetch=False).offers if one.name == "debian-13")
    assert needs.of(offer) == needs.OsNeeds("Debian 13 (trixie)", GIB, 10 * GIB, 1, None)
    folder = database.parent / "debian.org"
    folder.mkdir()
    text = XML.replace(ID, "http://debian.org/debian/13").replace(RAM, f"<ram>{3 * GIB}<")
    (folder / "debian-13.xml").write_text(text)
    osinfo.find.cache_clear()
    assert needs.of(offer) == needs.OsNeeds("Here 1", 3 * GIB, 10 * GIB, 1, "2030-01-31")


def test_the_package_s_own_files() -> None:
    """Where it is installed: its layout is what we take it for."""
    if not Path("/usr/share/osinfo/os/debian.org").is_dir():
        pytest.skip("osinfo-db is not installed")
    osinfo.find.cache_clear()
    found = osinfo.find("http://debian.org/debian/11", "x86_64")
    assert found is not None
    assert found.name == "Debian 11"
    assert found.memory
    assert found.disk
