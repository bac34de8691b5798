"""Every field of every request is judged, and none takes a file of the host."""

from __future__ import annotations

import socket
from typing import Any

import msgspec
import pytest
from msgspec import inspect

from innkeeper.errors import Denied, InnkeeperError
from innkeeper.server.confinement import confine, fields, urls
from innkeeper.verbs import REGISTRY, verb

FREE = frozenset(("_text", "_copied", "_target", "_document", "_edit"))
"""Rules whose values may be anything at first sight; each has tests of its own."""
HOSTILE = (
    "/etc/shadow",
    "../../etc/shadow",
    "default/../../etc/shadow",
    "~/.ssh/id_ed25519",
    "file:///etc/shadow",
    "nbd://127.0.0.1/x",
    'json:{"driver": "file", "filename": "/etc/shadow"}',
    "..%2f..%2fetc%2fshadow",
    "a\0/etc/shadow",
    "/dev/sda",
    "/proc/self/environ",
    "-",
    "upload:../../etc/shadow",
    "http://127.0.0.1:8006/api/v1/session",
)


def has_text(kind: inspect.Type) -> bool:
    """Whether a value of that type can hold words of the asker's own."""
    match kind:
        case inspect.Metadata():
            return has_text(kind.type)
        case inspect.UnionType():
            return any(map(has_text, kind.types))
        case inspect.VarTupleType() | inspect.ListType():
            return has_text(kind.item_type)
        case inspect.DictType():
            return has_text(kind.key_type) or has_text(kind.value_type)
        case inspect.StrType() | inspect.BytesType() | inspect.AnyType() | inspect.StructType():
            return True
    return False


def text_fields() -> list[tuple[str, str]]:
    found = []
    for name in sorted(REGISTRY):
        struct = inspect.type_info(verb(name).request)
        assert isinstance(struct, inspect.StructType)
        found += [(name, field.name) for field in struct.fields if has_text(field.type)]
    return found


@pytest.mark.parametrize(("name", "field"), text_fields(), ids=str)
def test_every_field_has_a_rule(name: str, field: str) -> None:
    """One that is new: say in `server/confinement/fields.py` what it may name when it comes by REST."""
    assert (name, field) in fields.FIELDS or field in fields.COMMON


def test_no_rule_is_of_a_field_that_is_no_more() -> None:
    assert set(fields.FIELDS) <= set(text_fields())


@pytest.mark.parametrize(("name", "field"), text_fields(), ids=str)
def test_no_field_takes_what_names_a_file(name: str, field: str) -> None:
    rule: Any = fields.rule(name, field)
    if rule.__name__ in FREE:
        return
    host: Any = None
    asked = fields.Asked(host, None, fields.no_uploads)
    for value in HOSTILE:
        if value == "-" and rule.__name__ in ("_word", "_place"):
            continue  # a name that there is not
        with pytest.raises(InnkeeperError):
            rule(asked, value)


@pytest.mark.parametrize("to_guest", [True, False])
def test_copies_touch_no_file_of_the_server(to_guest: bool) -> None:
    host: Any = None
    request = verb("guest.cp").request(
        name="web", sources=("/etc/shadow",), target="/tmp/x", to_guest=to_guest
    )
    with pytest.raises(Denied):
        confine(host, "guest.cp", request)


def test_uploads_become_files() -> None:
    host: Any = None
    request = verb("image.import").request(file="upload:abc")
    assert confine(host, "image.import", request, lambda said: f"/kept/{said}").file == "/kept/upload:abc"
    plain = verb("guest.start").request(name="web")
    assert confine(host, "guest.start", plain) is plain


def test_no_foreign_document_is_trusted() -> None:
    host: Any = None
    with pytest.raises(Denied) as caught:
        confine(host, "backup.restore", verb("backup.restore").request(backup="web", trust=True))
    assert caught.value.code == "request.trust"


def test_a_struct_in_a_request_would_be_seen() -> None:
    assert has_text(inspect.type_info(msgspec.defstruct("Within", [("a", int)])))


# --- URLs -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """name → address, instead of the resolver"""
    known = {"mirror.example": "198.51.100.7", "rebound.example": "127.0.0.1", "inner.example": "10.1.2.3"}

    def resolve(host: str, port: int, **_kind: object) -> list[Any]:
        try:
            address = socket.inet_ntoa(
                socket.inet_aton(host)
            )  # also 127.1 and 2130706433, as resolvers take them
        except OSError:
            if ":" not in host and host not in known:
                raise socket.gaierror(socket.EAI_NONAME, "unknown") from None
            address = known.get(host, host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr("innkeeper.server.confinement.urls.socket.getaddrinfo", resolve)
    monkeypatch.setattr("innkeeper.server.access.certificate.addresses", lambda: ["192.0.2.8"])
    return known


@pytest.mark.parametrize(
    "said",
    ["http://mirror.example/debian", "https://mirror.example:8443/x?y=z", "http://inner.example/", "http://unknown.example/"],
)  # fmt: skip
def test_urls_of_the_web(names: dict[str, str], said: str) -> None:
    assert urls.url(said) == said


@pytest.mark.parametrize(
    "said",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://0.0.0.0/",
        "http://169.254.169.254/latest/meta-data",
        "http://[fe80::1]/",
        "http://192.0.2.8:8006/",
        "http://rebound.example/",
        "http://user:word@mirror.example/",
        "http://user@mirror.example/",
        "file:///etc/shadow",
        "ftp://mirror.example/",
        "gopher://mirror.example/",
        "//mirror.example/",
        "http:///x",
        "http://mirror.example:99999/",
        "http://mirror.example/\r\nX: y",
        "http://mirror.example\\@127.0.0.1/",
        "HTTP",
        "",
    ],
)
def test_other_urls(names: dict[str, str], said: str) -> None:
    with pytest.raises(Denied) as caught:
        urls.url(said)
    assert "word" not in caught.value.text("en")


def test_an_administrator_may_allow_near_ones(names: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INNKEEPER_URLS_LOCAL", "yes")
    assert urls.url("http://127.0.0.1:3142/debian")
    with pytest.raises(Denied):
        urls.url("file:///etc/shadow")
