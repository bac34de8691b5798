"""REST as its clients meet it: media types, tags, conditions, keys, operations, pages. The guests have no disk, and
nothing boots."""

from __future__ import annotations

import base64
import json
import select
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from lxml import etree

from innkeeper.libvirtxml.build import element
from tests.server import Server
from tests.world import World

API = "/api/v1"
JSON = {"Content-Type": "application/json"}
WAIT = {"Prefer": "wait=60"}
PROBLEM = "application/problem+json"
GUESTS = {"web1": 64, "web2": 128, "db1": 192}
"""Name → MiB of memory."""


@pytest.fixture(scope="module")
def server(world: World) -> Iterator[Server]:
    for name, size in GUESTS.items():
        world.run(["virsh", "--quiet", "define", "/dev/stdin"], input=document_of(name, size), check=True)
    with Server(world) as made:
        yield made


def document_of(name: str, size: int) -> str:
    guest = element("domain", {"type": "qemu"})
    etree.SubElement(guest, "name").text = name
    etree.SubElement(guest, "memory", unit="MiB").text = str(size)
    etree.SubElement(guest, "vcpu").text = "1"
    etree.SubElement(etree.SubElement(guest, "os"), "type", arch="x86_64", machine="pc").text = "hvm"
    video = etree.SubElement(etree.SubElement(guest, "devices"), "video")
    etree.SubElement(video, "model", type="vga")
    return etree.tostring(guest, encoding="unicode")


@pytest.fixture
def client(server: Server) -> httpx.Client:
    return server.client


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM), answer.text
    told: dict[str, Any] = answer.json()
    assert (told["code"], told["status"]) == (code, status)
    assert told["type"] == f"urn:innkeeper:problem:{code}"
    assert told["title"]
    assert told["remedy"]
    return told


def names(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["name"] for row in answer.json()]


def test_a_list_comes_in_pages(client: httpx.Client) -> None:
    whole = client.get(f"{API}/guests")
    assert names(whole) == ["db1", "web1", "web2"]
    assert (whole.headers["x-total-count"], "link" in whole.headers) == ("3", False)
    page = client.get(f"{API}/guests?limit=2&sort=-memory&fields=name,memory")
    assert page.json() == [{"name": "db1", "memory": 192 << 20}, {"name": "web2", "memory": 128 << 20}]
    assert page.headers["x-total-count"] == "3"
    after = page.headers["link"].removeprefix("<").partition(">")[0]
    last = client.get(after)
    assert last.json() == [{"name": "web1", "memory": 64 << 20}]
    assert "link" not in last.headers
    told = problem(client.get(f"{API}/guests?colour=red"), 400, "request.parameter")
    assert "state" in told["facts"]["choices"]


def test_what_is_as_it_was_is_not_sent_again(client: httpx.Client) -> None:
    for path in (
        "/guests",
        "/guests/web1",
        "/guests/web1/document",
        "/images",
        "/api/openapi.json",
    ):
        url = path if path.startswith("/api") else API + path
        first = client.get(url)
        assert first.status_code == 200, first.text
        again = client.get(url, headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
        head = client.head(url)
        assert (head.status_code, head.content) == (200, b"")


def test_stale_edits_are_refused(client: httpx.Client) -> None:
    seen = client.get(f"{API}/guests/web2").headers["etag"]
    titled = client.patch(f"{API}/guests/web2", json={"title": "one"}, headers={"If-Match": seen} | WAIT)
    assert titled.status_code == 200, titled.text
    for method, path, body in (
        ("PATCH", "/guests/web2", {"title": "two"}),
        ("POST", "/guests/web2/start", {}),
        ("POST", "/guests/web2/keys", {"keys": ["a"]}),
    ):
        refused = client.request(method, API + path, json=body, headers={"If-Match": seen} | WAIT)
        problem(refused, 412, "request.stale")
    problem(client.delete(f"{API}/guests/web2", headers={"If-Match": seen}), 412, "request.stale")
    document = client.get(f"{API}/guests/web2/document")
    text = document.json()["document"].replace("<title>one</title>", "<title>three</title>")
    tag = {"If-Match": document.headers["etag"]} | WAIT
    done = client.put(f"{API}/guests/web2/document", json={"document": text}, headers=tag)
    assert done.json()["guest"]["title"] == "three", done.text
    problem(
        client.put(f"{API}/guests/web2/document", json={"document": text}, headers=tag), 412, "request.stale"
    )
    assert client.get(f"{API}/guests/web2").json()["title"] == "three"
    nothing = client.post(f"{API}/operations/clean", json={}, headers={"If-Match": seen})
    problem(nothing, 400, "request.no_condition")


def test_a_condition_holds_under_the_lock_too(client: httpx.Client) -> None:
    """With a key it is not looked at before: the operation itself may have made it stale."""
    seen = client.get(f"{API}/guests/web2").headers["etag"]
    client.patch(f"{API}/guests/web2", json={"title": "meanwhile"}, headers=WAIT)
    headers = {"If-Match": seen, "Idempotency-Key": "stale-1"} | WAIT
    problem(client.patch(f"{API}/guests/web2", json={"title": "late"}, headers=headers), 412, "request.stale")
    assert client.get(f"{API}/guests/web2").json()["title"] == "meanwhile"


def test_one_key_is_one_operation(client: httpx.Client) -> None:
    key = {"Idempotency-Key": "one-1"}
    first = client.post(f"{API}/guests/web2/start", json={}, headers=key)
    again = client.post(f"{API}/guests/web2/start", json={}, headers=key)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.headers["location"] == again.headers["location"]
    done = client.post(f"{API}/guests/web2/start", json={}, headers=key | WAIT)
    assert (done.status_code, done.json()["state"]) == (200, "running"), done.text
    other = client.post(f"{API}/guests/web2/stop", json={"force": True}, headers=key)
    problem(other, 422, "request.key_reused")
    problem(
        client.post(f"{API}/guests/web2/stop", json={}, headers={"Idempotency-Key": "a b"}),
        400,
        "request.key",
    )
    assert (
        client.post(f"{API}/guests/web2/stop", json={"force": True}, headers=WAIT).json()["state"]
        == "stopped"
    )


def test_an_operation_is_followed(client: httpx.Client) -> None:
    begun = client.post(f"{API}/guests/nobody/start", json={})
    assert begun.status_code == 202
    path = begun.headers["location"]
    assert path == f"{API}/operations/{begun.json()['id']}"
    assert client.get(f"{path}/log?wait=60").status_code == 200
    view = client.get(path).json()
    assert (view["state"], view["problem"]["code"]) == ("refused", "guest.unknown")
    listed = client.get(f"{API}/operations?state=refused&target=nobody&fields=id,verb")
    assert listed.json() == [{"id": view["id"], "verb": "guest.start"}]
    problem(client.post(f"{path}/cancel"), 409, "operation.ended")
    retried = client.post(f"{path}/retry")
    assert (retried.status_code, retried.json()["retry_of"]) == (202, view["id"])
    told = problem(client.post(f"{API}/guests/nobody/start", json={}, headers=WAIT), 404, "guest.unknown")
    assert told["instance"].startswith(f"{API}/operations/")
    problem(client.get(f"{API}/operations/ffffffffffff"), 404, "operation.unknown")
    problem(client.get(f"{path}/log?after=x"), 400, "request.invalid")
    problem(client.get(f"{path}/log?nosuch=1"), 400, "request.parameter")


def test_who_waits_takes_nothing_from_others(server: Server, client: httpx.Client) -> None:
    """More wait than there are threads. What they wait for is a guest that does not heed its power button."""
    client.post(f"{API}/guests/web2/start", json={}, headers=WAIT)
    begun = client.post(f"{API}/guests/web2/stop", json={"timeout": 600}).headers["location"]
    while client.get(begun).json()["state"] == "queued":
        time.sleep(0.1)
    request = f"GET {begun}/log?after={2**40}&wait=600 HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
    request += f"Authorization: Bearer {server.token}\r\nConnection: close\r\n\r\n"
    waiting = [server.connect() for _ in range(60)]
    for one in waiting:
        one.sendall(request.encode())
    assert client.get(f"{API}/guests").status_code == 200
    assert client.get(f"{API}/guests/web2").json()["state"] == "running"
    assert select.select(waiting, [], [], 0)[0] == []
    cancelled = client.post(f"{begun}/cancel")
    assert cancelled.status_code == 200, cancelled.text
    for one in waiting:
        with one, one.makefile("rb") as answer:
            assert answer.readline() == b"HTTP/1.1 200 OK\r\n"
    view = client.get(begun).json()
    assert view["state"] == "cancelled"
    assert view["cancelled_by"]


def test_a_schedule_and_its_runs_tell_who_made_it(server: Server, client: httpx.Client) -> None:
    """Through the server whose token it was; on the host its user."""
    me = client.get(f"{API}/session").json()["name"]
    asked = {"name": "daily", "action": "stop", "guest": "db1", "cron": "@daily"}
    assert client.post(f"{API}/schedules", json=asked).json()["who"] == me
    server.world.inn("schedule", "create", "hourly", "stop", "db1", "--at", "@hourly", check=True)
    assert {one["name"]: one["who"] for one in client.get(f"{API}/schedules").json()} == {
        "daily": me,
        "hourly": "root",
    }
    assert me in server.world.inn("schedule", "show", "daily", check=True).stdout
    run = client.post(f"{API}/schedules/daily/run", headers=WAIT)
    assert (run.status_code, run.json()["who"]) == (200, me)
    done = client.get(f"{API}/operations/{run.json()['last_operation']}").json()
    assert (done["who"], done["state"]) == (me, "done")


def test_a_screen_is_a_picture(client: httpx.Client) -> None:
    client.post(f"{API}/guests/web2/start", json={}, headers=WAIT)
    url = f"{API}/guests/web2/screenshot"
    picture = client.get(url, headers={"Accept": "image/avif,image/webp,image/png,*/*;q=0.8"})
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    plain = client.get(url).json()
    assert plain["media_type"] == "image/png"
    assert base64.b64decode(plain["data"]).startswith(b"\x89PNG")
    client.post(f"{API}/guests/web2/stop", json={"force": True}, headers=WAIT)


def test_a_dry_run_touches_nothing(client: httpx.Client) -> None:
    before = client.get(f"{API}/guests/web1").headers["etag"]
    plan = client.delete(f"{API}/guests/web1?dry_run=true&force=true")
    assert plan.status_code == 200
    assert {"summary", "commands", "documents"} <= set(plan.json())
    problem(client.post(f"{API}/guests/nobody/stop?dry_run=true", json={}), 404, "guest.unknown")
    problem(client.delete(f"{API}/guests/web1?dry_run=perhaps"), 400, "request.invalid")
    assert client.get(f"{API}/guests/web1").headers["etag"] == before


def test_media_types(client: httpx.Client) -> None:
    document = f"{API}/guests/web1/document"
    assert client.get(document).headers["content-type"] == "application/json"
    xml = client.get(document, headers={"Accept": "text/html;q=0.1, application/*;q=0.4, application/xml"})
    assert xml.headers["content-type"].partition(";")[0] == "application/xml"
    assert etree.fromstring(xml.content).findtext("name") == "web1"
    for accept in ("text/html", "application/json;q=0", "*/*;q=0.0", "application/json;q=inf"):
        problem(client.get(document, headers={"Accept": accept}), 406, "http.406")
    problem(client.patch(f"{API}/guests/web1", content="{}"), 415, "http.415")
    problem(client.patch(f"{API}/guests/web1", data={"title": "x"}), 415, "http.415")
    chinese = client.get(f"{API}/guests/nobody", headers={"Accept-Language": "zh-CN,en;q=0.5"})
    assert problem(chinese, 404, "guest.unknown")["title"] == "没有虚拟机 nobody"


def test_methods(client: httpx.Client) -> None:
    refused = client.post(f"{API}/guests/web1")
    problem(refused, 405, "http.405")
    assert refused.headers["allow"] == "DELETE, GET, HEAD, OPTIONS, PATCH"
    problem(client.get(f"{API}/nosuch"), 404, "http.404")


HOSTILE = {
    "malformed": (b'{"title": ', "request.json"),
    "twice": (b"{} {}", "request.json"),
    "not an object": (b"[]", "request.json"),
    "null": (b"null", "request.json"),
    "not UTF-8": (b'{"title": "\xff"}', "request.json"),
    "half a pair": (b'{"title": "\\ud800"}', "request.json"),
    "deep": (b'{"title": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "request.json"),
    "deep objects": (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "request.json"),
    "NUL": (b'{"title": "a\\u0000b"}', "request.nul"),
    "NUL in a key": (b'{"labels": {"a\\u0000": "b"}}', "request.nul"),
    "a number": (b'{"title": 7}', "request.invalid"),
    "an endless number": (b'{"cpus": 1' + b"0" * 5000 + b"}", "request.json"),
    "beyond numbers": (b'{"cpus": 1e999}', "request.json"),
    "unknown": (b'{"colour": "red"}', "request.invalid"),
    "empty": (b'{"title": ""}', "request.empty"),
    "another name": (b'{"name": "web2"}', "request.in_path"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_bodies(case: str, client: httpx.Client) -> None:
    body, code = HOSTILE[case]
    problem(client.patch(f"{API}/guests/web1", content=body, headers=JSON), 400, code)


def test_a_body_has_bounds(client: httpx.Client) -> None:
    """Whether it says how long it is or not."""
    large = b'{"title": "' + b"x" * (5 << 20) + b'"}'
    problem(client.patch(f"{API}/guests/web1", content=large, headers=JSON), 413, "http.413")
    pieces = (large[at : at + 65536] for at in range(0, len(large), 65536))
    problem(client.patch(f"{API}/guests/web1", content=pieces, headers=JSON), 413, "http.413")
    fits = json.dumps({"document": "<domain>" + "x" * (3 << 20), "base": None}).encode()
    answer = client.put(f"{API}/guests/web1/document?dry_run=true", content=fits, headers=JSON)
    assert answer.status_code == 400, answer.text[:300]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/guests/%00", 400),
        ("/guests/%ff", 404),
        ("/guests/..%2f..%2fetc%2fpasswd", 404),
        ("/guests/a%2fb", 404),
        ("/guests/" + "x" * 3000, 404),
        ("/guests?%00=1", 400),
        ("/guests?name=%ff", 200),
        ("/guests?limit=9" + "9" * 5000, 400),
        ("/guests?" + "&".join(f"name=x{n}" for n in range(1500)), 200),
        ("/hosts/local/devices?kind=pci&kind=nosuch", 400),
        ("/hosts/local/devices?all=true&all=true", 400),
        ("/hosts/local/devices?all=", 400),
        ("/guests/web1/logs?lines=many", 400),
        ("/guests/web1?name=web2", 400),
    ],
)
def test_hostile_words(path: str, status: int, client: httpx.Client) -> None:
    answer = client.get(API + path)
    assert answer.status_code == status, answer.text
    if status != 200:
        assert answer.headers["content-type"] == PROBLEM


def test_the_description_is_for_everybody(server: Server) -> None:
    with server.browser() as nobody:
        described = nobody.get("/api/openapi.json")
        assert described.json()["openapi"] == "3.1.0"
        page = nobody.get("/api")
        assert page.headers["content-type"].startswith("text/html")
        assert "/api/v1/guests/{name}/start" in page.text
        assert "src=" not in page.text, "nothing from elsewhere"
        assert "启动虚拟机" in nobody.get("/api", headers={"Accept-Language": "zh"}).text
        assert nobody.get(f"{API}/guests").status_code == 401


def test_options_tells_all_methods_of_a_path(server: Server) -> None:
    for path in ("/api/v1/guests", "/api/v1/guests/web1", "/api/v1/tokens", "/api/v1/uploads/none"):
        told, refused = server.client.options(path), server.client.request("TRACE", path)
        assert (told.status_code, refused.status_code) == (204, 405), path
        assert told.headers["allow"] == refused.headers["allow"]
        assert "GET" in told.headers["allow"]
