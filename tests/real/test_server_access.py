"""Who is let in by a server that runs, and what its requests have to look like."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx
import pytest

from tests.server import Server, connect
from tests.world import World


@pytest.fixture(scope="module")
def server(world: World) -> Iterator[Server]:
    with Server(world, env={"INNKEEPER_SERVER_NAMES": "inn.example"}) as made:
        yield made


def link(server: Server) -> str:
    answer = server.client.post("/api/v1/links")
    assert answer.status_code == 200, answer.text
    word: str = answer.json()["url"].partition("#link=")[2]
    return word


@contextmanager
def signed_in(server: Server) -> Iterator[tuple[httpx.Client, str]]:
    with server.browser() as browser:
        answer = browser.post("/api/v1/session", json={"link": link(server)})
        assert answer.status_code == 200, answer.text
        yield browser, answer.json()["csrf"]


def of_visitor(world: World, name: str, *arguments: str, **env: str) -> Server:
    """A server of the world's ordinary user, with a state directory of its own."""
    person = world.as_user()
    person.environment["INNKEEPER_STATE_DIR"] = f"{person.environment['HOME']}/{name}"
    return Server(person, *arguments, env=env)


def token(server: Server, role: str) -> dict[str, str]:
    name = f"{role}-{time.time_ns()}"
    made = server.client.post("/api/v1/tokens", json={"name": name, "role": role})
    assert made.status_code == 200, made.text
    return {"Authorization": f"Bearer {made.json()['token']}"}


def state(server: Server) -> str:
    return server.world.environment["INNKEEPER_STATE_DIR"]


def test_a_link_signs_in_once_by_a_cookie_that_scripts_cannot_read(server: Server) -> None:
    word = link(server)
    with server.browser() as browser, server.browser() as thief:
        answer = browser.post("/api/v1/session", json={"link": word})
        assert answer.status_code == 200
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "samesite=strict" in cookie.lower()
        assert "Domain" not in cookie
        assert browser.get("/api/v1/session").json()["role"] == "admin"
        refused = thief.post("/api/v1/session", json={"link": word})
        assert refused.status_code == 401
        assert refused.json()["code"] == "caller.link"


def test_a_session_set_by_somebody_else_is_not_taken_over(server: Server) -> None:
    """Session fixation: whoever signs in gets a new word, whatever cookie came along."""
    with server.browser() as browser:
        browser.cookies.set(f"innkeeper-{server.port}", "session_planted")
        answer = browser.post("/api/v1/session", json={"link": link(server)})
        assert answer.status_code == 200
        assert "session_planted" not in answer.headers["set-cookie"]


def test_a_browser_has_to_prove_where_a_change_comes_from(server: Server) -> None:
    with signed_in(server) as (browser, csrf):
        asked = {"name": f"by-browser-{time.time_ns()}", "role": "viewer"}
        for headers in ({}, {"X-CSRF-Token": "0" * 64}, {"X-CSRF-Token": ""}):
            refused = browser.post("/api/v1/tokens", json=asked, headers=headers)
            assert (refused.status_code, refused.json()["code"]) == (403, "caller.csrf")
        assert browser.post("/api/v1/tokens", json=asked, headers={"X-CSRF-Token": csrf}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "evil.example:8006"}, 421),
        ({"Host": "inn.example"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:1"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
    ],
)
def test_pages_of_other_sites_are_refused(server: Server, headers: dict[str, str], status: int) -> None:
    with signed_in(server) as (browser, _csrf):
        assert browser.get("/api/v1/session", headers=headers).status_code == status
        assert server.client.get("/api/v1/session", headers=headers).status_code == status


def test_no_answer_lets_other_sites_read_it(server: Server) -> None:
    answers = [
        server.client.get("/api/v1/session"),
        server.client.get("/nowhere"),
        server.client.get("/api/v1/session", headers={"Host": "evil.example"}),
        server.client.options(
            "/api/v1/guests", headers={"Origin": server.url, "Access-Control-Request-Method": "POST"}
        ),
    ]
    for answer in answers:
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "server" not in answer.headers


def test_signing_out_ends_the_session(server: Server) -> None:
    with signed_in(server) as (browser, csrf):
        cookies = dict(browser.cookies)
        assert browser.delete("/api/v1/session", headers={"X-CSRF-Token": csrf}).status_code == 204
        with server.browser(cookies=cookies) as again:
            assert again.get("/api/v1/session").status_code == 401


def test_sessions_are_listed_and_ended_by_others(server: Server) -> None:
    with signed_in(server) as (browser, _csrf):
        found = browser.get("/api/v1/sessions").json()
        mine = next(one for one in found if one["current"])
        assert server.client.delete(f"/api/v1/sessions/{mine['id']}").status_code == 204
        assert browser.get("/api/v1/session").status_code == 401
    assert server.client.delete(f"/api/v1/sessions/{mine['id']}").status_code == 404


def test_roles(server: Server) -> None:
    viewer, operator = token(server, "viewer"), token(server, "operator")
    client = server.client
    assert client.get("/api/v1/guests", headers=viewer).status_code == 200
    assert client.post("/api/v1/guests/nobody/start", headers=viewer, json={}).status_code == 403
    prefer = operator | {"Prefer": "wait=60"}
    assert client.post("/api/v1/guests/nobody/start", headers=prefer, json={}).status_code == 404
    for headers in (viewer, operator):
        refused = client.delete("/api/v1/guests/nobody", headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "caller.role")
        assert client.get("/api/v1/tokens", headers=headers).status_code == 403
        assert client.get("/api/v1/sessions", headers=headers).status_code == 403
        assert client.post("/api/v1/links", headers=headers).status_code == 403


def test_tokens_of_the_command_line_hold_at_once_and_end(server: Server, world: World) -> None:
    made = world.inn("token", "create", "by-hand", "--role", "viewer", check=True)
    headers = {"Authorization": f"Bearer {made.stdout.strip()}"}
    assert server.client.get("/api/v1/session", headers=headers).json()["name"] == "by-hand"
    listed = {one["name"]: one for one in world.inn_json("token", "list")}
    assert listed["by-hand"]["role"] == "viewer"
    assert made.stdout.strip() not in json.dumps(listed)
    assert world.inn("token", "create", "by-hand", "--role", "admin").returncode == 2
    world.inn("token", "remove", "by-hand", check=True)
    deadline = time.monotonic() + 30
    while server.client.get("/api/v1/session", headers=headers).status_code != 401:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert world.inn("token", "remove", "by-hand").returncode == 2
    url = world.inn("token", "link", check=True).stdout.strip()
    assert url.startswith(f"{server.url}/#link=")


def test_guessing_is_slowed_down_and_hurts_nobody_else(world: World) -> None:
    wrong = {"Authorization": "Bearer inn_" + "A" * 43}
    with of_visitor(world, "guessing") as server:
        answers = [server.client.get("/api/v1/guests", headers=wrong) for _ in range(60)]
        assert {answer.status_code for answer in answers} == {401, 429}
        late = next(answer for answer in answers if answer.status_code == 429)
        assert int(late.headers["retry-after"]) >= 1
        assert late.json()["code"] == "caller.too_often"
        with server.browser() as browser:
            assert browser.post("/api/v1/session", json={"link": "link_x"}).status_code == 429
        assert server.client.get("/api/v1/session").status_code == 200, "a known token is let in all the same"


def test_one_identity_cannot_take_everything(world: World) -> None:
    with of_visitor(world, "greedy", INNKEEPER_REQUESTS_PER_SECOND="1") as server:
        statuses = [server.client.get("/api/v1/session").status_code for _ in range(10)]
        assert 429 in statuses
        with server.browser() as other:
            assert other.get("/api/v1/session").status_code == 401, "others are not hindered"


def test_a_second_server_is_refused_by_name(server: Server, world: World) -> None:
    done = world.inn("serve", "--port", "0", timeout=60)
    assert done.returncode == 2
    assert "another server runs from" in done.stderr


# --- other addresses --------------------------------------------------------------------------------------------------


def tls(pid: int, port: int, context: ssl.SSLContext) -> Any:
    raw = connect(pid, ("127.0.0.1", port))
    try:
        return context.wrap_socket(raw, server_hostname="localhost")
    except (OSError, ssl.SSLError):
        raw.close()
        raise


@pytest.fixture(scope="module")
def far(world: World) -> Iterator[Server]:
    """On all addresses: as the world's ordinary user, so that it has a state directory of its own."""
    with of_visitor(world, "far", "--host", "0.0.0.0") as made:
        yield made


def test_other_addresses_have_a_certificate_of_the_servers_own(far: Server) -> None:
    assert far.url.startswith("https://")
    folder = f"{state(far)}/tls"
    told = far.world.run(["stat", "-c", "%a", f"{folder}/server.key"], check=True).stdout
    assert told.strip() == "600"
    context = ssl.create_default_context(cadata=far.world.run(["cat", f"{folder}/server.crt"]).stdout)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    with tls(far.world.pid, far.port, context) as channel:
        assert channel.version() in ("TLSv1.2", "TLSv1.3")
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, OSError)):
        tls(far.world.pid, far.port, old)


def test_other_addresses_speak_nothing_but_tls(far: Server) -> None:
    with connect(far.world.pid, ("127.0.0.1", far.port)) as plain:
        plain.settimeout(60)
        answer = b""
        with suppress(ConnectionError):
            plain.sendall(b"\0" * 100)
            while piece := plain.recv(4096):
                answer += piece
    assert answer[:1] in (b"", b"\x15"), "an alert of TLS, if anything (RFC 8446, 5.1)"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "HEAD"])
def test_plain_http_is_told_where_to_go(far: Server, method: str) -> None:
    plain = http.client.HTTPConnection("127.0.0.1", far.port)
    plain.sock = connect(far.world.pid, ("127.0.0.1", far.port))
    plain.request(method, "/api/v1/guests")
    with plain.getresponse() as answer:
        assert (answer.status, answer.getheader("content-type")) == (400, "application/problem+json")
        told = json.loads(answer.read() or "null")
    assert method == "HEAD" or (told["code"], told["remedy"]) == ("caller.plain", f"ask {far.url}")


def test_the_command_line_says_that_it_is_https(far: Server) -> None:
    done = far.world.inn("--server", f"http://127.0.0.1:{far.port}", "list")
    assert done.returncode == 2
    assert "speaks https" in done.stderr
    assert f"ask {far.url}" in done.stderr


def test_the_cookie_of_tls_is_bound_to_this_server(far: Server) -> None:
    with far.browser() as browser:
        answer = browser.post(
            "/api/v1/session",
            json={"link": far.client.post("/api/v1/links").json()["url"].partition("#link=")[2]},
        )
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-")
        assert "Secure" in cookie
        assert "Path=/" in cookie


def test_a_certificate_that_is_none_is_refused(world: World) -> None:
    done = world.inn("serve", "--tls-cert", "/etc/passwd", "--tls-key", "/etc/passwd", timeout=60)
    assert done.returncode == 2
    assert world.inn("serve", "--tls-cert", "/etc/passwd", timeout=60).returncode == 2


# --- the end ----------------------------------------------------------------------------------------------------------


def test_it_ends_in_time_whoever_listens(world: World) -> None:
    with of_visitor(world, "ending") as server:
        idle = [server.connect() for _ in range(5)]
        reader = http.client.HTTPConnection("127.0.0.1", server.port)
        reader.sock = server.connect()
        reader.request("GET", "/api/v1/events", headers={"Authorization": f"Bearer {server.token}"})
        assert reader.getresponse().status in (200, 404)
        place = json.loads(server.world.run(["cat", f"{state(server)}/server.json"], check=True).stdout)
        server.world.run(["kill", str(place["pid"])], check=True)
        assert server.process.wait(timeout=30) == 0, "ten seconds, but this machine may be busy"
        assert server.world.run(["test", "-e", f"{state(server)}/server.json"]).returncode == 1
        for one in idle:
            one.close()
        reader.sock.shutdown(socket.SHUT_RDWR)
        reader.close()
