"""The doctor on a far host: a world behind ssh, broken there, seen and repaired from here."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from innkeeper.doctor.areas import all_checks
from innkeeper.doctor.checking import examine
from innkeeper.doctor.finding import Site
from innkeeper.host import Host
from tests.real.host_state import state_of
from tests.real.ssh_host import sshd, uri
from tests.real.test_doctor import SETUP_OWN, end, findings, outcomes, setup
from tests.world import Inside, World, diff


@pytest.fixture(scope="module")
def there() -> Iterator[World]:
    with World(network="host") as made:
        yield made


@pytest.fixture(scope="module")
def far(there: World) -> Iterator[str]:
    """The URI of the far host, for `inn` that runs on this side of the network: outside of that world."""
    with sshd(there) as port, pytest.MonkeyPatch.context() as patch:
        patch.setenv("INNKEEPER_RUNTIME_DIR", str(there.directory / "r"))
        patch.setenv("INNKEEPER_STATE_DIR", str(there.directory / "s"))
        yield uri(there, port)
        for socket in (there.directory / "r" / "ssh").glob("*"):
            subprocess.run(["ssh", "-O", "exit", "-S", socket, "x"], capture_output=True, check=False)


class Here(Inside):
    """This side: `inn` without entering any world."""

    def __init__(self, far: str, there: World) -> None:
        directories = {
            "INNKEEPER_RUNTIME_DIR": there.directory / "r",
            "INNKEEPER_STATE_DIR": there.directory / "s",
        }
        super().__init__(0, there.environment | {name: str(at) for name, at in directories.items()})
        self.environment["LIBVIRT_DEFAULT_URI"] = far

    def _argv(self, argv: object) -> list[str]:
        return list(map(str, argv))  # type: ignore[call-overload]  # a sequence, as in Inside


@pytest.fixture(scope="module")
def here(far: str, there: World) -> Here:
    return Here(far, there)


def test_the_same_is_seen_from_far_and_near(here: Here, there: World) -> None:
    near, away = findings(there), findings(here)
    differ = {id for id in near.keys() | away.keys() if near.get(id) != away.get(id)}
    # The URI is another; figures are measured; free memory moves.
    for id in differ - {"daemon.libvirt", "kvm.proof"}:
        one, other = near[id], away[id]
        assert (one["status"], one["text"]) == (other["status"], other["text"]), id
    assert (near["kvm.proof"]["status"], near["kvm.proof"]["text"]) == (
        away["kvm.proof"]["status"],
        away["kvm.proof"]["text"],
    )


def test_few_round_trips(far: str, there: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What checks read is fetched in one go: nearly nothing is read on its own."""
    with Host(far) as host:
        assert host.machine is not None
        alone: list[str] = []
        read = type(host.machine.files).read

        def counted(files: object, path: str, *rest: int) -> bytes:
            alone.append(path)
            return read(files, path, *rest)  # type: ignore[arg-type]  # the same object

        monkeypatch.setattr(type(host.machine.files), "read", counted)
        examine(Site(host), all_checks())
    assert len(alone) <= 12, alone


def test_broken_there_repaired_from_here(here: Here, there: World) -> None:
    end(there, "libvirtd")
    end(there, "virtlogd")
    before = state_of(there)
    try:
        seen = findings(here, "daemon", status=1)
        assert {seen[id]["text"] for id in ("daemon.libvirt", "daemon.virtlogd")} == {
            "daemon.libvirt.stopped",
            "daemon.virtlogd.stopped",
        }
        answer = setup(here, "--only", "daemon")
        assert [outcome for _, _, outcome in outcomes(answer)] == ["done", "done"], answer
        assert findings(here, "daemon", status=0)["daemon.libvirt"]["text"] == "daemon.libvirt.answers"
        # The record is on the host that was changed: whoever is there can take it back.
        answer = setup(there, "--undo")
        assert [outcome for _, _, outcome in outcomes(answer)] == ["undone", "undone"]
        assert diff(before, state_of(there), SETUP_OWN) == ""
    finally:
        there.run(["sh", "-c", "kill -0 $(cat /run/virtlogd.pid) || virtlogd -d"])
        there.start_libvirtd()


def test_files_of_any_name_and_content(far: str, there: World) -> None:
    """Fetched together they are what they are one by one."""
    odd = there.directory / "odd"
    (odd / "dir").mkdir(parents=True)
    (odd / "plain").write_text("two\nlines\n")
    (odd / "empty").write_text("")
    (odd / "bytes").write_bytes(b"\xff\x00\n\xe4\xb8\xad")
    with Host(far) as host:
        fetched, alone = Site(host), Site(host)
        fetched.prefetch([f"{odd}/*", f"{odd}/", f"{odd}/none", f"{odd}/none/"])
        for name in ("plain", "empty", "bytes", "none"):
            path = str(odd / name)
            assert ("read", path) in fetched._seen
            assert (fetched.read(path), fetched.exists(path)) == (alone.read(path), alone.exists(path))
        assert fetched.list(str(odd)) == alone.list(str(odd)) == ["bytes", "dir", "empty", "plain"]
        assert fetched.list(f"{odd}/none") == []


def test_nobody_there(tmp_path: Path) -> None:
    from innkeeper.cli.main import run

    began = time.monotonic()
    assert run(["-c", "qemu+ssh://root@127.0.0.1:1/system?no_verify=1", "host", "check"]) == 3
    assert time.monotonic() - began < 20
