"""Commands and files in a real guest, by its agent and by ssh; what is seen from inside; agents that refuse, keep
silent and lie. One Debian for all of it: its tests stand in an order, the agent that works first."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.real.frozen import DIES, features, fsfreeze, sums_in_copy
from tests.world import Completed, World

NAME = "deb"
PATIENCE = 900.0
"""Seconds for a boot under load."""
PORT = "/dev/virtio-ports/org.qemu.guest_agent.0"
REFUSING = f"qemu-ga -d -m virtio-serial -p {PORT} -b guest-exec,guest-file-open"
"""As Red Hat's package configures it."""

ways = pytest.mark.parametrize("way", ["agent", "ssh"])


@pytest.fixture(scope="module")
def deb() -> Iterator[World]:
    """A world with a running guest that has an agent and sshd, and whose first boot is over: it starts sshd anew."""
    with World() as world:
        world.seed_image("debian-12")
        options = ("--image", "debian-12", "--memory", "768M")
        wait = ("--wait", "agent", "--timeout", str(int(PATIENCE)))
        done = world.inn("create", NAME, *options, *wait, timeout=PATIENCE + 60)
        assert done.returncode == 0, done.stderr
        world.inn("exec", NAME, "--via", "agent", "cloud-init", "status", "--wait", timeout=PATIENCE)
        done = world.inn("ssh", NAME, "--wait", str(int(PATIENCE)), "--", "true", timeout=PATIENCE + 60)
        assert done.returncode == 0, done.stderr
        yield world


def run(world: World, way: str, *words: str, **options: Any) -> Completed:
    return world.inn("exec", NAME, "--via", way, "--", *words, timeout=300, **options)


def test_it_is_logged_in_to(deb: World) -> None:
    """What an image of packages, cloud-init and an address lead to. The tutorial makes such a guest and stops it."""
    script = "cat /etc/debian_version; hostname; sudo id -u; df --output=size -B1M /"
    said = deb.inn("ssh", NAME, "--", script)
    assert said.returncode == 0, said.stderr
    version, name, root, _heading, grown = said.stdout.split()
    assert (version.startswith("12."), name, root, int(grown) > 1500) == (True, NAME, "0", True)


@ways
def test_a_command_its_streams_and_its_status(deb: World, way: str) -> None:
    script = 'cat; printf "%s|" "$@"; echo err >&2; exit 7'
    done = run(deb, way, "sh", "-c", script, "sh", "a b", "'", "$HOME", input="in ")
    assert (done.returncode, done.stdout, done.stderr) == (7, "in a b|'|$HOME|", "err\n")
    if way == "agent":
        assert run(deb, way, "no-such-program").returncode == 127
    assert run(deb, way, "sh", "-c", "kill -TERM $$").returncode == 143


@ways
def test_users_and_variables(deb: World, way: str) -> None:
    words = ("--via", way, "--user", "debian", "--env", "A=x y", "sh", "-c", 'echo "$(id -un) $PWD $A"')
    told = json.loads(deb.inn("exec", "--json", NAME, *words, timeout=120, check=True).stdout)
    assert (told["way"], told["user"], told["stdout"]) == (way, "debian", "debian /home/debian x y\n")


def test_much_output_and_much_input(deb: World) -> None:
    done = run(deb, "agent", "sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x; echo end >&2")
    assert (len(done.stdout), done.stderr) == (3_000_000, "end\n")
    assert run(deb, "agent", "wc", "-c", input="y" * 300_000).stdout.strip() == "300000"


def test_what_takes_too_long_is_ended_in_the_guest(deb: World) -> None:
    done = deb.inn("exec", NAME, "--timeout", "2", "--json", "sleep", "7777", timeout=120)
    assert (done.returncode, json.loads(done.stderr)["code"]) == (4, "guest.exec_timeout")
    assert run(deb, "agent", "pgrep", "-f", "^sleep 7777").returncode == 1, "it goes on"


def test_who_breaks_it_off_ends_it(deb: World) -> None:
    process = deb.popen(
        ["inn", "exec", NAME, "--", "sh", "-c", "echo on; sleep 8888"], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "on\n"
    deb.run(["pkill", "-TERM", "-f", f"inn exec {NAME}"], check=True)
    assert process.wait(120) == 143
    process.stdout.close()
    for _try in range(60):
        if run(deb, "agent", "pgrep", "-f", "^sleep 8888").returncode == 1:
            break
        time.sleep(0.5)
    assert run(deb, "agent", "sh", "-c", "ls -d /var/tmp/.inn-* | wc -l").stdout.strip() == "1", "its own"


@pytest.mark.parametrize(("way", "size"), [("agent", 4_000_000), ("ssh", 30_000_000)])
def test_large_files_both_ways(deb: World, way: str, size: int) -> None:
    source, back = deb.home / "-large", deb.home / "back"
    source.write_bytes(os.urandom(size // 100) * 100)
    source.chmod(0o640)
    command = f'cd "$HOME" && inn cp --via {way} --json ./-large {NAME}:/var/tmp/'
    told = json.loads(deb.run(["sh", "-c", command], timeout=600, check=True).stdout)
    assert (told["way"], told["bytes"], told["paths"]) == (way, source.stat().st_size, ["/var/tmp/-large"])
    deb.inn("cp", "--via", way, f"{NAME}:/var/tmp/-large", str(back), timeout=600, check=True)
    assert back.stat().st_mode & 0o777 == 0o640
    assert subprocess.run(["cmp", source, back], check=False).returncode == 0
    deb.inn(
        "exec", NAME, "--user", "root", "--via", "agent", "rm", "/var/tmp/-large", check=True, timeout=120
    )
    source.unlink()
    back.unlink()


@ways
def test_directories_both_ways(deb: World, way: str) -> None:
    source = deb.home / "tree"
    if not source.exists():
        (source / "sub" / "empty").mkdir(parents=True)
        for name in ("-n", "new\nline", "quo'te\"`id`", "é中", "x" * 200, ".hidden"):
            (source / "sub" / name).write_text(name)
        (source / "link").symlink_to("/etc/shadow")
        with (source / "holes").open("wb") as file:
            file.truncate(2_000_000)
    options = ("--via", way, "--user", "debian")
    deb.inn("cp", "-r", *options, str(source), f"{NAME}:tree-{way}", timeout=300, check=True)
    deb.inn("cp", "-r", *options, f"{NAME}:tree-{way}", str(deb.home), timeout=300, check=True)
    back = deb.home / f"tree-{way}"
    assert subprocess.run(["diff", "-r", "--no-dereference", source, back], check=False).returncode == 0
    assert (back / "holes").stat().st_blocks * 512 < 1 << 20
    there = f"/home/debian/tree-{way}"
    done = run(deb, "agent", "sh", "-c", f"du -sk {there} | cut -f1; stat -c %U {there}")
    kilobytes, owner = done.stdout.split()
    assert int(kilobytes) < 1000
    assert owner == "debian"


def test_what_does_not_go_is_refused_and_leaves_nothing(deb: World) -> None:
    small = "mkdir /mnt/small && mount -t tmpfs -o size=1M,mode=777 tmpfs /mnt/small; echo old >/mnt/small/f"
    deb.inn("exec", NAME, "--via", "agent", "sh", "-c", small, check=True, timeout=120)
    (deb.home / "f").write_bytes(os.urandom(1_500_000))
    for way in ("agent", "ssh"):
        done = deb.inn("cp", "--via", way, "--json", str(deb.home / "f"), f"{NAME}:/mnt/small", timeout=300)
        assert (done.returncode, json.loads(done.stderr)["code"]) == (1, "guest.cp_failed")
        looked = run(deb, "agent", "sh", "-c", "ls -A /mnt/small; cat /mnt/small/f")
        assert looked.stdout == "f\nold\n"
    refused = (
        ("agent", "/none", "guest.cp_missing"),
        ("agent", "/dev/null", "guest.cp_kind"),
        ("ssh", "/etc/shadow", "guest.cp_denied"),
    )
    for way, path, code in refused:
        done = deb.inn("cp", "--via", way, "--json", f"{NAME}:{path}", str(deb.home / "got"), timeout=120)
        assert (done.returncode, json.loads(done.stderr)["code"]) == (2, code)
    assert [name for name in os.listdir(deb.home) if name.startswith((".inn-", "got"))] == []


def test_inside(deb: World) -> None:
    told = deb.inn_json("show", NAME)["inside"]
    known = dict(
        line.split(":", 1)
        for line in deb.virsh("guestinfo", NAME).replace(" ", "").splitlines()
        if ":" in line
    )
    assert told["agent"] in ("answers", "slow"), "under load a second may be too short for all of it"
    if told["agent"] == "answers":
        assert told["host_name"] == known["hostname"] == NAME
        assert told["os"].replace(" ", "") == known["os.pretty-name"]
        assert told["kernel"].split()[0] == known["os.kernel-release"]
        assert [system["mount"] for system in told["file_systems"]] == ["/"]
        assert any(card["addresses"] and card["name"] != "lo" for card in told["cards"])
        assert told["version"]
    assert NAME in deb.inn("show", NAME, check=True).stdout


def test_ssh_reads_our_configuration(deb: World) -> None:
    deb.inn("ssh-config", "--write", check=True)
    config = str(deb.home / ".ssh" / "config.d" / "innkeeper-local.conf")
    done = deb.run(["ssh", "-F", config, NAME, "id", "-un"], timeout=120)
    assert done.stdout == "debian\n", done.stderr
    assert f'"{NAME}":' in deb.inn("ssh-config", "--ansible", check=True).stdout


@ways
def test_what_is_explained_does_the_same(deb: World, way: str) -> None:
    """The commands of a plan, run by a shell as they stand, put the same files into the guest and take them out."""
    small, file, got = deb.home / "small", deb.home / "two words", deb.home / f"got-{way}"
    small.mkdir(exist_ok=True)
    got.mkdir()
    (small / "one").write_text("1")
    file.write_text("2")
    file.chmod(0o604)
    home = "/root" if way == "agent" else "/home/debian"
    asked = [
        ("cp", "--via", way, str(small), str(file), f"{NAME}:{home}"),
        ("cp", "--via", way, f"{NAME}:{home}/two words", f"{NAME}:{home}/small", str(got)),
        ("exec", NAME, "--via", way, "--", "sh", "-c", 'echo "it\'s $1"', "sh", "a  b"),
    ]
    said = [follow(deb, words) for words in asked]
    assert said[-1] == "it's a  b\n"
    assert (got / "two words").read_text() == "2"
    assert (got / "small" / "one").read_text() == "1"
    assert run(deb, "agent", "stat", "-c", "%a", f"{home}/two words").stdout == "604\n"


def follow(world: World, words: tuple[str, ...]) -> str:
    """Do what the plan of a command says; what that printed."""
    at = words.index("--") if "--" in words else len(words)
    options = ("--dry-run", "--explain", "--json")
    told = world.inn(*words[:at], *options, *words[at:], timeout=120, check=True).stdout
    folder = world.home / "plan"
    folder.mkdir(exist_ok=True)
    (folder / "run").write_text("\n".join(json.loads(told)["commands"]) + "\n")
    return world.run(["sh", "-ec", f"cd {folder} && . ./run"], timeout=300, check=True).stdout


def code_of(done: Completed) -> tuple[int, str]:
    return done.returncode, json.loads(done.stderr)["code"]


FOLDERS = ("/etc", "/usr/lib/python3", "/var/kept")


def inside_sums(world: World, name: str) -> dict[str, str]:
    script = 'find "$@" -xdev -type f -print0 | xargs -0 sha256sum'
    told = world.inn("exec", name, "--", "sh", "-c", script, "sh", *FOLDERS, timeout=300, check=True).stdout
    return {path: digest for digest, path in (line.split("  ", 1) for line in told.splitlines())}


def test_a_backup_of_frozen_file_systems(deb: World, tmp_path: Path) -> None:
    """Every file is in the copy as the guest has it, though nobody asked it to write them out; nothing is to be
    repaired in the copy, as would be after a power cut; and the guest goes on."""
    script = "mkdir /var/kept && cd /var/kept && for i in $(seq 40); do head -c 50000 /dev/urandom >$i; done"
    assert run(deb, "agent", "sh", "-c", script).returncode == 0
    made = deb.inn_json("backup", "create", NAME, timeout=300)
    assert (made["state"], made["frozen"], made["notes"]) == ("running", True, [])
    assert fsfreeze(deb, NAME) == "thawed"
    assert run(deb, "agent", "sh", "-c", "touch /var/tmp/on && sync").returncode == 0
    sums = inside_sums(deb, NAME)
    copy = f"{made['path']}/vda.qcow2"
    assert "needs_recovery" not in features(deb, copy)
    assert sums_in_copy(deb, copy, FOLDERS, tmp_path) == sums
    assert len([path for path in sums if path.startswith("/var/kept/")]) == 40
    deb.inn("backup", "remove", made["id"], check=True)
    asked = deb.inn_json("backup", "create", NAME, "--no-freeze", timeout=300)
    assert asked["frozen"] is False
    assert "needs_recovery" in features(deb, f"{asked['path']}/vda.qcow2")


@pytest.mark.parametrize("alone", ["alone", "watched"])
def test_killed_while_the_guest_is_frozen(deb: World, alone: str) -> None:
    """The deputy lets it go on at once; were it killed too, cleaning does."""
    done = deb.run([sys.executable, "-c", DIES, alone, "backup", "create", NAME], timeout=300)
    assert (done.returncode, done.stdout.strip()) == (-9, "frozen"), done
    if alone == "watched":
        deadline = time.monotonic() + 120
        while fsfreeze(deb, NAME) != "thawed":
            assert time.monotonic() < deadline
            time.sleep(0.2)
    else:
        assert fsfreeze(deb, NAME) == "frozen"
    assert [left["verb"] for left in deb.inn_json("operation", "list")] == ["backup.create"]
    assert deb.inn("operation", "clean", timeout=300).returncode == 0
    assert fsfreeze(deb, NAME) == "thawed"
    assert deb.inn_json("operation", "list") == []


def test_an_agent_that_refuses_is_gone_round_by_ssh(deb: World) -> None:
    script = f"systemctl stop qemu-guest-agent; {REFUSING}"
    deb.inn("ssh", NAME, "--", f"sudo sh -c '{script}'", timeout=120, check=True)
    done = deb.inn("exec", NAME, "-v", "--", "id", "-un", timeout=120)
    assert (done.stdout, "ssh, as debian" in done.stderr) == ("debian\n", True)
    assert code_of(deb.inn("exec", NAME, "--via", "agent", "--json", "true")) == (2, "guest.agent_refuses")
    (deb.home / "x").write_text("x")
    copied = deb.inn_json("cp", str(deb.home / "x"), f"{NAME}:", timeout=120)
    assert (copied["way"], copied["user"]) == ("ssh", "debian")
    assert deb.inn_json("show", NAME)["inside"]["agent"] in ("answers", "slow")


def test_no_agent_at_all(deb: World) -> None:
    deb.inn("ssh", NAME, "--", "sudo pkill qemu-ga; sleep 1", timeout=120)
    assert deb.inn_json("show", NAME)["inside"]["agent"] == "off"
    assert "by ssh" in deb.inn("exec", NAME, "-v", "--", "true", timeout=120).stderr
    refused = (
        ("exec", NAME, "--via", "agent", "--json", "true"),
        ("cp", "--via", "agent", "--json", f"{NAME}:/etc/passwd", "x"),
    )
    for command in refused:
        assert code_of(deb.inn(*command, timeout=120)) == (2, "guest.agent_silent")


LIAR = r"""
import json, os, sys
mode = sys.argv[1]
port = os.open("/dev/virtio-ports/org.qemu.guest_agent.0", os.O_RDWR)
open("/tmp/ready", "w").close()
evil = "\x1b]0;evil\x07\x1b[2J\u202e" * 2000
lies = {
    "guest-info": {"version": evil, "supported_commands": [{"name": name, "enabled": True} for name in
                   ("guest-exec", "guest-exec-status", "guest-file-open", "guest-file-read", "guest-file-write",
                    "guest-file-close")]},
    "guest-get-osinfo": {"pretty-name": evil, "kernel-release": ["no", "text"]},
    "guest-get-host-name": {"host-name": evil},
    "guest-get-timezone": {"offset": 10**18, "zone": evil},
    "guest-network-get-interfaces": [{"name": evil, "hardware-address": evil, "ip-addresses": [
        {"ip-address": "127.0.0.1\nProxyCommand evil", "prefix": 24, "ip-address-type": "ipv4"}]}] * 50,
    "guest-get-users": [{"user": evil, "login-time": 1e300, "domain": 3}],
    "guest-get-fsinfo": [{"name": evil, "mountpoint": evil, "type": "x", "used-bytes": -1, "disk": []}],
    "guest-exec": {"pid": 4},
    "guest-exec-status": {"exited": True, "exitcode": "no number", "out-data": "%%%"},
}
def send(data):
    while data:
        data = data[os.write(port, data):]
rest = b""
while True:
    rest += os.read(port, 4096)
    while b"\n" in rest:
        line, _, rest = rest.partition(b"\n")
        asked = json.loads(line.replace(b"\xff", b""))
        if asked["execute"].startswith("guest-sync"):
            answer = asked["arguments"]["id"]
        elif mode == "hang":
            continue
        elif mode == "flood":
            while True:
                send(b"x" * 4096)
        elif mode == "bytes":
            send(b'{"return": "\xff\xfe\x00"}\n')
            continue
        else:
            answer = lies.get(asked["execute"], evil)
        send(json.dumps({"return": answer}).encode() + b"\n")
"""


@pytest.mark.parametrize("mode", ["lie", "bytes", "hang", "flood"])
def test_a_hostile_agent(deb: World, mode: str) -> None:
    """It holds nothing up for longer than said, and what it says is harmless."""
    script = (
        "cat >/tmp/liar; while sudo pkill -f '^python3 /tmp/liar'; do sleep 0.2; done; sudo rm -f /tmp/ready; "
        f"sudo setsid -f python3 /tmp/liar {mode} </dev/null >/dev/null 2>&1; "
        "until [ -e /tmp/ready ]; do sleep 0.2; done"
    )
    deb.inn("ssh", NAME, "--", script, input=LIAR, timeout=120)
    began = time.monotonic()
    told = deb.inn_json("show", NAME, timeout=60)["inside"]
    assert time.monotonic() - began < 30, "libvirt itself would wait for ever"
    assert told["agent"] in ({"silent"} if mode == "hang" else {"answers", "slow", "silent"})
    shown = deb.inn("show", NAME, timeout=60, check=True).stdout
    assert all(line.isprintable() and len(line) < 500 for line in shown.splitlines())
    assert "ProxyCommand" not in deb.inn("ssh-config", NAME, timeout=60, check=True).stdout
    if mode == "lie":
        done = deb.inn("exec", NAME, "--json", "--", "id", timeout=180)
        if done.returncode:  # under load it may not even lie in time, and ssh is taken
            assert code_of(done) == (1, "guest.agent_nonsense")
    if mode == "bytes":
        assert "by ssh" in deb.inn("exec", NAME, "-v", "--", "true", timeout=180).stderr
    assert deb.virsh("domstate", NAME).strip() == "running"


def test_a_guest_that_lies_in_an_archive(deb: World) -> None:
    """Its tar is the guest's own, too: what it sends leads nowhere outside."""
    outside = deb.home / "outside"
    outside.mkdir()
    evil = (
        "import io, sys, tarfile\n"
        "out = tarfile.open(fileobj=sys.stdout.buffer, mode='w|')\n"
        "def add(name, kind=tarfile.REGTYPE, link='', data=b'evil', mode=0o6777):\n"
        "    one = tarfile.TarInfo(name); one.type, one.linkname, one.mode = kind, link, mode\n"
        "    one.size = len(data) if kind == tarfile.REGTYPE else 0\n"
        "    out.addfile(one, io.BytesIO(data))\n"
        "add('.', tarfile.DIRTYPE, mode=0o755)\n"
        f"add('l', tarfile.SYMTYPE, '{outside}'); add('l/x'); out.close()\n"
    )
    place = "cat >/tmp/tar && chmod 755 /tmp/tar && sudo mv /tmp/tar /usr/local/bin/tar"
    deb.inn("ssh", NAME, "--", place, input=f"#!/usr/bin/python3\n{evil}", timeout=120, check=True)
    done = deb.inn("cp", "--via", "ssh", "--json", f"{NAME}:/etc", str(deb.home / "etc"), timeout=120)
    assert done.returncode == 1, done.stderr
    assert list(outside.iterdir()) == []
    assert not (deb.home / "etc").exists()
