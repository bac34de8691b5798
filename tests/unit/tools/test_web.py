"""Servers that do not do what one asks of them, and what is made of their answers."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

import pytest

from innkeeper.errors import Conflict, Failed, InnkeeperError, NotFound
from innkeeper.machine import local
from innkeeper.tools import web
from tests.odd_server import OddServer

DATA = os.urandom(3_000_000)
OTHER = os.urandom(2_500_000)
MOST = 1 << 24


@pytest.fixture
def server(tmp_path: Path) -> Iterator[OddServer]:
    folder = tmp_path / "site"
    folder.mkdir()
    with OddServer(folder) as made:
        yield made


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "PAUSE", 0.01)
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


class Kept:
    """A sink that remembers: what a process leaves that is killed, and its successor finds."""

    def __init__(self, path: Path, have: int = 0, known: web.Known | None = None) -> None:
        self.path, self.have, self.known = str(path), have, known
        self.file: IO[bytes] = local().files.grow(self.path)
        self.began: list[int] = []
        self.problems: list[str] = []
        self.stop_at: int | None = None

    def begin(self, known: web.Known, at: int) -> None:
        self.began.append(at)

    def came(self, have: int) -> None:
        if self.stop_at is not None and have >= self.stop_at:
            raise KeyboardInterrupt

    def again(self, error: InnkeeperError) -> None:
        self.problems.append(error.code)

    def waits(self) -> None:
        pass

    def close(self) -> None:
        self.file.close()

    def read(self) -> bytes:
        return Path(self.path).read_bytes()


Sinks = Callable[..., Kept]


@pytest.fixture
def sinks(tmp_path: Path) -> Iterator[Sinks]:
    """Makes them; all are the same file unless a name is said."""
    with ExitStack() as made:

        def make(have: int = 0, known: web.Known | None = None, name: str = "file.part") -> Kept:
            sink = Kept(tmp_path / name, have, known)
            made.callback(sink.close)
            return sink

        yield make


@pytest.fixture
def sink(sinks: Sinks) -> Kept:
    return sinks()


def fetch(url: str, sink: Kept) -> bytes:
    web.obtain(url, sink, MOST)
    return sink.read()


def test_whole(server: OddServer, sink: Kept) -> None:
    assert fetch(server.put("a", DATA), sink) == DATA
    (asked,) = server.asked("a")
    assert (asked["Range"], asked["Accept-Encoding"]) == (None, "identity")
    assert sink.known is not None
    assert (sink.known.size, sink.known.modified) == (len(DATA), None)


def test_nothing_at_all(server: OddServer, sink: Kept) -> None:
    assert fetch(server.put("empty", b""), sink) == b""


def test_cut_off_again_and_again(server: OddServer, sink: Kept) -> None:
    """Each try brings a part, and none a byte that is there."""
    assert fetch(server.put("a", DATA, "cut", 1_100_000), sink) == DATA
    assert sink.began == [0, 1_100_000, 2_200_000]
    assert [asked["Range"] for asked in server.asked("a")] == [None, "bytes=1100000-", "bytes=2200000-"]
    assert sink.known
    assert all(asked["If-Range"] == sink.known.etag for asked in server.asked("a")[1:])


def test_cut_off_with_no_way_forward(server: OddServer, sink: Kept) -> None:
    url = server.put("a", DATA, "whole", 2_000_000)
    with pytest.raises(Failed) as caught:
        web.obtain(url, sink, MOST)
    assert (caught.value.code, caught.value.facts["came"]) == ("web.cut_off", 2_000_000)
    assert len(server.asked("a")) == web.TRIES + 1, "the first one brought something"


def test_gone_on_with_by_the_next_process(server: OddServer, sink: Kept, sinks: Sinks) -> None:
    url = server.put("a", DATA, "slow", 4_000_000)
    sink.stop_at = 1_000_000
    with pytest.raises(KeyboardInterrupt):
        web.obtain(url, sink, MOST)
    server.set("a")
    successor = sinks(sink.have, sink.known)
    assert fetch(url, successor) == DATA
    assert successor.began == [sink.have]
    assert server.asked("a")[-1]["Range"] == f"bytes={sink.have}-"


def test_a_date_where_there_is_no_tag(server: OddServer, sink: Kept) -> None:
    sink.file.write(DATA[:1000])
    sink.have, sink.known = 1000, web.Known(len(DATA), 'W/"weak"', "Sun, 22 Nov 2026 10:00:00 GMT")
    fetch(server.put("a", DATA), sink)
    assert server.asked("a")[0]["If-Range"] == "Sun, 22 Nov 2026 10:00:00 GMT"
    assert sink.began == [0], "it does not know that date"


def test_changed_between_two_requests(server: OddServer, sink: Kept) -> None:
    server.put("a.new", OTHER)
    assert fetch(server.put("a", DATA, "changes", 1_000_000), sink) == OTHER
    assert sink.began == [0, 0]


@pytest.mark.parametrize("way", ["whole", "other_range", "not_satisfiable"])
def test_servers_that_cannot_go_on(server: OddServer, sinks: Sinks, tmp_path: Path, way: str) -> None:
    (tmp_path / "file.part").write_bytes(DATA[:1_000_000])
    sink = sinks(1_000_000, web.Known(len(DATA), '"x"'))
    server.put("a", DATA, way)
    if way == "other_range":
        server.set("a", "other_range")
        with pytest.raises(InnkeeperError):
            web.obtain(f"{server.url}/a", sink, MOST)
        assert sink.read() == DATA[: sink.have], "no byte stands where it does not belong"
        server.set("a")
    assert fetch(f"{server.url}/a", sink) == DATA


def test_all_of_it_was_there(server: OddServer, sink: Kept, sinks: Sinks) -> None:
    url = server.put("a", DATA)
    fetch(url, sink)
    again = sinks(sink.have, sink.known)
    assert fetch(url, again) == DATA
    assert again.began == []


def test_more_was_there_than_the_file_has(server: OddServer, sinks: Sinks, tmp_path: Path) -> None:
    (tmp_path / "file.part").write_bytes(OTHER + OTHER)
    sink = sinks(2 * len(OTHER), web.Known(None))
    assert fetch(server.put("a", DATA), sink) == DATA
    assert sink.began == [0]


def test_lies_about_length(server: OddServer, sink: Kept, sinks: Sinks) -> None:
    assert fetch(server.put("short", DATA, "says", 1000), sink) == DATA[:1000], "its digest tells"
    url = server.put("long", DATA, "says", len(DATA) + 1000)
    with pytest.raises(Failed, match="cut off after 3000000 bytes of 3001000"):
        web.obtain(url, sinks(name="2"), MOST)
    with pytest.raises(Conflict, match="larger than"):
        web.obtain(server.put("vast", DATA, "says", 1 << 40), sinks(name="3"), MOST)
    assert len(server.asked("vast")) == 1


def test_no_length(server: OddServer, sink: Kept) -> None:
    assert fetch(server.put("a", DATA, "unsized"), sink) == DATA


def test_without_end(server: OddServer, sink: Kept) -> None:
    with pytest.raises(Conflict, match="larger than"):
        web.obtain(server.put("a", b"", "endless"), sink, MOST)
    assert os.stat(sink.path).st_size == MOST + 1
    with pytest.raises(Conflict, match="larger than 1000"):
        web.text(f"{server.url}/a", 1000)


def test_headers_without_end(server: OddServer, sink: Kept) -> None:
    began = time.monotonic()
    with pytest.raises(Conflict):
        web.look(server.put("a", b"", "endless_headers"))
    assert time.monotonic() - began < 60


@pytest.mark.parametrize(("way", "came"), [(("silent",), 0), (("stall", 300), 300), (("slow", 50.0), 0)])
def test_silence(server: OddServer, sink: Kept, monkeypatch: pytest.MonkeyPatch, way: Any, came: int) -> None:
    """A server that only trickles is a silent one, too."""
    monkeypatch.setattr(web, "TRIES", 1)
    monkeypatch.setattr(web, "SILENCE", 2)
    url = server.put("a", DATA, *way)
    with pytest.raises(InnkeeperError, match="nothing came for 2 s"):
        web.obtain(url, sink, MOST)
    assert sink.have >= came


def test_asked_again_what_may_pass(server: OddServer, sink: Kept) -> None:
    assert fetch(server.put("a", DATA, "status", 503, 2), sink) == DATA
    assert sink.problems == ["web.status", "web.status"]
    assert web.text(server.put("b", b"text", "status", 500, 2), 100) == b"text"
    for status, kind in ((404, NotFound), (400, Conflict)):
        name = f"s{status}"
        with pytest.raises(kind):
            web.obtain(server.put(name, DATA, "status", status), sink, MOST)
        assert len(server.asked(name)) == 1


def test_packed_though_asked_not_to(server: OddServer, sink: Kept) -> None:
    with pytest.raises(Conflict) as caught:
        web.obtain(server.put("a.qcow2", DATA, "packed"), sink, MOST)
    assert caught.value.code == "web.packed"
    with pytest.raises(Conflict):
        web.text(server.put("sums", b"text", "packed"), 100)
    assert fetch(server.put("a.raw.gz", DATA, "called_packed"), sink) == DATA


def test_redirects(server: OddServer, sink: Kept) -> None:
    server.put("b", DATA)
    assert fetch(server.put("a", b"", "to", "/b"), sink) == DATA
    for way, shown in (
        ("file:///etc/passwd", "file:"),
        ("/circle", "/circle"),
        ("/{count}", "/"),
        ("ftp://x/", "ftp:"),
    ):
        name = {"/{count}": "0"}.get(way, "circle")
        for number in range(20):
            server.put(str(number), b"", "to", way)
        with pytest.raises(Conflict) as caught:
            web.obtain(server.put(name, b"", "to", way), sink, MOST)
        assert caught.value.code == "web.redirects"
        assert shown in str(caught.value.facts["to"])
    assert sink.began == [0]


def test_from_https_to_http(server: OddServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not shutil.which("openssl"):
        pytest.skip("makes its certificate with openssl")
    pem = tmp_path / "server.pem"
    make = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
    ]
    make += ["-keyout", str(pem), "-out", str(tmp_path / "cert.pem"), "-subj", "/CN=localhost"]
    subprocess.run([*make, "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
    pem.write_bytes(pem.read_bytes() + (tmp_path / "cert.pem").read_bytes())
    (tmp_path / "safe").mkdir()
    plain = server.put("a", b"text")
    with OddServer(tmp_path / "safe", certificate=pem) as safe:
        with pytest.raises(Conflict) as untrusted:
            web.text(safe.put("b", b"proven"), 100)
        assert untrusted.value.code == "web.certificate"
        monkeypatch.setenv("CURL_CA_BUNDLE", str(tmp_path / "cert.pem"))
        assert web.text(f"{safe.url}/b", 100) == b"proven"
        with pytest.raises(Conflict) as caught:
            web.text(safe.put("c", b"", "to", plain), 100)
        assert (caught.value.code, caught.value.facts["to"]) == ("web.redirects", plain)
        assert server.asked("a") == []
        assert web.text(server.put("up", b"", "to", f"{safe.url}/b"), 100) == b"proven"
        with pytest.raises(Conflict, match="not followed"):  # up, and down again
            web.text(server.put("over", b"", "to", f"{safe.url}/c"), 100)


def test_proxies(server: OddServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.put("a", b"text")
    monkeypatch.setenv("INNKEEPER_PROXY", server.url)
    assert web.text("http://images.invalid/a", 100) == b"text"
    assert [asked["proxied"] for asked in server.asked("a")] == [True]
    monkeypatch.delenv("INNKEEPER_PROXY")
    monkeypatch.setenv("http_proxy", server.url)
    assert web.text("http://images.invalid/a", 100) == b"text"
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert web.text(f"{server.url}/a", 100) == b"text"
    assert [asked["proxied"] for asked in server.asked("a")] == [True, True, False]


def test_what_the_user_set_for_curl_is_left_aside(
    server: OddServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".curlrc").write_text("output = /dev/null\nuser-agent = other\nproxy = http://127.0.0.1:1\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CURL_HOME", str(tmp_path))
    assert web.text(server.put("a", b"text"), 100) == b"text"


def test_a_password_in_a_url_is_in_no_list_of_processes_and_goes_to_no_other(server: OddServer) -> None:
    url = server.put("a", b"text", "stall", 2).replace("://", "://me:secret@")
    found = None
    for _ in range(2):
        with web._opened(url) as answer:
            found = Path(f"/proc/{answer.body._child.pid}/cmdline").read_bytes()
    assert found is not None
    assert b"curl" in found
    assert b"secret" not in found
    assert server.asked("a")[0]["Authorization"]
    with OddServer(server.directory) as other:
        web.text(server.put("b", b"", "to", other.put("c", b"text")).replace("://", "://me:secret@"), 100)
        assert server.asked("c")[0]["Authorization"] is None


def test_a_file_that_takes_no_more(server: OddServer, sink: Kept) -> None:
    url = server.put("a", DATA)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, before[1]))
    try:
        with pytest.raises(Failed) as caught:
            web.obtain(url, sink, MOST)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert caught.value.code == "machine.file_failed"
    assert sink.have == 1 << 20
    assert sink.read() == DATA[: 1 << 20]
