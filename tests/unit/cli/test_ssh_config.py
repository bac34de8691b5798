"""How ssh and Ansible are told of guests; names and addresses are not trusted."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from innkeeper.cli.guest_inventory import ansible, openssh
from innkeeper.schema.guest_agent import SshConfig, SshHost

PROXY = "ssh -o BatchMode=yes -p 2222 -i '/a b/key' -W %h:%p root@far"
HOSTS = (
    SshHost(name="web1", address="192.0.2.7", user="inn"),
    SshHost(name="six", address="2001:db8::1", user="root", identities=("/home/me/.ssh/a", "/home/a b/key")),
    SshHost(name="own", address="127.0.0.1", port=20022, user="inn", proxy=PROXY),
    SshHost(name="off", why_not="guest.not_running"),
    SshHost(name="none", why_not="guest.no_address"),
    SshHost(name="serial", why_not="guest.no_ssh", why_facts={"name": "serial", "image": "tiny"}),
    SshHost(name="*", address="192.0.2.8", user="inn"),
    SshHost(name="a b", address="192.0.2.8", user="inn"),
    SshHost(name="x\n  ProxyCommand evil", address="192.0.2.8", user="inn"),
    SshHost(name="-oProxyCommand=evil", address="192.0.2.8", user="inn"),
)
FOUND = SshConfig(uri="qemu:///system\nHost *", hosts=HOSTS)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config"
    path.write_text("\n".join(openssh(FOUND)) + "\n")
    return path


def asked(config: Path, host: str) -> dict[str, str]:
    """What ssh itself makes of it."""
    done = subprocess.run(["ssh", "-G", "-F", config, host], capture_output=True, text=True, check=True)
    return dict(line.split(" ", 1) for line in done.stdout.splitlines() if " " in line)


@pytest.mark.skipif(shutil.which("ssh") is None, reason="needs ssh")
def test_ssh_reads_it(config: Path) -> None:
    one = asked(config, "web1")
    assert (one["hostname"], one["port"], one["user"]) == ("192.0.2.7", "22", "inn")
    assert one["stricthostkeychecking"] in ("no", "false")
    assert one["userknownhostsfile"] == "/dev/null"
    assert asked(config, "six")["hostname"] == "2001:db8::1"
    own = asked(config, "own")
    assert (own["port"], own["proxycommand"]) == ("20022", PROXY)


@pytest.mark.skipif(shutil.which("ssh") is None, reason="needs ssh")
@pytest.mark.parametrize("host", ["off", "none", "elsewhere", "x"])
def test_ssh_is_told_nothing_of_others(config: Path, host: str) -> None:
    one = asked(config, host)
    assert one["hostname"] == host
    assert "evil" not in str(one)
    assert one["userknownhostsfile"] != "/dev/null"


def test_comments_say_why() -> None:
    lines = list(openssh(FOUND))
    assert "# off is not running" in lines
    assert [line for line in lines if "serial" in line and line.startswith("# ")]
    assert not [line for line in lines if "\n" in line]
    assert sum(line.startswith("Host ") for line in lines) == 3


LOAD = "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))"


def test_the_inventory_is_yaml() -> None:
    """Read by the yaml of the system's Python, which cloud tools bring; ours has none."""
    text = "\n".join(ansible(FOUND))
    command = ["/usr/bin/python3", "-c", LOAD]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if "No module named 'yaml'" in done.stderr:
        pytest.skip("the system's Python has no yaml")
    hosts = json.loads(done.stdout)["all"]["children"]["innkeeper"]["hosts"]
    assert set(hosts) == {"web1", "six", "own"}
    assert hosts["web1"]["ansible_host"] == "192.0.2.7"
    assert hosts["own"]["ansible_port"] == 20022
    assert shlex.split(hosts["own"]["ansible_ssh_common_args"])[-1] == f"ProxyCommand={PROXY}"


@pytest.mark.skipif(shutil.which("ansible-inventory") is None, reason="needs Ansible")
def test_ansible_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "inventory.yml"
    path.write_text("\n".join(ansible(FOUND)))
    command: list[str] = ["ansible-inventory", "-i", str(path), "--list"]
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert json.loads(done.stdout)["innkeeper"]["hosts"] == ["web1", "six", "own"]


def test_an_inventory_of_nobody() -> None:
    lines = list(ansible(SshConfig(uri="qemu:///system", hosts=())))
    assert lines[1:] == ["all:", "  children:", "    innkeeper:", "      hosts: {}"]
