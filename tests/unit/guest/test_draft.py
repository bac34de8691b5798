"""Names, addresses and refusals that need no host."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innkeeper.errors import Invalid
from innkeeper.guest.making import contradictions, draft, plans
from innkeeper.guest.making.draft import names_of
from innkeeper.guest.making.location import Location, Piece
from innkeeper.schema.base import build
from innkeeper.schema.guest import GuestCreate
from innkeeper.schema.names import check_name
from tests.golden.guest.test_documents import DRAFT


def ask(**fields: Any) -> GuestCreate:
    return build(GuestCreate, {"name": "web", "image": "tiny", **fields})


@given(st.integers(1, 1000))
def test_names_of_a_count(count: int) -> None:
    names = names_of(ask(count=count))
    assert len(set(names)) == count
    assert names == sorted(names), "they sort as they count"
    for name in names:
        check_name(name)


def test_names() -> None:
    assert names_of(ask()) == ["web"]
    assert names_of(ask(count=2)) == ["web-1", "web-2"]
    assert names_of(ask(count=10))[::9] == ["web-01", "web-10"]


def test_a_guest_s_addresses_are_its_own() -> None:
    machine = replace(DRAFT.machine, networks=("a", "b", "c", "d"))
    made = [draft._named(replace(DRAFT, machine=machine), ask(), name) for name in ("x", "y")]
    macs = [mac for one in made for mac in one.macs]
    assert len(set(macs)) == 8
    assert all(mac.startswith("52:54:00:") and len(mac) == 17 for mac in macs)
    assert made[0].uuid != made[1].uuid
    assert made[0].volumes == (
        ("default", f"x-{made[0].uuid[:8]}.qcow2"),
        ("default", f"x-{made[0].uuid[:8]}-seed.iso"),
    )


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"disk": "default/x"}, "request.together"),
        ({"image": None}, "request.needs"),
        ({"image": None, "disk": "x", "full": True}, "request.together"),
        ({"image": None, "disk": "x", "disk_size": 1}, "request.together"),
        ({"image": None, "disk": "x", "count": 2}, "request.together"),
        ({"disk_format": "raw"}, "request.needs"),
        ({"start": False, "wait": "boot"}, "request.together"),
        ({"ip": "10.0.0.1", "count": 2}, "request.together"),
        ({"cloud_init": "#cloud-config\n", "user": "x"}, "request.together"),
        ({"cloud_init": "#cloud-config\n", "password": "x"}, "request.together"),
        ({"cloud_init": "nonsense"}, "guest.user_data"),
        ({"iso": "default/x.iso"}, "request.together"),
        ({"pxe": True}, "request.together"),
        ({"image": None, "iso": "a/b", "location": "/x"}, "request.together"),
        ({"image": None, "iso": "a/b", "pxe": True}, "request.together"),
        ({"image": None, "iso": "a/b", "user": "x"}, "request.together"),
        ({"image": None, "iso": "a/b", "cloud_init": "#!"}, "request.together"),
        ({"image": None, "iso": "a/b", "diskless": True, "disk_size": 1}, "request.together"),
        ({"image": None, "disk": "x", "diskless": True}, "request.together"),
        ({"diskless": True}, "request.together"),
        ({"image": None, "diskless": True}, "request.needs"),
        ({"image": None, "location": "/x", "start": False}, "request.together"),
        ({"kernel_args": "quiet"}, "request.needs"),
        ({"networks": ["none", "default"]}, "request.together"),
        ({"networks": ["a", "b", "c", "d", "e"]}, "request.together"),
    ],
)
def test_contradictions(fields: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as caught:
        contradictions.refuse(ask(**fields))
    assert caught.value.code == code


@pytest.mark.parametrize(
    "fields",
    [
        *({"iso": "a/b"}, {"iso": "a/b", "disk": "x"}, {"iso": "a/b", "diskless": True}, {"pxe": True}),
        *(
            {"location": "/x"},
            {"location": "/x", "diskless": True, "start": False},
            {"pxe": True, "disk": "x"},
        ),
        *({"iso": "a/b", "drivers": "a/c", "count": 3}, {"location": "/x", "kernel_args": "quiet"}),
    ],
)
def test_what_goes_together(fields: dict[str, Any]) -> None:
    contradictions.refuse(ask(image=None, **fields))


@pytest.mark.parametrize(
    "fields",
    [
        *({"cpus": 0}, {"cpus": -1}, {"cpus": 5000}, {"memory": 0}, {"disk_size": 0}, {"timeout": 0}),
        *({"count": 0}, {"count": 1001}, {"wait": "x"}, {"firmware": "x"}, {"bus": "fdc"}, {"accel": "xen"}),
        *({"profile": "x"}, {"name": 3}, {"sise": 1}, {"networks": "default"}),
    ],
)
def test_requests_that_make_no_sense(fields: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as caught:
        ask(**fields)
    assert caught.value.code == "request.invalid"


def test_a_plan_of_a_first_boot() -> None:
    kernel = Piece("kernel", "http://mirror/a b", None)
    first = replace(DRAFT, location=Location(kernel, Piece("initrd", "/srv/initrd", 1), None), manifest=None)
    asked = ask(image=None, location="x", wait="installed")
    commands = plans._commands(first, asked)
    assert first.location is not None
    assert plans._fetch(first.location)[0].endswith("--output kernel 'http://mirror/a b'")
    assert commands[-3].startswith("virsh create --validate web1-first-boot.xml")
    assert commands[-2:] == [
        'until [ "$(virsh domstate web1)" = "shut off" ]; do sleep 1; done',
        "virsh start web1",
    ]
    assert [volume for _pool, volume in first.volumes][-2:] == [
        "web1-1a2b3c4d.kernel",
        "web1-1a2b3c4d.initrd",
    ]
    assert not replace(first, source=None).boots_once


@pytest.mark.parametrize(
    "password", ["secret", 'quo"ted', "back\\slash", "two\nlines", "é", "debian", "users"]
)
def test_a_plan_shows_no_password_and_nothing_else_hidden(password: str) -> None:
    assert DRAFT.answers is not None
    shown = plans._shown(replace(DRAFT, answers=replace(DRAFT.answers, password=password)))
    (user,) = json.loads(shown["user-data"].removeprefix("#cloud-config\n"))["users"]
    assert user["plain_text_passwd"] == "********"
    assert user["name"] == "debian"
    assert json.loads(shown["meta-data"]) == json.loads(DRAFT.answers.files["meta-data"])
