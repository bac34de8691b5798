"""Every offer that says it is signed, with real signatures of a key of our own in its distributor's place."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator

import msgspec
import pytest

from innkeeper.errors import InnkeeperError
from innkeeper.image.getting import Getter
from innkeeper.image.offers import catalogue
from innkeeper.image.offers.offer import Offer
from innkeeper.image.offers.release import SigningKey
from innkeeper.image.offers.resolving import resolve
from tests.distributors import Published, mirror_setting, published
from tests.signing import Signer
from tests.web_server import WebServer

SIGNED = [
    ("almalinux-9", "x86_64"),
    ("almalinux-10", "aarch64"),
    ("arch", "x86_64"),
    ("fedora-43", "aarch64"),
    ("fedora-44", "x86_64"),
    ("opensuse-leap-16.0", "x86_64"),
    ("opensuse-tumbleweed", "aarch64"),
    ("ubuntu-24.04", "x86_64"),
    ("ubuntu-26.04", "aarch64"),
]
"""One at least of each distributor that signs."""

pytestmark = pytest.mark.skipif(not shutil.which("gpg"), reason="needs gpg: run script/setup --test")


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signer]:
    made = Signer(tmp_path_factory.mktemp("keys") / "home", "A distributor <of@test>")
    yield made
    made.close()


@pytest.fixture(scope="module")
def there(signer: Signer) -> Published:
    known: dict[tuple[bytes, bool], bytes] = {}

    def sign(text: bytes, owner: str, inline: bool) -> bytes:
        """Only sums: of them alone is the signature looked at."""
        if owner == "nobody" or text.startswith(b"disk of "):
            return b"not looked at\n"
        if (text, inline) not in known:
            known[text, inline] = signer.inline(text) if inline else signer.detached(text)
        return known[text, inline]

    made = published(sign=sign)
    made.put("key.asc", signer.public())
    return made


@pytest.fixture(scope="module")
def server(there: Published) -> Iterator[str]:
    with WebServer(there.files) as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("INNKEEPER_MIRRORS", mirror_setting(url))
        patch.setenv("INNKEEPER_CATALOGUES", "")
        catalogue.load.cache_clear()
        yield url
    catalogue.load.cache_clear()


def offer_of(name: str, arch: str, url: str, fingerprint: str) -> Offer:
    found = catalogue.find(name, arch)
    assert found is not None
    assert found.key is not None
    key = SigningKey(fingerprint=fingerprint, url=f"{url}/key.asc", owner="A distributor")
    return msgspec.structs.replace(found, key=key)


@pytest.mark.parametrize(("name", "arch"), SIGNED)
def test_the_signature_is_checked(
    name: str, arch: str, signer: Signer, there: Published, server: str
) -> None:
    release = resolve(offer_of(name, arch, server, signer.fingerprint), Getter())
    data = there.files[release.url.removeprefix(f"{server}/")]
    kind, _, digest = release.digest.partition(":")
    assert digest == hashlib.new(kind, data).hexdigest()
    assert release.signed == f"A distributor ({signer.fingerprint})"
    with pytest.raises(InnkeeperError) as error:
        resolve(offer_of(name, arch, server, "0" * 40), Getter())
    assert error.value.code.startswith("signature.")


@pytest.mark.parametrize(("name", "arch"), SIGNED)
def test_one_byte_more_is_the_end_of_it(
    name: str, arch: str, signer: Signer, there: Published, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = offer_of(name, arch, server, signer.fingerprint)
    getter = Getter()
    resolve(offer, getter)
    path = getter.fetched[-1].url.removeprefix(f"{server}/")
    digest = resolve(offer, Getter()).digest.partition(":")[2].encode()
    other = there.files[path].replace(digest, digest[::-1])
    assert other != there.files[path]
    monkeypatch.setitem(there.files, path, other)
    with pytest.raises(InnkeeperError) as error:
        resolve(offer, Getter())
    assert error.value.code.startswith("signature.")
