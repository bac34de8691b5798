"""Uploads to a server, cut off and gone on with; volumes that are downloaded in parts."""

from __future__ import annotations

import hashlib
import random
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.server import Server
from tests.world import World

UPLOADS = "/api/v1/uploads"
PART = "application/offset+octet-stream"


@pytest.fixture(scope="module")
def server(tiny_world: World) -> Iterator[Server]:
    with Server(tiny_world) as made:
        yield made


def data(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def begin(server: Server, **asked: Any) -> str:
    answer = server.client.post(UPLOADS, json=asked)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"{UPLOADS}/{answer.json()['id']}"
    return str(answer.headers["location"])


def send(server: Server, place: str, offset: int, body: bytes, **headers: str) -> httpx.Response:
    told = {"Content-Type": PART, "Upload-Offset": str(offset)} | headers
    return server.client.patch(place, content=body, headers=told)


def send_on(server: Server, place: str, offset: int, body: bytes) -> httpx.Response:
    """What came of the part before may still be written when its sender is gone already."""
    deadline = time.monotonic() + 30
    while (answer := send(server, place, offset, body)).status_code == 423:
        assert time.monotonic() < deadline
    return answer


def offset_of(server: Server, place: str) -> int:
    answer = server.client.head(place)
    assert answer.status_code == 200
    assert answer.headers["tus-resumable"] == "1.0.0"
    return int(answer.headers["upload-offset"])


def stored(server: Server) -> list[str]:
    return server.world.run(["ls", "/var/lib/innkeeper/uploads"]).stdout.split()


def cut_off(server: Server, place: str, offset: int, body: bytes, keep: int) -> None:
    """A client that promises the whole body, and leaves after some of it."""
    head = (
        f"PATCH {place} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nAuthorization: Bearer {server.token}\r\n"
        f"Content-Type: {PART}\r\nUpload-Offset: {offset}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with server.connect() as line:
        line.sendall(head.encode() + body[:keep])
        line.shutdown(socket.SHUT_WR)
        line.settimeout(60)
        while line.recv(65536):
            pass


def test_it_comes_in_parts_and_is_compared(server: Server) -> None:
    whole = data(3_000_000)
    place = begin(server, size=len(whole), sha256=hashlib.sha256(whole).hexdigest(), name="some.iso")
    for at in range(0, len(whole), 1_000_001):
        answer = send(server, place, at, whole[at : at + 1_000_001])
        assert answer.status_code == 204, answer.text
    assert answer.headers["upload-offset"] == str(len(whole))
    told = server.client.get(place).json()
    assert (told["whole"], told["name"], told["offset"]) == (True, "some.iso", len(whole))
    assert send(server, place, len(whole), b"more").json()["code"] == "upload.offset"
    mode = server.world.run(["stat", "-c", "%a", "/var/lib/innkeeper/uploads"]).stdout.strip()
    assert mode == "700"
    assert server.client.delete(place).status_code == 204
    assert server.client.head(place).status_code == 404
    assert stored(server) == []


def test_it_is_cut_off_at_many_points_and_goes_on(server: Server) -> None:
    whole, chance = data(5_000_000), random.Random(7)
    place = begin(server, size=len(whole), sha256=hashlib.sha256(whole).hexdigest())
    at, most, cuts = 0, 0, 0
    while at < len(whole):
        rest = whole[at:]
        keep = min(len(rest), chance.choice((0, 1, 70_000, 900_000, 1_048_576, 1_300_000)))
        if keep == len(rest):
            answer = send_on(server, place, at, rest)
            assert answer.status_code == 204 or answer.json()["code"] == "upload.offset", answer.text
        else:
            cut_off(server, place, at, rest, keep)
            cuts += 1
        now, most = offset_of(server, place), max(most, at + keep)
        assert at <= now <= most
        at = now
    assert cuts > 2
    assert server.client.get(place).json()["whole"]
    server.client.delete(place)


def test_a_killed_server_goes_on(server: Server) -> None:
    whole = data(3_000_000)
    place = begin(server, size=len(whole), sha256=hashlib.sha256(whole).hexdigest())
    send(server, place, 0, whole[:1_500_000])
    server.kill()
    server.restart()
    at = offset_of(server, place)
    assert at == 1_500_000
    assert send(server, place, at, whole[at:]).status_code == 204
    assert server.client.get(place).json()["whole"]
    server.client.delete(place)


def test_what_is_wrong_is_told(server: Server) -> None:
    def code(answer: httpx.Response) -> tuple[int, str]:
        return answer.status_code, answer.json()["code"]

    place = begin(server, size=10, sha256="0" * 64)
    assert code(send(server, place, 3, b"x")) == (409, "upload.offset")
    assert code(send(server, place, 0, b"x" * 11)) == (409, "upload.length")
    assert code(server.client.patch(place, content=b"x")) == (415, "upload.type")
    assert code(send(server, place, 0, b"x", **{"Upload-Offset": "-1"})) == (400, "request.invalid")
    assert code(send(server, place, offset_of(server, place), b"0123456789"[offset_of(server, place) :])) == (
        409,
        "upload.sum",
    )
    assert code(server.client.get(place)) == (404, "upload.unknown")
    assert code(server.client.post(UPLOADS, json={"size": 1 << 49})) == (409, "upload.no_space")
    assert code(server.client.post(UPLOADS, json={"size": -1})) == (400, "request.invalid")
    assert code(server.client.post(UPLOADS, json={"path": "/etc/passwd"})) == (400, "request.invalid")
    assert server.client.get(f"{UPLOADS}/..%2f..%2fetc%2fpasswd").status_code in (400, 404)
    assert stored(server) == []


def test_two_at_once(server: Server) -> None:
    bodies = [data(2_000_000 + number) for number in range(2)]
    places = [begin(server, sha256=hashlib.sha256(body).hexdigest()) for body in bodies]

    def push(number: int) -> int:
        body = bodies[number]
        return send(server, places[number], 0, body, **{"Upload-Length": str(len(body))}).status_code

    with ThreadPoolExecutor() as pool:
        assert list(pool.map(push, range(2))) == [204, 204]
    for place in places:
        assert server.client.get(place).json()["whole"]
        server.client.delete(place)


def test_an_upload_is_for_one_request_and_goes_with_it(server: Server, tiny_world: World) -> None:
    path = tiny_world.directory / "small"
    tiny_world.run(["qemu-img", "create", "-q", "-f", "qcow2", str(path), "16M"], check=True)
    body = path.read_bytes()
    place = begin(server, size=len(body))
    reference = server.client.get(place).json()["reference"]
    asked = {"file": reference, "name": "blank"}
    wait = {"Prefer": "wait=120"}
    assert server.client.post("/api/v1/images/import", json=asked).json()["code"] == "upload.not_whole"
    send(server, place, 0, body)
    plan = server.client.post("/api/v1/images/import?dry_run=true", json=asked)
    assert plan.status_code == 200, plan.text
    answer = server.client.post("/api/v1/images/import", json=asked, headers=wait)
    assert (answer.status_code, answer.json()["name"]) == (200, "blank"), answer.text
    assert server.client.head(place).status_code == 404
    assert stored(server) == []


def test_a_volume_is_downloaded_in_parts(server: Server, tiny_world: World) -> None:
    world = tiny_world
    world.virsh("vol-create-as", "default", "some.raw", "3000000", "--format", "raw")
    whole = bytearray(3_000_000)
    whole[1_000_000:1_500_000] = data(500_000)
    path = world.directory / "content"
    path.write_bytes(whole)
    world.virsh("vol-upload", "--pool", "default", "some.raw", str(path))
    place = "/api/v1/hosts/local/pools/default/volumes/some.raw/content"
    answer = server.client.get(place)
    assert (answer.status_code, answer.content == whole) == (200, True), answer.text[:500]
    tag = answer.headers["etag"]
    for said, first, last in (
        ("bytes=0-0", 0, 0),
        ("bytes=999990-1000010", 999_990, 1_000_010),
        ("bytes=2999999-", 2_999_999, 2_999_999),
        ("bytes=-10", 2_999_990, 2_999_999),
        ("bytes=1400000-9999999", 1_400_000, 2_999_999),
    ):
        answer = server.client.get(place, headers={"Range": said, "If-Range": tag})
        assert answer.status_code == 206
        assert answer.headers["content-range"] == f"bytes {first}-{last}/3000000"
        assert answer.content == whole[first : last + 1]
    assert server.client.get(place, headers={"Range": "bytes=3000000-"}).status_code == 416
    assert server.client.get(place, headers={"Range": "bytes=0-1", "If-Range": '"old"'}).status_code == 200
    assert server.client.get(place, headers={"If-None-Match": tag}).status_code == 304
    unknown = server.client.get(place.replace("some.raw", "none"))
    assert (unknown.status_code, unknown.json()["code"]) == (404, "volume.unknown")
    with server.client.stream("GET", place) as cut:
        next(cut.iter_raw())
    assert server.client.get(place, headers={"Range": "bytes=0-9"}).status_code == 206
    world.virsh("vol-delete", "--pool", "default", "some.raw")


def uploaded(server: Server, body: bytes, name: str) -> str:
    place = begin(server, size=len(body), name=name)
    assert send(server, place, 0, body).status_code == 204
    return str(server.client.get(place).json()["reference"])


def test_a_disk_that_was_uploaded_becomes_a_guests_own(server: Server, tiny_world: World) -> None:
    world, path = tiny_world, tiny_world.directory / "appliance"
    world.run(["qemu-img", "create", "-q", "-f", "qcow2", str(path), "16M"], check=True)
    world.run(["qemu-io", "-c", "write -P 7 0 1M", str(path)], check=True)
    body = path.read_bytes()
    reference = uploaded(server, body, "appliance.qcow2")
    asked = {"name": "brought", "disk": reference, "memory": 64 << 20, "networks": ["none"], "start": False}
    plan = server.client.post("/api/v1/guests?dry_run=true", json=asked).json()
    assert "--disk FILE" in plan["inn"]
    assert list(plan["documents"]) == ["brought.xml"]
    answer = server.client.post("/api/v1/guests", json=asked, headers={"Prefer": "wait=60"})
    assert answer.status_code == 200, answer.text
    (made,) = answer.json()["disks"]
    assert (made["pool"], made["format"], made["volume"].startswith("brought-")) == ("default", "qcow2", True)
    assert stored(server) == []
    copied = world.run(["sha256sum", made["path"]]).stdout.split()[0]
    assert copied == hashlib.sha256(body).hexdigest()
    again = server.client.post("/api/v1/guests", json=asked | {"name": "two"})
    assert (again.status_code, again.json()["code"]) == (404, "upload.unknown")
    assert world.inn("delete", "brought").returncode == 0
    assert world.inn("purge", "brought", "--yes").returncode == 0
    assert made["volume"] not in world.virsh("vol-list", "default")


def test_an_uploaded_disk_that_points_elsewhere_is_refused(server: Server, tiny_world: World) -> None:
    world, path = tiny_world, tiny_world.directory / "bad"
    world.run(
        ["qemu-img", "create", "-q", "-f", "qcow2", "-u", "-b", "/etc/shadow", "-F", "raw", str(path), "1M"],
        check=True,
    )
    asked = {"name": "bad", "disk": uploaded(server, path.read_bytes(), "my bad disk"), "networks": ["none"]}
    planned = server.client.post("/api/v1/guests?dry_run=true", json=asked)
    answer = server.client.post("/api/v1/guests", json=asked, headers={"Prefer": "wait=60"})
    assert (answer.status_code, answer.json()["code"].partition(".")[0]) == (400, "disk"), answer.text
    assert "my bad disk" in answer.json()["title"]
    assert planned.json()["title"] == answer.json()["title"]
    for told in (answer.text, planned.text, server.client.get(answer.json()["instance"]).text):
        assert "uploads/" not in told
    assert world.inn_json("list") == []


def test_a_disk_that_is_full_ends_the_upload_and_nothing_stays(server: Server, tiny_world: World) -> None:
    """A length that nobody said beforehand: the room runs out within a part."""
    folder = "/var/lib/innkeeper/uploads"
    tiny_world.run(["mkdir", "-p", "-m", "700", folder], check=True)
    tiny_world.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], check=True)
    try:
        place = begin(server)
        answer = send(server, place, 0, data(4 << 20))
        assert (answer.status_code, answer.json()["code"]) == (507, "upload.full"), answer.text
        assert answer.json()["remedy"]
        assert server.client.head(place).status_code == 404
        assert stored(server) == []
    finally:
        tiny_world.run(["umount", folder], check=True)
    assert server.client.head(begin(server, size=5)).status_code == 200
