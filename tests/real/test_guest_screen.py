"""Keys that arrive, screens that are reached, and logs that say why a guest stopped: with guests of one boot sector."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.real import sectors
from tests.real.sectors import ECHO, IDLE, PANIC, POWEROFF, READY
from tests.world import World

DISPLAY = {"DISPLAY": ":9"}
"""Nothing is there: the viewers of these tests draw nothing."""
VIEWER = """#!{python}
import json, re, socket, sys
place = sys.argv[-1]
if place.startswith("/"):
    screen = socket.socket(socket.AF_UNIX)
    screen.connect(place)
else:
    screen = socket.create_connection(("127.0.0.1", int(re.search(r"[0-9]+$", place)[0])))
screen.settimeout(20)
print(json.dumps({{"argv": sys.argv[1:], "said": screen.recv(12).decode()}}), file=open("{told}", "w"))
"""
"""Connects where it is told and keeps the first words: of VNC, `RFB 003.008`."""
RECORDER = """#!{python}
import json, sys
print(json.dumps({{"argv": sys.argv[1:]}}), file=open("{told}", "w"))
"""


@pytest.fixture(scope="module")
def echo(world: World) -> World:
    """A world with the guest `echo`, which writes the scancodes of its keyboard on its serial port."""
    sectors.make(world, "echo", ECHO)
    return world


def pressed(world: World, *argv: str, input: str | None = None) -> str:
    """The scancodes that a command of `inn` makes, in hexadecimal."""
    before = len(sectors.serial(world, "echo"))
    done = world.inn(*argv, input=input, timeout=300)
    assert done.returncode == 0, done.stderr
    told = ""
    deadline = time.monotonic() + 30
    while len(told) < 5 or told != sectors.serial(world, "echo")[before:]:
        assert time.monotonic() < deadline, told
        told = sectors.serial(world, "echo")[before:]
        time.sleep(0.3)
    return told.strip()


def test_keys_arrive(echo: World) -> None:
    assert pressed(echo, "send-keys", "echo", "ctrl-alt-delete") == "1D 38 E0 53 E0 D3 B8 9D"
    assert pressed(echo, "send-keys", "echo", "a", "KEY_F2", "super") == "1E 9E 3C BC E0 5B E0 DB"
    assert pressed(echo, "send-keys", "echo", "0x1c", "--codeset", "xt") == "1C 9C"


def test_text_arrives(echo: World) -> None:
    """Shift 2A, AltGr E0 38; a release is the key with its highest bit."""
    assert pressed(echo, "paste", "echo", "aB ") == "1E 9E 2A 30 B0 AA 39 B9"
    assert pressed(echo, "paste", "echo", "@z", "--layout", "de") == "E0 38 10 90 E0 B8 15 95"
    secret = pressed(echo, "paste", "echo", input="q\n")
    assert secret == "10 90 1C 9C"


def test_all_of_a_long_text_arrives(echo: World) -> None:
    """More than QEMU and the keyboard hold at a time."""
    told = pressed(echo, "paste", "echo", "ab" * 100, "--hold", "2").split()
    assert told == ["1E", "9E", "30", "B0"] * 100


def test_what_explain_says_does_the_same(echo: World) -> None:
    done = echo.inn("paste", "echo", "Ab", "--layout", "fr", "--dry-run", "--explain", "--json", check=True)
    script = "\n".join(json.loads(done.stdout)["commands"])
    before = len(sectors.serial(echo, "echo"))
    echo.run(["sh", "-e"], input=script, check=True)
    time.sleep(0.5)
    assert sectors.serial(echo, "echo")[before:].strip() == "2A 10 90 AA 30 B0"


def test_what_is_refused_types_nothing(echo: World) -> None:
    before = sectors.serial(echo, "echo")
    for argv in (
        ("send-keys", "echo", "a", "nosuchkey"),
        ("paste", "echo", "abcé"),
        ("paste", "echo", "x", "--file", "/etc/hostname"),
        ("paste", "echo", "--file", "/dev/null"),
    ):
        done = echo.inn(*argv)
        assert (done.returncode, done.stderr.count("\n")) == (2, 2), done.stderr
    assert sectors.serial(echo, "echo") == before


# --- the screen -------------------------------------------------------------------------------------------------------


def with_viewer(world: World, program: str, script: str = VIEWER) -> dict[str, str]:
    """An environment in which that viewer is a script; it writes what it saw to /tmp/told."""
    folder = world.home / f"bin-{program}"
    folder.mkdir(exist_ok=True)
    path = folder / program
    path.write_text(script.format(python=sys.executable, told="/tmp/told"))
    path.chmod(0o755)
    world.run(["rm", "-f", "/tmp/told"], check=True)
    return DISPLAY | {"PATH": f"{folder}:{world.environment['PATH']}"}


def seen(world: World, *argv: str, env: dict[str, str]) -> dict[str, object]:
    program = env["PATH"].partition(":")[0].rpartition("bin-")[2]
    done = world.inn(*argv, "--viewer", program, env=env)
    assert done.returncode == 0, done.stderr
    told: dict[str, object] = json.loads(world.run(["cat", "/tmp/told"], check=True).stdout)
    return told


def test_a_viewer_is_started(echo: World) -> None:
    told = seen(echo, "view", "echo", env=with_viewer(echo, "remote-viewer"))
    assert re.fullmatch(r"vnc://127\.0\.0\.1:59\d\d", str(told["argv"])[2:-2])
    assert str(told["said"]).startswith("RFB ")
    told = seen(echo, "view", "echo", env=with_viewer(echo, "virt-viewer", RECORDER))
    uuid = echo.virsh("domuuid", "echo").strip()
    assert told["argv"] == ["--connect", "qemu:///system", "--attach", uuid]


def test_a_screen_that_listens_nowhere_is_handed_out_by_libvirt(echo: World) -> None:
    sectors.define(echo, "nowhere", IDLE)
    document = echo.virsh("dumpxml", "nowhere")
    graphics = "<graphics type='vnc'><listen type='none'/></graphics>"
    echo.run(
        ["virsh", "define", "/dev/stdin"],
        input=re.sub(r"<graphics.*?</graphics>", graphics, document, flags=re.DOTALL),
        check=True,
    )
    echo.virsh("start", "nowhere")
    for program, place in (("xtigervncviewer", "/run/innkeeper/screens/"), ("vncviewer", "127.0.0.1::")):
        told = seen(echo, "view", "nowhere", env=with_viewer(echo, program))
        assert str(told["said"]).startswith("RFB ")
        assert str(told["argv"])[2:].startswith(place)
    assert echo.run(["ls", "/run/innkeeper/screens"], check=True).stdout == "", "the socket is gone"
    refused = echo.inn("view", "nowhere", "--print")
    assert refused.returncode == 2
    assert "no address" in refused.stderr


def test_without_a_viewer_it_says_what_to_do(echo: World) -> None:
    told = echo.inn("view", "echo", check=True).stdout
    assert ("virt-viewer" in told) == (echo.run(["which", "virt-viewer"]).returncode != 0)
    uri = echo.inn("view", "echo", "--print", check=True).stdout.strip()
    assert uri in told
    port = uri.rpartition(":")[2]
    assert f"-L {port}:127.0.0.1:{port} root@" in told
    assert f"port={port}\n" in echo.inn("view", "echo", "--connection-file", check=True).stdout
    assert echo.virsh("domdisplay", "echo").strip().startswith("vnc://127.0.0.1")


# --- over ssh ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def far(echo: World) -> Iterator[str]:
    """The world's URI over ssh, from itself."""
    options = {
        "HostKey": "/etc/ssh/world_host",
        "AuthorizedKeysFile": f"{echo.home}/.ssh/id_ed25519.pub",
        "PermitRootLogin": "yes",
        "StrictModes": "no",
        "UsePAM": "no",
        "PidFile": "none",
    }
    flags = [word for key, value in options.items() for word in ("-o", f"{key}={value}")]
    echo.run(["sh", "-c", "mkdir -p /run/sshd /etc/ssh"], check=True)
    echo.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "/etc/ssh/world_host"], check=True)
    argv = ["/usr/sbin/sshd", "-D", "-f", "/dev/null", "-p", "2222", *flags]
    with echo.popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        keyfile = f"{echo.home}/.ssh/id_ed25519"
        yield f"qemu+ssh://root@127.0.0.1:2222/system?keyfile={keyfile}&no_verify=1"
        process.terminate()


def test_a_far_screen_comes_through_ssh(echo: World, far: str) -> None:
    for program in ("remote-viewer", "xtigervncviewer"):
        told = seen(echo, "-c", far, "view", "echo", env=with_viewer(echo, program))
        assert str(told["said"]).startswith("RFB ")
    assert str(told["argv"])[2:].startswith("/run/innkeeper/screens/"), "no port is open"
    told = seen(echo, "-c", far, "view", "echo", env=with_viewer(echo, "virt-viewer", RECORDER))
    assert "--attach" not in str(told["argv"])


def test_the_tunnel_that_is_printed_works(echo: World, far: str) -> None:
    view = echo.inn_json("-c", far, "view", "echo")
    words = [re.sub(r"^\d+:", "7777:", word) for word in view["tunnel"]]
    say = "import socket; s = socket.create_connection(('127.0.0.1', 7777)); print(s.recv(12).decode())"
    with echo.popen(words, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as tunnel:
        deadline = time.monotonic() + 20
        while (done := echo.python(say)).returncode != 0:
            assert time.monotonic() < deadline, done.stderr
            time.sleep(0.1)
        tunnel.terminate()
    assert done.stdout.startswith("RFB ")


def test_logs_come_over_ssh(echo: World, far: str) -> None:
    told = echo.inn("-c", far, "logs", "echo", "--serial", "-n", "5", check=True).stdout
    assert READY in told
    assert "starting up libvirt" in echo.inn("-c", far, "logs", "echo", check=True).stdout


# --- why it stopped ---------------------------------------------------------------------------------------------------


def off(world: World, name: str) -> None:
    deadline = time.monotonic() + 60
    while world.virsh("domstate", name).strip() != "shut off":
        assert time.monotonic() < deadline
        time.sleep(0.1)


def stop_of(world: World, name: str) -> dict[str, object]:
    told: dict[str, object] = world.inn_json("logs", name)["stop"]
    return told


def test_killed(world: World) -> None:
    sectors.make(world, "killed", IDLE)
    assert world.inn_json("logs", "killed")["stop"] is None
    world.run(["sh", "-c", "kill -9 $(cat /run/libvirt/qemu/killed.pid)"], check=True)
    off(world, "killed")
    assert stop_of(world, "killed")["reason"] == "crashed"
    told = world.inn("logs", "killed", check=True).stdout
    assert "it was killed" in told.splitlines()[0]
    assert "shutting down, reason=crashed" in told
    assert "-sandbox" not in told, "the command line is left out"
    assert "-sandbox" in world.inn("logs", "killed", "--qemu", "-n", "1000", check=True).stdout


def test_unplugged_and_told_by_the_log_after_libvirtd_forgot(world: World) -> None:
    sectors.make(world, "web", IDLE)
    world.virsh("destroy", "web")
    stopped = stop_of(world, "web")
    assert stopped["reason"] == "destroyed"
    assert abs(float(str(stopped["at"])) - time.time()) < 120
    world.restart_libvirtd()
    assert world.inn_json("logs", "web")["reason"] == "unknown"
    assert stop_of(world, "web")["reason"] == "destroyed"
    assert "pulled its plug" in world.inn("logs", "web", check=True).stdout.splitlines()[0]
    world.run(["chmod", "700", "/var/log/libvirt/qemu"], check=True)
    read = (
        "from innkeeper.machine import local\nfrom innkeeper.guest.watching.log_files import tail\n"
        "tail(local(), '/var/log/libvirt/qemu/web.log', 3)"
    )
    denied = world.as_user().python(read).stderr
    world.run(["chmod", "755", "/var/log/libvirt/qemu"], check=True)
    assert "machine.file_denied" in denied


def test_powered_off_from_inside(world: World) -> None:
    sectors.make(world, "off", POWEROFF)
    off(world, "off")
    assert stop_of(world, "off")["reason"] == "shutdown"
    assert "powered off" in world.inn("logs", "off", check=True).stdout.splitlines()[0]


def test_panicked(world: World) -> None:
    sectors.make(world, "panic", PANIC, panic=True)
    off(world, "panic")
    stopped = stop_of(world, "panic")
    assert stopped["reason"] == "crashed"
    assert stopped["panic"] == "Kernel panic - not syncing: by test"


def test_could_not_start(world: World) -> None:
    sectors.define(world, "broken", IDLE)
    world.run(["rm", "/var/lib/libvirt/images/broken.img"], check=True)
    assert world.inn("start", "broken").returncode != 0
    told = world.inn_json("logs", "broken")
    assert told["reason"] in ("failed", "unknown", "crashed")
    assert "broken" in world.inn("logs", "broken", check=True).stdout


def test_since_start_and_hostile_bytes(world: World) -> None:
    sectors.make(world, "twice", IDLE)
    world.virsh("destroy", "twice")
    world.virsh("start", "twice")
    whole = world.inn("logs", "twice", "--qemu", "-n", "5000", check=True).stdout
    since = world.inn("logs", "twice", "--qemu", "-n", "5000", "--since-start", check=True).stdout
    assert (whole.count("starting up libvirt"), since.count("starting up libvirt")) == (2, 1)
    evil = r"printf 'a\033[31mred\033]0;title\007 \033Pq\x90\xffz\n' >>/var/log/libvirt/qemu/twice.serial.log"
    world.run(["sh", "-c", evil], check=True)
    told = world.inn("logs", "twice", "--serial", check=True).stdout
    assert told.rstrip("\n").replace("\n", "").isprintable()
    assert "ared" in told


def test_followed(world: World) -> None:
    sectors.define(world, "followed", ECHO)
    world.virsh("start", "followed")
    sectors.wait_for(world, "followed", READY)
    inn = f"{sys.executable.rpartition('/')[0]}/inn"
    argv = [inn, "logs", "followed", "--serial", "--follow", "--json"]
    with world.popen(
        argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as following:
        assert following.stdout is not None
        assert json.loads(following.stdout.readline()) == {"log": "serial", "line": READY}
        world.run(["sh", "-c", "echo more >>/var/log/libvirt/qemu/followed.serial.log"], check=True)
        assert json.loads(following.stdout.readline()) == {"log": "serial", "line": "more"}
        following.terminate()


def test_a_serial_port_without_a_log(world: World) -> None:
    sectors.define(world, "silent", IDLE)
    document = re.sub(r"<log file=.*?/>", "", world.virsh("dumpxml", "silent"))
    world.run(["virsh", "define", "/dev/stdin"], input=document, check=True)
    told = world.inn("logs", "silent")
    assert told.returncode == 0
    assert "<log file=" in told.stderr
    assert world.inn("logs", "silent", "--serial").returncode == 2
    assert "never ran" in told.stdout
    assert world.inn("logs", "nobody").returncode == 2
