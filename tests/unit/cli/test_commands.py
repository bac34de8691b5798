"""Commands build requests, and draw what comes back. Hosts here are libvirt's own test driver."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from innkeeper.cli import guest_create
from innkeeper.cli.session import Session
from innkeeper.errors import InnkeeperError
from innkeeper.schema.guest import GuestCreate, GuestRow, Screenshot, SshTarget
from innkeeper.schema.image import ImageFile, ImageImport, ImageView
from innkeeper.schema.operation import OperationView
from tests.unit.cli.conftest import Inn
from tests.unit.cli.views import guest

TEST = ("-c", "test:///default")


class Asked:
    """What verbs a command asked for, answered with one view."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, view: Any) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []

        def perform(_session: Session, name: str, /, **fields: Any) -> Any:
            self.calls.append((name, {key: value for key, value in fields.items() if value is not None}))
            return view

        for way in ("look", "change"):
            monkeypatch.setattr(Session, way, perform)
        # the list's table asks for rows, without a verb
        monkeypatch.setattr(Session, "host", None)
        monkeypatch.setattr("innkeeper.cli.guest_list._rows", lambda _session, _deleted, _everything: view)


Answer = Callable[[Any], Asked]


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Answer:
    return lambda view: Asked(monkeypatch, view)


def test_create_builds_the_request(inn: Inn, answer: Answer, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("secret\n")
    (tmp_path / "user-data").write_text("#cloud-config\n")
    asked = answer(guest())
    options = (
        "--image debian-12 --full --cpus 2 --memory 2G --disk-size 10G --pool default --network lan --network user "
        "--ip 10.0.0.2 --arch x86_64 --machine q35 --firmware uefi --accel tcg --profile linux --bus scsi --user me "
        f"--password-file {tmp_path}/password --cloud-init {tmp_path}/user-data --wait agent --timeout 90 --no-start "
        "--count 3"
    ).split()
    assert inn("create", "web", *options).status == 0
    name, fields = asked.calls[0]
    assert name == "guest.create"
    fields.pop("ssh_keys")
    request = GuestCreate(**fields)
    assert request == GuestCreate(
        name="web",
        image="debian-12",
        full=True,
        cpus=2,
        memory=2 * 1024**3,
        disk_size=10 * 1024**3,
        pool="default",
        networks=("lan", "user"),
        ip="10.0.0.2",
        arch="x86_64",
        machine="q35",
        firmware="uefi",
        accel="tcg",
        profile="linux",
        bus="scsi",
        user="me",
        password="secret",
        cloud_init="#cloud-config\n",
        wait="agent",
        timeout=90.0,
        start=False,
        count=3,
    )


def test_create_has_an_option_for_each_field() -> None:
    options = {param.name for param in guest_create.create.params}
    assert set(GuestCreate.__struct_fields__) - options == {"start", "acpi"}, "--no-start and --no-acpi"


def test_import_has_an_option_for_each_field() -> None:
    from innkeeper.cli.image import import_

    assert set(ImageImport.__struct_fields__) <= {param.name for param in import_.params}


def test_created(inn: Inn, answer: Answer) -> None:
    answer(guest(accel_reason="operation.progress.undoing"))
    assert inn("create", "web1", "--image", "x").out == (
        "web1 is made: running, tcg, 10.0.0.2\n  undoing what was done\n  → log in with 'inn ssh web1'\n"
    )
    answer([guest("a-1", state="stopped", nics=()), guest("a-2", login="serial")])
    assert inn("create", "a", "--count", "2").out == (
        "a-1 is made: stopped, tcg\na-2 is made: running, tcg, 10.0.0.2\n  → start it with 'inn start a-1'\n"
    )
    assert inn("create", "a", "--json", "-q").out.startswith("[\n")


def test_list(inn: Inn, answer: Answer, speak: Callable[[str], None]) -> None:
    answer(
        [
            GuestRow(name="数据库", uuid="1", state="running", cpus=2, memory=2 * 1024**3),
            GuestRow(name="a", uuid="2", state="deleted", cpus=None, memory=None, deleted="20261122T101500Z"),
        ]
    )
    assert inn("list").out == (
        "NAME     STATE     CPUS   MEMORY\n数据库   running      2       2G\na        deleted      -        -\n"
    )
    assert (
        inn("list", "--all").out.splitlines()[2] == "a        deleted      -        -   2026-11-22 10:15 UTC"
    )
    assert json.loads(inn("list", "--json").out)[0]["memory"] == 2 * 1024**3
    speak("zh_CN.UTF-8")
    assert inn("list").out.splitlines()[:2] == [
        "名称     状态     CPU   内存",
        "数据库   运行中     2     2G",
    ]


def test_list_of_nothing(inn: Inn, answer: Answer) -> None:
    answer([])
    status, out, err = inn("list")
    assert (status, out) == (0, "")
    assert err.startswith("no guests")
    assert inn("list", "--deleted").err == "the bin is empty\n"
    assert inn("list", "--json").out == "[]\n"


def test_on_a_host(inn: Inn) -> None:
    """Every step of the way, on libvirt's test driver: before and after the command, and as JSON."""
    assert inn(*TEST, "list").out == inn("list", *TEST).out
    assert "Name          test\n" in inn(*TEST, "show", "test").out
    assert json.loads(inn(*TEST, "show", "test", "--json").out)["name"] == "test"
    assert inn(*TEST, "rename", "test", "bad/name").status == 2


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (
            ("start", "a", "--wait", "ip", "--timeout", "5"),
            ("guest.start", {"name": "a", "wait": "ip", "timeout": 5.0, "overcommit": False}),
        ),
        (("stop", "a", "--force"), ("guest.stop", {"name": "a", "force": True})),
        (("reboot", "a"), ("guest.reboot", {"name": "a"})),
        (("rename", "a", "b"), ("guest.rename", {"name": "a", "new_name": "b"})),
        (("delete", "a", "--force"), ("guest.delete", {"name": "a", "force": True})),
        (("undelete", "a", "--as", "b"), ("guest.undelete", {"name": "a", "new_name": "b"})),
        (("purge", "a", "--yes", "--keep-disks"), ("guest.purge", {"name": "a", "keep_disks": True})),
        (
            ("image", "build", "tiny", "--name", "t"),
            ("image.build", {"recipe": "tiny", "name": "t", "replace": False}),
        ),
        (("image", "remove", "t"), ("image.remove", {"name": "t"})),
        (
            ("image", "make", "web1", "--name", "t", "--keep-identity"),
            ("image.make", {"guest": "web1", "name": "t", "keep_identity": True, "replace": False}),
        ),
        (("operation", "clean"), ("operation.clean", {})),
    ],
)
def test_changing_commands(
    inn: Inn, answer: Answer, args: tuple[str, ...], expected: tuple[str, dict[str, Any]]
) -> None:
    asked = answer([] if args[0] == "operation" else image() if args[0] == "image" else guest())
    status, out, err = inn(*args)
    assert (status, err) == (0, "")
    assert out
    assert asked.calls == [expected]


def test_purge_asks(inn: Inn, answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answer(guest())
    monkeypatch.setattr(Session, "check", lambda _session, _name, /, **_fields: None)
    assert inn("purge", "a").err == (
        "inn: this is for good, and there is no terminal to ask on\n  → add --yes when it is meant\n"
    )

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    for said, status in (("y\n", 0), ("n\n", 2), ("\n", 2), ("", 2)):
        monkeypatch.setattr("sys.stdin", Terminal(said))
        monkeypatch.setattr("innkeeper.cli.guest_bin.sys.stderr", Terminal())
        assert inn("purge", "a").status == status
    assert len(asked.calls) == 1


def test_purge_refuses_before_it_asks(inn: Inn) -> None:
    assert inn(*TEST, "purge", "nobody").err.startswith("inn: there is no guest nobody")


def test_ssh(inn: Inn, answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    became: list[list[str]] = []
    monkeypatch.setattr(
        "innkeeper.machine.LocalMachine.replace_process", lambda _self, argv: became.append(argv)
    )
    target = SshTarget(name="a", user="me", address="10.0.0.2", port=22, argv=("ssh", "me@10.0.0.2"))
    asked = answer(target)
    assert inn("ssh", "a", "--user", "me", "--", "uname", "-a").status == 0
    assert became == [["ssh", "me@10.0.0.2", "uname", "-a"]]
    assert asked.calls == [("guest.ssh", {"name": "a", "user": "me"})]
    assert json.loads(inn("ssh", "a", "--json").out)["argv"] == ["ssh", "me@10.0.0.2"]
    assert len(became) == 1


def test_screenshot(inn: Inn, answer: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    asked = answer(Screenshot(name="a", media_type="image/png", data=b"\x89PNG"))
    assert inn("screenshot", "a") == (0, "a.png\n", "")
    assert (tmp_path / "a.png").read_bytes() == b"\x89PNG"
    (tmp_path / "a.png").write_bytes(b"mine")
    status, out, err = inn("screenshot", "a", "a.png")
    assert (status, out) == (2, "")
    assert err.startswith("inn: there is already a file a.png\n")
    assert (tmp_path / "a.png").read_bytes() == b"mine"
    assert len(asked.calls) == 1, "refused before the guest was asked"
    assert inn("screenshot", "a").status == 2
    assert inn("screenshot", "a", "a.png", "--force").status == 0
    assert (tmp_path / "a.png").read_bytes() == b"\x89PNG"


def test_screenshot_to_a_pipe(answer: Answer, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    from innkeeper.cli.main import run

    answer(Screenshot(name="a", media_type="image/png", data=b"\x89PNG\xff"))
    assert run(["screenshot", "a", "-"]) == 0
    assert capfdbinary.readouterr().out == b"\x89PNG\xff"


def image(**fields: Any) -> ImageView:
    known: dict[str, Any] = {
        "name": "tiny",
        "arch": "x86_64",
        "os": None,
        "size": 5 * 1024**2,
        "virtual_size": 64 * 1024**2,
        "firmware": ("bios",),
        "direct_boot": True,
        "boot_pattern": "^up",
        "user": None,
        "login": "serial",
        "cloud_init": False,
        "agent": False,
        "disk_buses": ("virtio",),
        "min_memory": None,
        "default_memory": 128 * 1024**2,
        "profile": "tiny",
        "built": 1e9,
        "source": "tiny 1",
        "files": {"tiny.qcow2": ImageFile(size=1, sha256="ab")},
        "release": "20261122T101500Z",
        "origin": None,
        "guests": ("web1",),
    }
    return ImageView(**{**known, **fields})


def test_images(inn: Inn, answer: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer([image()])
    assert (
        inn("image", "list")
        .out.splitlines()[1]
        .startswith("tiny   x86_64     5M    64M   kernel     serial   2001-")
    )
    answer(image())
    shown = inn("image", "show", "tiny").out
    assert "Boots by      its kernel, directly\n" in shown
    assert "Guests        web1\n" in shown
    answer([image(), image(old=True, release="1")])
    assert inn("image", "list", "--all").out.splitlines()[2].startswith("tiny@1  ")
    monkeypatch.chdir(tmp_path)
    asked = answer(image())
    assert inn("image", "import", "a.vmdk", "--firmware", "uefi", "--min-memory", "1G").status == 0
    name, fields = asked.calls[0]
    assert (name, fields["file"], fields["firmware"]) == ("image.import", f"{tmp_path}/a.vmdk", ("uefi",))
    assert fields["min_memory"] == 1024**3


def test_operations(inn: Inn, answer: Answer) -> None:
    view = OperationView(
        id="0123456789ab",
        verb="guest.create",
        target="web1",
        uri="qemu:///system",
        state="interrupted",
        step="volumes",
        began=1e9,
        pid=7,
        undo=("volume.delete default a", "guest.delete b"),
    )
    answer([view])
    assert (
        inn("operation", "list")
        .out.splitlines()[1]
        .startswith("0123456789ab   guest.create   web1   interrupted   volumes")
    )
    assert inn("operation", "clean").out == "cleaned 0123456789ab: guest.create of web1\n"
    answer(view)
    assert "To undo  guest.delete b\n" in inn("operation", "show", "0123").out
    answer([])
    assert inn("operation", "list").err.startswith("nothing is under way")


def test_console_on_pipes(inn: Inn, answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    class Console:
        def send(self, data: bytes) -> None: ...

        def receive(self, size: int) -> bytes:
            return b""

        def close(self) -> None: ...

    asked = answer(Console())
    with open("/dev/null", "rb") as nothing, open("/dev/null", "wb") as nowhere:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(nothing))
        monkeypatch.setattr("innkeeper.cli.guest_access.sys.stdout.fileno", nowhere.fileno, raising=False)
        status, _, err = inn("console", "a", "--force")
    assert status == 0
    assert err == "console of a; ^] leaves it\nthe console of a ended\n"
    assert asked.calls == [("guest.console", {"name": "a", "force": True})]


def test_unforeseen_views_do_not_hide_errors(inn: Inn, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_fields: object) -> Any:
        raise InnkeeperError("libvirt.failed", detail="x")

    monkeypatch.setattr(Session, "look", refuse)
    assert inn("show", "a").status == 1
