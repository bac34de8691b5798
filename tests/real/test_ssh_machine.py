"""A machine reached by ssh: a real sshd in a world of its own, with its own keys, on a port of the loopback."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from innkeeper import guest
from innkeeper.errors import Busy, Denied, Failed, InnkeeperError, NotFound, OutcomeUnknown, Unsupported
from innkeeper.host import Host
from innkeeper.machine import Limits, SshMachine
from tests.real.ssh_host import INSECURE, sshd
from tests.world import World

HOLD = (
    "import sys; from innkeeper.machine import local\n"
    "with local().lock('guest:web1', 'somebody there'): print('held', flush=True); input()"
)


@pytest.fixture(scope="module")
def there() -> Iterator[World]:
    """The other computer. Its sshd is reached on this one's loopback, so it has no network of its own."""
    with World(network="host") as made:
        yield made


@pytest.fixture(scope="module")
def port(there: World) -> Iterator[int]:
    with sshd(there) as number:
        yield number


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A control socket's path is short, so that it is not in pytest's directory."""
    monkeypatch.setenv("INNKEEPER_STATE_DIR", str(tmp_path / "state"))


@pytest.fixture(scope="module", autouse=True)
def sockets(there: World) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INNKEEPER_RUNTIME_DIR", str(there.directory / "r"))
        yield


def reach(there: World, port: int, user: str = "root") -> SshMachine:
    return SshMachine(
        "127.0.0.1", user, ["-p", str(port), "-i", str(there.home / ".ssh" / "id_ed25519"), *INSECURE]
    )


@pytest.fixture(scope="module")
def machine(there: World, port: int, sockets: None) -> Iterator[SshMachine]:
    made = reach(there, port)
    yield made
    for user in ("root", "visitor"):
        stop = [*reach(there, port, user)._ssh("true")]
        subprocess.run([*stop[:1], "-O", "exit", *stop[1:-1]], capture_output=True, check=False)


@pytest.fixture(scope="module")
def visitor(there: World, port: int, machine: SshMachine) -> SshMachine:
    return reach(there, port, "visitor")


def test_run(machine: SshMachine) -> None:
    assert machine.run(["sh", "-c", "echo out; echo err >&2; exit 3"], check=False) == (3, b"out\n", b"err\n")
    words = ["$HOME", "a b", "*", "'", '"', "-n", "", "é", "\\", "a\nb"]
    assert machine.run(["printf", "%s|", *words]).stdout.decode() == "".join(f"{word}|" for word in words)
    assert machine.run(["cat"], input=b"\0\xff" * 50_000).stdout == b"\0\xff" * 50_000
    assert machine.run(["sh", "-c", 'echo "$A $LC_ALL"'], env={"A": "b c"}).stdout == b"b c C.UTF-8\n"
    heard: list[str] = []
    machine.run(["sh", "-c", "echo one; echo two >&2"], on_line=heard.append)
    assert sorted(heard) == ["one", "two"]


def test_run_that_fails(machine: SshMachine) -> None:
    with pytest.raises(Failed) as caught:
        machine.run(["sh", "-c", "echo no >&2; exit 2"])
    assert caught.value.facts == {"program": "sh", "status": 2, "detail": "no"}
    with pytest.raises(Unsupported) as missing:
        machine.run(["inn-no-such-program"], check=False)
    assert missing.value.facts == {"program": "inn-no-such-program"}
    with pytest.raises(Failed, match="did not end within"):
        machine.run(["sleep", "30"], timeout=0.5)
    hungry = ["python3", "-c", "bytes(600 << 20)"]
    assert machine.run(hungry, limits=Limits(cpu_seconds=20), check=False).status == 0
    assert machine.run(hungry, limits=Limits(memory_bytes=300 << 20), check=False).status == 1


def test_who_one_is_there(machine: SshMachine, visitor: SshMachine, there: World) -> None:
    assert (machine.is_root, machine.state_dir, machine.runtime_dir) == (
        True,
        "/var/lib/innkeeper",
        "/run/innkeeper",
    )
    assert not visitor.is_root
    assert visitor.state_dir == f"{there.directory}/v/.local/state/innkeeper"
    assert visitor.runtime_dir == "/run/user/4242/innkeeper"


def test_files(machine: SshMachine, there: World) -> None:
    files = machine.files
    path = f"{there.home}/dir/a 'b' $c"
    files.make_dir(f"{there.home}/dir", 0o700)
    files.make_dir(f"{there.home}/dir", 0o700)
    files.write(path, b"0123456789\0\xff", 0o640)
    assert there.run(["stat", "-c", "%a %s", path], check=True).stdout == "640 12\n"
    assert (files.exists(path), files.size(path)) == (True, 12)
    assert (files.read(path), files.read(path, 8), files.read(path, 3, 4)) == (
        b"0123456789\0\xff",
        b"89\0\xff",
        b"3456",
    )
    files.append(path, b"x")
    assert files.read(path, 12) == b"x"
    assert abs(files.modified(path) - time.time()) < 60
    assert files.list(f"{there.home}/dir") == ["a 'b' $c"]
    files.remove(path)
    files.remove(path)
    assert not files.exists(path)
    files.remove_tree(f"{there.home}/dir")
    files.remove_tree(f"{there.home}/dir")
    assert files.list(f"{there.home}/dir") == []


def test_files_that_are_not_there_or_not_ours(visitor: SshMachine) -> None:
    for deed in (visitor.files.read, visitor.files.size, visitor.files.modified):
        with pytest.raises(NotFound):
            deed("/no/such")
    with pytest.raises(Denied):
        visitor.files.read("/etc/shadow")
    with pytest.raises(InnkeeperError):
        visitor.files.write("/etc/new", b"x")


def hold(there: World) -> subprocess.Popen[str]:
    import sys

    process = there.popen([sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_lock_is_the_same_from_here_and_from_there(machine: SshMachine, there: World) -> None:
    with hold(there) as process:
        with pytest.raises(Busy) as caught, machine.lock("guest:web1", "me"):
            pass
        assert caught.value.facts == {"name": "web1", "owner": "somebody there"}
        with machine.lock("guest:web2", "me"):
            pass
        process.communicate("\n")
    with machine.lock("guest:web1", "from here"):
        refused = there.python(HOLD)
        assert "web1 is busy: from here" in refused.stderr
        with pytest.raises(Busy), machine.lock("guest:web1", "me again"):
            pass
    with hold(there) as process:
        process.communicate("\n")
    assert there.run(["ls", "/run/innkeeper/locks"], check=True).stdout == ""


def test_an_ordinary_user_s_lock_too(visitor: SshMachine, there: World) -> None:
    with visitor.lock("guest:web1", "from here"):
        for environment in ({}, {"XDG_RUNTIME_DIR": ""}):
            assert "web1 is busy: from here" in there.as_user().python(HOLD, env=environment).stderr


def test_a_lock_goes_when_its_holder_is_killed(there: World, machine: SshMachine, port: int) -> None:
    import sys

    key = str(there.home / ".ssh" / "id_ed25519")
    code = (
        "import sys; from innkeeper.machine import SshMachine\n"
        "machine = SshMachine('127.0.0.1', 'root', sys.argv[1:])\n"
        "with machine.lock('guest:web1', 'doomed'): print('held', flush=True); input()"
    )
    argv = [sys.executable, "-c", code, "-p", str(port), "-i", key, *INSECURE]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(Busy, match="doomed"), machine.lock("guest:web1", "me"):
            pass
        process.kill()
    deadline = time.monotonic() + 5
    while True:
        try:
            with machine.lock("guest:web1", "me"):
                break
        except Busy:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_nobody_answers(there: World) -> None:
    machine = reach(there, 1)
    for deed in (lambda: machine.run(["true"]), lambda: machine.lock("guest:web1", "me").__enter__()):
        with pytest.raises(OutcomeUnknown) as caught:
            deed()
        assert caught.value.code == "machine.unreachable"
        assert "refused" in str(caught.value)


def test_not_let_in(there: World, port: int) -> None:
    there.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(there.home / "stranger")], check=True)
    options = ["-p", str(port), "-o", "IdentitiesOnly=yes", "-i", str(there.home / "stranger"), *INSECURE]
    with pytest.raises(OutcomeUnknown, match="Permission denied"):
        SshMachine("127.0.0.1", "daemon", options).run(["true"])


def test_libvirt_over_the_same_way(there: World, port: int, machine: SshMachine) -> None:
    disk = "/var/lib/libvirt/images/far.qcow2"
    there.run(["qemu-img", "create", "-q", "-f", "qcow2", disk, "8M"], check=True)
    query = f"keyfile={there.home}/.ssh/id_ed25519&no_verify=1"
    with Host(f"qemu+ssh://root@127.0.0.1:{port}/system?{query}") as host:
        assert isinstance(host.machine, SshMachine)
        made = guest.create(
            host, name="far", disk=disk, memory=64 << 20, networks=["none"], accel="tcg", start=False
        )
        assert (made.name, made.state, made.disks[0].path) == ("far", "stopped", disk)
        assert (
            [row.name for row in guest.list(host)]
            == ["far"]
            == there.virsh("list", "--all", "--name").split()
        )
        assert guest.show(host, name="far").uuid == made.uuid
        with machine.lock("guest:far", "somebody"), pytest.raises(Busy):
            guest.delete(host, name="far")
        guest.delete(host, name="far")
        guest.purge(host, name="far")
    assert there.virsh("list", "--all", "--name").split() == []
    assert machine.files.exists(disk)


def test_media_go_where_the_guest_is(there: World, port: int, tmp_path: Path) -> None:
    """A CD of this computer becomes a volume there; and more names are locked than a server has sessions for one."""
    (tmp_path / "boot.bin").write_bytes(bytes(2048))
    argv = ["xorrisofs", "-quiet", "-output", "boot.iso", "-b", "boot.bin", "-no-emul-boot", "boot.bin"]
    subprocess.run(argv, cwd=tmp_path, check=True)
    query = f"keyfile={there.home}/.ssh/id_ed25519&no_verify=1"
    small: dict[str, Any] = {"diskless": True, "networks": ["none"], "accel": "tcg", "start": False}
    with Host(f"qemu+ssh://root@127.0.0.1:{port}/system?{query}") as host:
        made = guest.create(host, name="cd", iso=str(tmp_path / "boot.iso"), count=11, **small)
        paths = [view.disks[0].path for view in made]
        assert len(set(paths)) == 11
        assert all(path.startswith("/var/lib/libvirt/images/cd-") for path in paths)
        sizes = there.run(["stat", "-c", "%s", *paths], check=True).stdout.split()
        assert set(sizes) == {str((tmp_path / "boot.iso").stat().st_size)}
        for view in made:
            guest.delete(host, name=view.name)
            guest.purge(host, name=view.name)
    assert there.virsh("vol-list", "default").split() == ["far.qcow2", "/var/lib/libvirt/images/far.qcow2"]
