"""What is known of releases: asked once, remembered, and compared with the image that is there."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from innkeeper.errors import Conflict
from innkeeper.image.offers import known, listing, reading
from innkeeper.image.offers.offer import Offer
from innkeeper.image.offers.release import Release, SigningKey
from innkeeper.schema.image import ImageManifest, ImageOrigin

NEW, OLD = "a" * 64, "b" * 64
CATALOGUE = """
version = 1
distributor = "here"
base = "https://here.example"
[[image]]
name = "here-1"
title = "Here"
index = ""
pattern = 'v(\\d+)/'
file = "v{version}/disk"
sums = "v{version}/SUMS"
arches = { x86_64 = {}, aarch64 = {} }
"""


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INNKEEPER_STATE_DIR", str(tmp_path / "state"))


def offers() -> list[Offer]:
    return reading.read(CATALOGUE, "here.toml")[0]


class Server:
    def __init__(self, **texts: str) -> None:
        self.texts = texts

    def text(self, url: str, most: int) -> str:
        name = url.rpartition("/")[2] or "index"
        if name not in self.texts:
            raise Conflict("web.unreachable", url=url, reason="it is off")
        return self.texts[name]

    def signed_text(self, url: str, signature_url: str | None, key: SigningKey, most: int) -> str:
        raise AssertionError("nothing here is signed")


def asked(version: str, digest: str) -> known.Known:
    problems = listing.ask(offers()[:1], Server(index=f'<a href="v{version}/">', SUMS=f"{digest}  disk\n"))
    assert not problems
    return known.all()["here-1/x86_64"]


def image(version: str | None, digest: str | None, arch: str = "x86_64") -> ImageManifest:
    return ImageManifest(
        version=1,
        name="here-1",
        arch=arch,
        disk="here-1.qcow2",
        disk_format="qcow2",
        virtual_size=1,
        files={},
        built=1.0,
        source="here-1",
        release=version,
        origin=ImageOrigin(offer="here-1", url="https://here.example/x", digest=digest, version=version),
    )


def test_what_was_asked_is_remembered() -> None:
    assert known.all() == {}
    news = asked("7", NEW)
    assert (news.version, news.digest) == ("7", f"sha256:{NEW}")
    assert news.asked > 1_700_000_000


@pytest.mark.parametrize(
    ("version", "digest", "behind"),
    [
        ("6", f"sha256:{OLD}", True),
        ("7", f"sha256:{NEW}", False),
        ("7", f"sha256:{OLD}", False),
        ("8", f"sha256:{OLD}", False),
        ("6", f"sha256:{NEW}", False),
        (None, None, True),
    ],
)
def test_who_is_behind(version: str | None, digest: str | None, behind: bool) -> None:
    assert known.behind(image(version, digest), offers()[0], asked("7", NEW)) is behind


def test_nobody_can_say() -> None:
    first, news = offers()[0], asked("7", NEW)
    mine = image("6", None)
    assert known.behind(mine, first, None) is None
    assert known.behind(image("6", None, arch="aarch64"), first, news) is None
    built = msgspec.structs.replace(mine, origin=None)
    assert known.behind(built, first, news) is None


def test_a_distributor_that_does_not_answer_is_told_and_the_rest_is_remembered() -> None:
    both = offers()
    asked("7", NEW)
    assert len(set(listing.ask(both, Server()).values())) == 1, "the second is not asked where nobody answers"
    problems = listing.ask(both, Server(index="<html>"))
    assert set(problems) == {"here-1/x86_64", "here-1/aarch64"}
    assert all("\n" not in text for text in problems.values())
    assert known.all()["here-1/x86_64"].version == "7"


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b'{"x": 1}', b"\xff"])
def test_a_file_that_is_none_knows_nothing(text: bytes, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir(exist_ok=True)
    (tmp_path / "state/offers.json").write_bytes(text)
    assert known.all() == {}
    assert asked("7", NEW).version == "7"


def test_who_cannot_write_it_goes_on(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    release = Release(
        name="x",
        arch="x86_64",
        version="1",
        url="https://x",
        digest="sha256:0",
        most=1,
        virtual_most=1,
        format="raw",
    )
    known.remember([release])
    assert known.all() == {}
