"""Which host a command is about, what machine is under it, and settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from innkeeper import config
from innkeeper import host as hosts
from innkeeper.errors import Denied, InnkeeperError, Invalid, OutcomeUnknown, Unsupported
from innkeeper.host import Host, choose_uri, connect, machine_of
from innkeeper.machine import LocalMachine, SshMachine, local

KEYS = ("LIBVIRT_DEFAULT_URI", "INNKEEPER_URI", "INNKEEPER_POOL", "INNKEEPER_NETWORK", "XDG_CONFIG_HOME")


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An ordinary user without settings; the path is where their file would be."""
    for key in KEYS:
        monkeypatch.delenv(key, raising=False)
    monkeypatch.setattr(local(), "is_root", False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "config" / "innkeeper").mkdir(parents=True)
    config._file.cache_clear()
    yield tmp_path / "config" / "innkeeper" / "config.toml"
    config._file.cache_clear()


def test_the_uri_is_the_first_of_environment_settings_and_rights(
    settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosts, "_SYSTEM_SOCKETS", (str(tmp_path / "socket"),))
    assert choose_uri() == "qemu:///session"
    (tmp_path / "socket").touch()
    assert choose_uri() == "qemu:///system"
    (tmp_path / "socket").unlink()
    monkeypatch.setattr(local(), "is_root", True)
    assert choose_uri() == "qemu:///system"
    monkeypatch.setattr(local(), "is_root", False)
    settings.write_text('uri = "lxc:///"')
    config._file.cache_clear()
    assert choose_uri() == "lxc:///"
    monkeypatch.setenv("INNKEEPER_URI", "xen:///")
    assert choose_uri() == "xen:///"
    monkeypatch.setenv("LIBVIRT_DEFAULT_URI", "test:///default")
    assert choose_uri() == "test:///default"
    with connect() as host:
        assert (host.uri, host.virt.driver) == ("test:///default", "TEST")


@pytest.mark.parametrize(
    "uri",
    ["qemu:///system", "qemu:///session", "qemu+unix:///system?socket=/x", "lxc:///", "xen:///"],
)
def test_the_machine_is_this_one(uri: str) -> None:
    assert isinstance(machine_of(uri), LocalMachine)


@pytest.mark.parametrize(
    "uri",
    [
        *("test:///default", "test:///x.xml", "test+ssh://h/default", "esx://root@h/?no_verify=1"),
        *("qemu+tls://h/system", "qemu://h/system", "qemu+tcp://h/system", "vpx://h/dc/cluster/h"),
    ],
)
def test_there_is_no_way_to_the_machine(uri: str) -> None:
    assert machine_of(uri) is None


INSECURE = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"]


@pytest.mark.parametrize(
    ("uri", "options", "target"),
    [
        ("qemu+ssh://h/system", [], "h"),
        ("qemu+ssh://root@h/system", [], "root@h"),
        ("qemu+ssh://root@h:2222/system", ["-p", "2222"], "root@h"),
        ("qemu+ssh://[fe80::1]:22/system", ["-p", "22"], "fe80::1"),
        ("qemu+ssh://h/system?keyfile=/a%20b/key", ["-i", "/a b/key"], "h"),
        ("qemu+ssh://h/system?no_verify=1", INSECURE, "h"),
        ("qemu+ssh://h/system?no_verify=0", [], "h"),
        ("qemu+libssh2://u@h/system?known_hosts=/k", ["-o", "UserKnownHostsFile=/k"], "u@h"),
        ("qemu+libssh://u@h/system?known_hosts_verify=ignore", INSECURE, "u@h"),
        ("xen+ssh://root@h:7/?keyfile=/k&no_verify=1", ["-p", "7", "-i", "/k", *INSECURE], "root@h"),
        ("qemu+ssh://domain%5Cuser@h/system", [], "domain\\user@h"),
    ],
)
def test_the_machine_is_reached_by_ssh(uri: str, options: list[str], target: str) -> None:
    """With the options that libvirt's own ssh gets (https://libvirt.org/uri.html)."""
    machine = machine_of(uri)
    assert isinstance(machine, SshMachine)
    argv = machine._ssh("true")
    assert argv[-2:] == [target, "true"]
    assert argv[-3] == "--"
    assert argv[:-3] == [*SshMachine("h")._ssh("")[:-3], *options]


def test_nobody_answers() -> None:
    with pytest.raises(Unsupported) as caught:
        connect("qemu+unix:///system?socket=/nowhere")
    assert caught.value.code == "libvirt.unreachable"
    assert caught.value.facts["uri"] == "qemu+unix:///system?socket=/nowhere"
    with pytest.raises(InnkeeperError) as no_driver:
        connect("nonsense")
    assert no_driver.value.exit_code == 2


def test_a_lost_connection_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    with Host("test:///default") as host:
        before = host.virt.raw
        host.reconnect()
        assert host.virt.raw is not before
        assert host.virt.host_name
        monkeypatch.setattr(host.virt, "uri", "qemu+unix:///system?socket=/nowhere")
        with pytest.raises(OutcomeUnknown):
            host.reconnect()


def test_settings(settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [config.get(key) for key in ("uri", "pool", "network")] == ["", "default", "default"]
    settings.write_text('pool = "fast"\nnetwork = "br0"\n')
    config._file.cache_clear()
    assert [config.get(key) for key in ("uri", "pool", "network")] == ["", "fast", "br0"]
    monkeypatch.setenv("INNKEEPER_POOL", "slow")
    monkeypatch.setenv("INNKEEPER_NETWORK", "")
    assert [config.get("pool"), config.get("network")] == ["slow", "br0"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"pool = ", "Invalid value"),
        (b"pool = 3", "a value"),
        (b'pol = "x"', "pol"),
        (b'[pool]\na = "x"', "a value"),
        (b"\xff", "utf-8"),
    ],
)
def test_settings_that_make_no_sense(settings: Path, content: bytes, reason: str) -> None:
    settings.write_bytes(content)
    config._file.cache_clear()
    with pytest.raises(Invalid) as caught:
        config.get("network")
    assert (caught.value.code, caught.value.facts["path"]) == ("host.config", str(settings))
    assert reason in caught.value.text("en")


def test_settings_that_are_no_file(settings: Path) -> None:
    settings.mkdir()
    config._file.cache_clear()
    with pytest.raises(InnkeeperError) as caught:
        config.get("pool")
    assert not isinstance(caught.value, Denied)
