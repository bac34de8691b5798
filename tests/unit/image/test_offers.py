"""The catalogue finds the newest release of everything that it offers, in what distributors really publish."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

import pytest

from innkeeper.errors import Conflict
from innkeeper.image import offers
from innkeeper.image.offers import catalogue, resolving
from innkeeper.image.offers.offer import Offer
from innkeeper.image.offers.release import Release, SigningKey
from innkeeper.schema.image import ImageManifest
from innkeeper.tools import web
from tests.distributors import NEWEST, Published, mirror_setting, published
from tests.web_server import WebServer

OFFERED = sorted(NEWEST)
KEYS = {"almalinux": "almalinux-{release}", "fedora": "fedora-{release}"}
"""Who has a key for each release; another distributor has one, or none."""


class Got:
    """Texts of a local server. A signature is a line that names its owner and what was signed."""

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.asked: list[str] = []

    def text(self, url: str, most: int) -> str:
        self.asked.append(url)
        return web.text(url, most).decode()

    def signed_text(self, url: str, signature_url: str | None, key: SigningKey, most: int) -> str:
        text = self.text(url, most)
        said, _, inner = text.partition("\n")
        signature, signed = (self.text(signature_url, most), text) if signature_url else (said, inner)
        if signature.strip() != f"SIGNED {self.owner} {hashlib.sha256(signed.encode()).hexdigest()}":
            raise Conflict("web.unreachable", url=url, reason="the signature is bad")
        return signed


@pytest.fixture(scope="module")
def there() -> Published:
    return published()


@pytest.fixture(scope="module")
def server(there: Published) -> Iterator[str]:
    """With the settings that have every distributor there."""
    with WebServer(there.files) as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("INNKEEPER_MIRRORS", mirror_setting(url))
        patch.setenv("INNKEEPER_CATALOGUES", "")
        catalogue.load.cache_clear()
        yield url
    catalogue.load.cache_clear()


@pytest.fixture(scope="module")
def releases(server: str) -> dict[tuple[str, str], Release]:
    return {(offer.name, offer.arch): offers.resolve(offer, Got(owner(offer))) for offer in offers.all()}


def owner(offer: Offer) -> str:
    return KEYS.get(offer.distributor, offer.distributor).format(release=offer.words.get("release", ""))


def offer_of(name: str) -> Offer:
    found = offers.find(name, "x86_64")
    assert found is not None
    return found


def test_the_layouts_hold_all_that_is_offered() -> None:
    assert sorted((offer.name, offer.arch) for offer in offers.all()) == OFFERED
    assert [offer.arch for offer in offers.all() if offer.name == "debian-12"] == ["x86_64", "aarch64"]


@pytest.mark.parametrize(("name", "arch"), OFFERED)
def test_the_newest_is_found(
    name: str, arch: str, there: Published, server: str, releases: dict[tuple[str, str], Release]
) -> None:
    release = releases[name, arch]
    assert release.version.partition("_")[0] == NEWEST[name, arch]
    path = release.url.removeprefix(f"{server}/")
    kind, _, digest = release.digest.partition(":")
    assert digest == hashlib.new(kind, there.files[path]).hexdigest()
    assert release.size in (None, len(there.files[path]))
    wrong = {"x86_64": ("aarch64", "arm64"), "aarch64": ("x86_64", "amd64")}[arch]
    assert not any(word in path.rpartition("/")[2] for word in wrong)


@pytest.mark.parametrize(("name", "arch"), OFFERED)
def test_it_becomes_a_manifest(name: str, arch: str, releases: dict[tuple[str, str], Release]) -> None:
    release = releases[name, arch]
    assert set(release.facts) <= set(ImageManifest.__struct_fields__)
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", release.version), "it becomes a part of a name"
    assert re.fullmatch(r"[a-z][a-z0-9.-]+[a-z0-9]", release.facts["os"]), "its words are filled in"
    assert set(release.facts["firmware"]) <= ({"bios", "uefi"} if arch == "x86_64" else {"uefi"})


def test_signed_is_what_was_checked(releases: dict[tuple[str, str], Release]) -> None:
    signed = {name for name, arch in OFFERED if releases[name, arch].signed}
    distributors = ("almalinux", "arch", "fedora", "opensuse", "ubuntu")
    assert signed == {name for name, _ in OFFERED if name.startswith(distributors)}


def test_a_bad_signature_is_the_end_of_it(server: str) -> None:
    with pytest.raises(Conflict, match="signature"):
        offers.resolve(offer_of("fedora-44"), Got("fedora-43"))


def test_sums_that_are_an_index_too_are_fetched_once_and_checked_first(server: str) -> None:
    got = Got("almalinux-9")
    offers.resolve(offer_of("almalinux-9"), got)
    assert [url.rpartition("/")[2] for url in got.asked] == ["CHECKSUM", "CHECKSUM.asc"]


def test_what_changes_at_one_address_has_a_version_of_its_content(
    releases: dict[tuple[str, str], Release],
) -> None:
    before = releases["opensuse-leap-16.0", "x86_64"]
    assert re.fullmatch(r"16\.0_[0-9a-f]{8}", before.version)
    other = f"16.0_{'0' * 8}"
    assert offers.newer(other, before.version)
    assert offers.newer(before.version, other)
    assert not offers.newer(before.version, before.version)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("9.10-20260525.0", "9.9-20260525.0"),
        ("20260806-10001", "20260806-9999"),
        ("20260705.1", "20260705"),
        ("1.10", "1.7"),
        ("3.23.10-r1", "3.23.10-r0"),
        ("0.10.0", "0.9.0"),
        ("16.1_00000000", "16.0_ffffffff"),
    ],
)
def test_versions_are_numbers(one: str, other: str) -> None:
    assert offers.newer(one, other)
    assert not offers.newer(other, one)
    assert not offers.newer(one, one)


def test_the_first_bound_is_the_fetcher_s() -> None:
    assert resolving.INDEX_MOST <= 16 << 20
    assert resolving.SUMS_MOST <= resolving.INDEX_MOST
