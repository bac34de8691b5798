"""The line that a request amounts to: the command line makes that request of it again."""

from __future__ import annotations

import shlex
import string
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import inspect

from innkeeper.cli.guest_change import CLEARABLE
from innkeeper.cli.session import Session
from innkeeper.cli.tree import root
from innkeeper.command_line import FILES, UNSAID, line, words
from innkeeper.image.recipes.suites import SUITES
from innkeeper.schema.base import build
from innkeeper.schema.guest import GuestCreate
from innkeeper.schema.guest_change import GuestEdit, GuestSet
from innkeeper.schema.guest_screen import GuestPaste
from innkeeper.schema.volume import VolumeUpload
from innkeeper.verbs import REGISTRY, verb

KEYS = tuple(f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{letter * 43} {letter}@example" for letter in ("A", "B"))
PLAIN = st.text(string.ascii_letters + string.digits, min_size=1, max_size=8)
ODD = st.text(string.ascii_letters + " '\"$`\\-=,;#é客", min_size=1, max_size=12).filter(str.strip)
"""What a shell would make something of."""
PATHS = PLAIN.map(lambda name: f"/srv/{name}")
SECONDS = st.one_of(st.integers(1, 10_000).map(float), st.floats(0.5, 1000, allow_nan=False))
DEFAULT: dict[str, st.SearchStrategy[Any]] = {
    "file": PATHS,
    "bundle": PATHS,
    "iso": st.one_of(PATHS, PLAIN.map(lambda name: f"pool/{name}")),
    "drivers": PATHS,
    "location": st.one_of(PATHS, PLAIN.map(lambda name: f"https://example.org/{name}")),
    "place": st.one_of(PLAIN, PATHS),
    "labels": st.dictionaries(PLAIN, ODD, max_size=2),
    "ssh_keys": st.sampled_from(((), KEYS[:1], KEYS)),
    "notes": ODD,
    "title": ODD,
    "cron": st.just("30 2 * * *"),
    "keys": st.lists(PLAIN, min_size=1, max_size=3).map(tuple),
    "kernel_args": ODD,
    "xml": st.lists(ODD, max_size=2).map(tuple),
    "password": PLAIN,
    "cloud_init": PLAIN,
    "recipe": st.sampled_from(("tiny", *(suite.recipe for suite in SUITES))),
    "cpus": st.integers(1, 4096),
    "interval": st.floats(0.5, 60),
}
"""Field → its values, where its type alone does not tell what is one."""


class Asked(BaseException):
    """What a command was about to ask for."""

    def __init__(self, name: str, request: Any) -> None:
        self.name, self.request = name, request


@pytest.fixture(autouse=True)
def caught(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No command gets further than to its request, and files are in a folder of their own."""

    def ask(_session: Session, name: str, /, **fields: Any) -> Any:
        kind = verb(name).request
        raise Asked(name, build(kind, {key: one for key, one in fields.items() if one is not None}))

    for method in ("look", "change"):
        monkeypatch.setattr(Session, method, ask)
    monkeypatch.setattr("innkeeper.cli.guest_edit._show", lambda *_: None)
    monkeypatch.setattr("innkeeper.cli.guest_agent._tidy_on_signals", lambda: None)
    monkeypatch.setattr("innkeeper.cli.terminal.attach", lambda *_: None)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


def strategy(kind: inspect.Type, field: str) -> st.SearchStrategy[Any]:
    """Values of a field of that type."""
    if field in DEFAULT and not isinstance(kind, inspect.UnionType | inspect.BoolType | inspect.NoneType):
        return DEFAULT[field]
    match kind:
        case inspect.Metadata():
            return strategy(kind.type, field)
        case inspect.BoolType():
            return st.booleans()
        case inspect.IntType():
            return st.integers(kind.ge or (kind.gt or 0) + 1, kind.le or 1 << 40)
        case inspect.FloatType():
            return SECONDS
        case inspect.LiteralType():
            return st.sampled_from(list(kind.values))
        case inspect.UnionType():
            return st.one_of(*(strategy(one, field) for one in kind.types))
        case inspect.NoneType():
            return st.none()
        case inspect.VarTupleType():
            least = kind.min_length or 0
            return st.lists(strategy(kind.item_type, ""), min_size=least, max_size=3, unique=True).map(tuple)
        case inspect.DictType():
            return st.dictionaries(PLAIN, PLAIN, max_size=2)
        case inspect.BytesType():
            return st.none()
    return PLAIN


def requests(name: str) -> st.SearchStrategy[Any]:
    found = inspect.type_info(verb(name).request)
    assert isinstance(found, inspect.StructType)
    fields = {
        field.name: strategy(field.type, field.name)
        if field.required
        else st.one_of(st.just(field.default), strategy(field.type, field.name))
        for field in found.fields
        if field.required or field.default is not msgspec.NODEFAULT or field.default_factory
    }
    return st.fixed_dictionaries(fields).map(lambda said: said_by(name, said))


def said_by(name: str, said: dict[str, Any]) -> Any:
    """Without what no option says, or contradicts itself."""
    said = {key: value for key, value in said.items() if value is not msgspec.NODEFAULT}
    for of, field in UNSAID:
        field, _, value = field.partition("=")
        if of == name and (not value or str(said.get(field)) == value):
            said.pop(field, None)
    if said.get("forever"):
        said.pop("days", None)
    if name == "guest.set":
        said["clear"] = tuple(field for field in CLEARABLE if field in said.get("clear", ()))
        for field in said["clear"]:
            said.pop(field, None)
    if name == "guest.create" and not said.get("ssh_keys"):
        said.pop("ssh_keys", None)
    if name == "image.import" and not said.get("firmware"):
        said.pop("firmware", None)
    if name == "guest.edit" and said.get("base") is None:
        said.pop("base", None)
    return build(verb(name).request, {key: one for key, one in said.items() if one is not None})


def asked(words: list[str]) -> Asked:
    with pytest.raises(Asked) as found:
        root.main(words, standalone_mode=False, obj=Session())
    return found.value


def files(name: str, request: Any) -> None:
    """Write what the line has in files."""
    for (of, field), file in FILES.items():
        value = getattr(request, field, None) if of == name else None
        if value:
            Path(file).write_text(value if isinstance(value, str) else "\n".join(value), encoding="utf-8")


EXTRA: dict[str, tuple[str, ...]] = {
    "guest.list": ("--json",),
    "guest.purge": ("--yes",),
    "guest.restore": ("--yes",),
    "guest.edit": ("--yes",),
    "guest.export": (),
}
"""Verb → what keeps its command from asking, or from another way."""


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_the_command_line_makes_the_same_request_of_it(name: str) -> None:
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(requests(name))
    def holds(request: Any) -> None:
        files(name, request)
        said = shlex.split(line(name, request))
        assert said[0] == "inn"
        at = said.index("--") if "--" in said else len(said)
        back = asked([*said[1:at], *EXTRA.get(name, ()), *said[at:]])
        assert (back.name, back.request) == (name, request)

    holds()


def test_secrets_are_left_out_and_files_are_named() -> None:
    request = GuestCreate(
        name="web1", image="debian-12", memory=2 << 30, password="hunter2", ssh_keys=KEYS, tpm=False
    )
    assert line("guest.create", request) == (
        "inn create --image debian-12 --memory 2G --no-tpm --ssh-key PUBLIC-KEY --password-file PASSWORD web1"
    )
    edit = line("guest.edit", GuestEdit(name="web1", document="<domain/>", base="<domain></domain>"))
    assert edit == "inn edit --file DOCUMENT --base BASE web1"
    assert line("guest.paste", GuestPaste(name="web1", text="hunter2", secret=True)) == "inn paste web1"


def test_what_was_uploaded_is_named_by_nobody() -> None:
    upload = VolumeUpload(pool="default", name="a.iso", file="upload:6f1d0c")
    assert words("volume.upload", upload)[-2:] == ["default/a.iso", "FILE"]
    location = GuestCreate(name="web1", location="upload:1,https://example.org/initrd")
    assert "FILE,https://example.org/initrd" in words("guest.create", location)
    notes = GuestSet(name="web1", notes="upload:6 is the one")
    assert words("guest.set", notes) == ["inn", "set", "--notes", "upload:6 is the one", "web1"]


@pytest.mark.parametrize(("size", "text"), [(1, "1"), (1024, "1K"), (3 << 29, "1536M"), (5 << 40, "5T")])
def test_sizes_are_exact(size: int, text: str) -> None:
    assert words("guest.set", GuestSet(name="w", memory=size))[3] == text


def test_a_name_that_looks_like_an_option_is_none() -> None:
    assert words("guest.set", GuestSet(name="-w", cpus=2)) == ["inn", "set", "--cpus", "2", "--", "-w"]
