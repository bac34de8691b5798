"""What a distributor's server, or somebody in its place, may answer: nothing of it leads elsewhere, and no release
comes of half of it."""

from __future__ import annotations

import pytest

from innkeeper.errors import Conflict, InnkeeperError
from innkeeper.image.offers import indexes, reading, sums
from innkeeper.image.offers.offer import Offer
from innkeeper.image.offers.release import Release, SigningKey
from innkeeper.image.offers.resolving import resolve
from innkeeper.tools import web
from tests.web_server import WebServer

GOOD, OTHER = "a" * 64, "b" * 64
CATALOGUE = """
version = 1
distributor = "here"
base = "https://here.example/images"
[[image]]
name = "x"
title = "X"
index = "{release}/"
pattern = 'x-(.+)\\.{arch}\\.qcow2'
words = { release = "r1" }
file = "{release}/{found}"
sums = "{release}/SUMS"
arches = { x86_64 = {} }
most = "1G"
"""


def offer(text: str = CATALOGUE) -> Offer:
    found, faults = reading.read(text, "here.toml")
    assert not faults
    return found[0]


class Told:
    """Texts by the last part of their URL."""

    def __init__(self, **texts: str) -> None:
        self.texts = texts
        self.asked: list[str] = []

    def text(self, url: str, most: int) -> str:
        self.asked.append(url)
        text = self.texts[url.rpartition("/")[2] or "index"]
        if len(text) > most:
            raise Conflict("web.too_large", url=url, most=most)
        return text

    def signed_text(self, url: str, signature_url: str | None, key: SigningKey, most: int) -> str:
        raise AssertionError("nothing here is signed")


def links(*names: str) -> str:
    return "".join(f'<a href="{name}">x</a>\n' for name in names)


def found(index: str, said: str) -> Release:
    return resolve(offer(), Told(index=index, SUMS=said))


def refused(code: str, index: str, said: str) -> None:
    with pytest.raises(Conflict) as error:
        found(index, said)
    assert error.value.code == code
    assert len(error.value.text()) < 1000


def test_a_good_answer_is_taken() -> None:
    release = found(links("../", "x-1.x86_64.qcow2", "x-2.x86_64.qcow2"), f"{GOOD}  x-2.x86_64.qcow2\n")
    assert (release.version, release.digest) == ("2", f"sha256:{GOOD}")
    assert release.url == "https://here.example/images/r1/x-2.x86_64.qcow2"


# --- indexes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<html><head><title>404 Not Found</title></head><body>We are sorry</body></html>",
        "<html><a href='/login?next=x-9.x86_64.qcow2'>Sign in</a></html>",
        links("x-1.aarch64.qcow2", "x-1.x86_64.qcow2.asc", "y-1.x86_64.qcow2"),
        "x-1.x86_64.qcow2",
        "\\0" * 1000,
    ],
)
def test_a_page_without_an_image_is_no_release(page: str) -> None:
    refused("image.no_release", page, f"{GOOD}  x-9.x86_64.qcow2\n")


@pytest.mark.parametrize(
    "link",
    [
        "x-../../../etc/passwd.x86_64.qcow2",
        "x-..%2f..%2f9.x86_64.qcow2",
        "x-9%00.x86_64.qcow2",
        "x-9%0a.x86_64.qcow2",
        "x-9;rm -rf.x86_64.qcow2",
        "x-9 9.x86_64.qcow2",
        "x-9%20.x86_64.qcow2",
        "x-$(id).x86_64.qcow2",
        "x--rf.x86_64.qcow2",
        "x-9/x86_64.qcow2/",
        "x-" + "9" * 300 + ".x86_64.qcow2",
        "x-" + "9" * 60 + ".x86_64.qcow2",
        "x-ü.x86_64.qcow2",
    ],
)
def test_a_name_that_could_lead_elsewhere_is_not_there(link: str) -> None:
    refused("image.no_release", links(link), f"{GOOD}  {link}\n")


def test_a_link_to_another_server_counts_by_its_name_alone() -> None:
    release = found(links("https://evil.example/1/x-2.x86_64.qcow2"), f"{GOOD}  x-2.x86_64.qcow2\n")
    assert release.url == "https://here.example/images/r1/x-2.x86_64.qcow2"


@pytest.mark.parametrize(
    "table", ["", "{", "[]", '{"data": 1}', '{"data": [1]}', '{"data": [{"nom": "x"}]}', "[" * 100_000]
)
def test_a_table_that_is_none(table: str) -> None:
    with pytest.raises(Conflict) as error:
        indexes.names(table, "json", "https://here.example")
    assert error.value.code == "image.index_unread"


def test_a_table_may_hold_anything_as_a_name() -> None:
    table = '{"data": [{"name": "good.qcow2"}, {"name": "../bad"}, {"name": 7}, {"name": "a\\\\nb"}]}'
    assert indexes.names(table, "json", "https://here.example") == ["good.qcow2"]


def test_names_beyond_number_are_left() -> None:
    page = "".join(f'<a href="n{number}">' for number in range(150_000))
    assert len(indexes.names(page, "html", "https://here.example")) == 100_000


# --- sums -------------------------------------------------------------------------------------------------------------

NAME = "x-2.x86_64.qcow2"
INDEX = links(NAME)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "<html>Not Found</html>",
        f"{GOOD}  x-1.x86_64.qcow2\n",
        f"{GOOD}  {NAME}.sig\n",
        f"{GOOD}  other/{NAME}\n",
        f"{GOOD}  ../{NAME}\n",
        f"{GOOD}  /{NAME}\n",
        f"{GOOD[:-1]}  {NAME}\n",
        f"{GOOD}a  {NAME}\n",
        f"{GOOD}{GOOD}  {NAME}\n",
        f"{'g' * 64}  {NAME}\n",
        f"SHA512 ({NAME}) = {GOOD}{GOOD}\n",
        f"SHA1 ({NAME}) = {GOOD}\n",
        f"MD5 ({NAME}) = {GOOD}\n",
        f"SHA256 ({NAME}) = {GOOD}{GOOD}\n",
        f"SHA256 ({NAME}) {GOOD}\n",
        f"# {GOOD}  {NAME}\n",
        f"{GOOD}  {NAME.upper()}\n",
        f"{GOOD}\n",
    ],
)
def test_sums_without_the_file(said: str) -> None:
    refused("image.sums_lack", INDEX, said)


@pytest.mark.parametrize(
    "said",
    [
        f"{GOOD}  {NAME}\n{OTHER}  {NAME}\n",
        f"{GOOD}  {NAME}\nSHA256 ({NAME}) = {OTHER}\n",
        f"{GOOD} *{NAME}\r\n{OTHER}  ./{NAME}\r\n",
        f"# {NAME}: 5 bytes\n# {NAME}: 6 bytes\nSHA256 ({NAME}) = {GOOD}\n",
    ],
)
def test_two_sums_of_one_file(said: str) -> None:
    refused("image.sums_differ", INDEX, said)


@pytest.mark.parametrize(
    "said",
    [
        f"{GOOD}  {NAME}\n{GOOD} *{NAME}\n",
        f"{GOOD.upper()}  {NAME}",
        f"{GOOD}  ./{NAME}\r\n",
        f"\ufeff\n{GOOD} {NAME}\n",
        f"SHA512 ({NAME}) = {GOOD}{GOOD}\nSHA256 ({NAME}) = {GOOD}\n",
        f"{OTHER}  x\n" * 5000 + f"{GOOD}  {NAME}\n",
    ],
)
def test_one_sum_in_any_manner(said: str) -> None:
    assert found(INDEX, said).digest == f"sha256:{GOOD}"


@pytest.mark.parametrize("size", [1 << 31, 10**18, (1 << 63) + 1])
def test_an_absurd_size(size: int) -> None:
    refused("image.offer_large", INDEX, f"# {NAME}: {size} bytes\nSHA256 ({NAME}) = {GOOD}\n")


def test_a_size_is_told() -> None:
    assert found(INDEX, f"# {NAME}: 544997376 bytes\nSHA256 ({NAME}) = {GOOD}\n").size == 544997376


@pytest.mark.parametrize(
    "said", ["", "x", GOOD[:-1], f"{GOOD} {GOOD}", f"{GOOD}  x", f"{GOOD}\n{OTHER}", "<html>"]
)
def test_a_bare_sum_is_alone(said: str) -> None:
    with pytest.raises(Conflict) as error:
        sums.find(said, "x", "sha256", True, "https://here.example")
    assert error.value.code == "image.sums_lack"


def test_a_bare_sum_has_its_length() -> None:
    assert sums.find(f"{GOOD}\n", "x", "sha256", True, "u").digest == f"sha256:{GOOD}"
    with pytest.raises(Conflict):
        sums.find(f"{GOOD}\n", "x", "sha512", True, "u")


# --- a real server ----------------------------------------------------------------------------------------------------


class Fetched(Told):
    def text(self, url: str, most: int) -> str:
        self.asked.append(url)
        return web.text(url, most).decode()


def test_an_index_of_a_hundred_megabytes_is_left_unread() -> None:
    vast = b"<a href='x-2.x86_64.qcow2'>" + b" " * (100 << 20)
    with WebServer({"r1/": vast}) as url:
        mine = offer(CATALOGUE.replace("https://here.example/images", url))
        with pytest.raises(InnkeeperError) as error:
            resolve(mine, Fetched())
    assert error.value.code == "web.too_large"


def test_an_address_that_is_gone() -> None:
    with WebServer({}) as url:
        mine = offer(CATALOGUE.replace("https://here.example/images", url))
        with pytest.raises(InnkeeperError) as error:
            resolve(mine, Fetched())
    assert error.value.code == "web.missing"
