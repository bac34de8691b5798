"""Breaking off commands at their steps, putting a world back, and comparing what two runs left."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from innkeeper.verbs import REGISTRY, verb
from tests.fingerprint import Fingerprint
from tests.real.exported import Exports
from tests.world import Completed, World, diff

__all__ = [
    "KILLED",
    "Scenario",
    "Stage",
    "changes",
    "normal",
    "points",
    "recorded_verbs",
    "refused",
    "steps_of",
    "wrong_refusal",
]

KILLED = -9
IMAGES = "/var/lib/libvirt/images"
POOL = "innkeeper-images"
POOL_PATH = f"/var/lib/libvirt/{POOL}"
POOL_XML = f"<pool type='dir'><name>{POOL}</name><target><path>{POOL_PATH}</path></target></pool>"

GUEST = """<domain type='qemu'><name>NAME</name><memory unit='MiB'>32</memory>
<os FIRMWARE><type arch='x86_64' machine='q35'>hvm</type></os>
<features><acpi/></features><devices>
<serial type='pty'/></devices></domain>"""

CLEAR = r"""
import glob, os, shutil, libvirt
libvirt.registerErrorHandler(lambda *_: None, None)
c = libvirt.open("qemu:///system")
for d in c.listAllDomains():
    if d.isActive():
        d.destroy()
    if d.isPersistent():
        d.undefineFlags(libvirt.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE | libvirt.VIR_DOMAIN_UNDEFINE_NVRAM)
import xml.etree.ElementTree as tree
for net in c.listAllNetworks():
    for host in tree.fromstring(net.XMLDesc()).iter("host"):
        net.update(2, libvirt.VIR_NETWORK_SECTION_IP_DHCP_HOST, -1, tree.tostring(host, "unicode"), 3)
for p in c.listAllStoragePools():
    if p.name() != "default":
        path = tree.fromstring(p.XMLDesc()).findtext("target/path")
        if p.isActive():
            p.destroy()
        p.undefine()
        shutil.rmtree(path, ignore_errors=True)
folders = ["images", "qemu/nvram", "../../log/libvirt/qemu", "../innkeeper/operations", "../innkeeper/work"]
for folder in [*folders, "../../../run/innkeeper/locks"]:
    for path in glob.glob(f"/var/lib/libvirt/{folder}/*"):
        shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
c.storagePoolLookupByName("default").refresh()
"""


PAUSE_MARK = "innkeeper-paused"
PAUSE = f"""#{PAUSE_MARK}
import os, signal, sys
from innkeeper.operation import running
point = sys.argv.pop(1)
running._stop_at = lambda name: name == point and os.kill(os.getpid(), signal.SIGSTOP)
from innkeeper.cli.main import main
main()
"""


@dataclass(frozen=True)
class Scenario:
    """A command to be broken off. `without` are the steps of its verb that it does not take."""

    name: str
    verb: str
    argv: tuple[str, ...]
    prepare: tuple[str, ...] = ()
    """what is there before: names of methods of `Stage`"""
    without: frozenset[str] = frozenset()
    forward: frozenset[str] = frozenset()
    """points after which cleaning ends the command instead of undoing it"""
    ignore: tuple[str, ...] = ()
    """what undoing cannot bring back, as prefixes of fingerprint keys"""
    more: bool = False
    """another variant of what others show: for the long run"""

    @property
    def points(self) -> list[str]:
        return points(self.verb, self.without)

    @property
    def target(self) -> str:
        """The first word of the command that is a name."""
        words = [word for word in self.argv if not word.startswith("-")]
        return words[2] if words[0] in ("image", "volume") else words[1]


def make_tree(folder: Path) -> None:
    """A directory with what QEMU takes for a kernel (boot protocol 2.02), and an initrd."""
    folder.mkdir()
    (folder / "vmlinuz").write_bytes(bytes(0x202) + b"HdrS\2\2" + bytes(16384))
    (folder / "initrd.img").write_bytes(bytes(4096))


def steps_of(name: str) -> tuple[str, ...]:
    return verb(name).steps


def points(name: str, without: frozenset[str] = frozenset()) -> list[str]:
    """Every moment at which `INNKEEPER_STOP_AT` can end that verb."""
    steps = [step for step in steps_of(name) if step not in without]
    return [point for step in steps for point in (step, f"{step}.done")]


def recorded_verbs() -> list[str]:
    return [name for name in REGISTRY if steps_of(name)]


@dataclass
class Stage(Exports):
    """A world that is the same before every test."""

    world: World
    files: Path = field(init=False)

    def __post_init__(self) -> None:
        self.files = self.world.directory / "files"
        self.files.mkdir()
        make_tree(self.files / "tree")
        disk = self.files / "blank.qcow2"
        self.world.run(["qemu-img", "create", "-q", "-f", "qcow2", str(disk), "16M"], check=True)
        self.world.inn("image", "import", str(disk), check=True)
        self.world.inn(
            "image", "import", str(disk), "--name", "cloud", "--cloud-init", "--user", "u", check=True
        )
        self.world.run(["cp", "-a", POOL_PATH, str(self.files / "pool")], check=True)
        # What is made once and stays: directories, and what was learnt of the host.
        self.world.inn("create", "first", "--image", "cloud", "--no-start", "--network", "none", check=True)
        self.world.run(
            ["mkdir", "-p", "/etc/libvirt/qemu/autostart", "/var/lib/libvirt/qemu/nvram"], check=True
        )
        self.clear()
        self.base = self.world.fingerprint()

    def clear(self) -> None:
        """Away with all guests, volumes, images, reservations, logs and records."""
        self.world.python(CLEAR, check=True)

    def set(self, scenario: Scenario) -> Fingerprint:
        """What the scenario needs; its fingerprint."""
        for name in scenario.prepare:
            getattr(self, name)()
        return self.world.fingerprint()

    def image(self) -> None:
        """The images `blank` and `cloud`."""
        self.world.run(["cp", "-a", str(self.files / "pool"), POOL_PATH], check=True)
        self._define("pool", POOL_XML)
        self.world.virsh("pool-start", POOL)
        self.world.virsh("pool-autostart", POOL)

    def disk(self) -> None:
        """The volume `spare.qcow2` in pool `default`."""
        self.world.run(["cp", str(self.files / "blank.qcow2"), f"{IMAGES}/spare.qcow2"], check=True)
        self.world.virsh("pool-refresh", "default")

    def plain(self) -> None:
        """`web`, made with virsh."""
        self._define("domain", GUEST.replace("NAME", "web").replace("FIRMWARE", ""))

    def autostart(self) -> None:
        self.world.virsh("autostart", "web")

    def running(self) -> None:
        self.world.virsh("start", "web")

    def uefi(self) -> None:
        """`web`, made with virsh, whose firmware variables libvirt finds by its name."""
        self._define("domain", GUEST.replace("NAME", "web").replace("FIRMWARE", "firmware='efi'"))
        path = "/var/lib/libvirt/qemu/nvram"
        script = f"mkdir -p {path} && echo variables > {path}/web_VARS.fd"
        self.world.run(["sh", "-c", script], check=True)

    def made(self) -> None:
        """`web`, made with inn, with all that a guest can have beside it."""
        self.image()
        argv = ("--image", "cloud", "--no-start", "--ip", "192.168.122.50", "--firmware", "uefi")
        self.world.inn("create", "web", *argv, check=True)

    def binned(self) -> None:
        """… in the bin."""
        self.world.inn("delete", "web", check=True)

    def inn(
        self, *argv: str, stop_at: str | None = None, language: str | None = None, **options: Any
    ) -> Completed:
        """`inn`; `FILES` in a word is the directory of files made for it."""
        env = {"INNKEEPER_STOP_AT": stop_at, "LANG": language}
        env = {key: value for key, value in env.items() if value}
        return self.world.inn(*self.words(argv), env=env, **options)

    def begin(self, *argv: str, **options: Any) -> subprocess.Popen[str]:
        """`inn`, and go on while it runs."""
        inn = str(Path(sys.executable).parent / "inn")
        fixed: dict[str, Any] = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
        }
        return self.world.popen([inn, *self.words(argv)], **(fixed | options))

    def paused(self, point: str, *argv: str) -> subprocess.Popen[str]:
        """`inn`, stopped (SIGSTOP) at that point of its operation; `SIGCONT` lets it go on."""
        python = [sys.executable, "-c", PAUSE, point, *self.words(argv)]
        pipes: dict[str, Any] = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
        }
        process = self.world.popen(python, **pipes)
        try:
            self.wait_for(lambda: bool(self.stopped()), process)
        except BaseException:
            process.kill()
            raise
        return process

    def stopped(self) -> list[int]:
        """Processes of this world that are stopped, by the numbers they have outside."""
        names = subprocess.run(
            ["pgrep", "-f", f"^{sys.executable} -c .*{PAUSE_MARK}"], capture_output=True, text=True
        )
        found = []
        for pid in map(int, names.stdout.split()):
            with contextlib.suppress(OSError):
                stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                same = os.readlink(f"/proc/{pid}/ns/mnt") == os.readlink(f"/proc/{self.world.pid}/ns/mnt")
                found += [pid] if stat[0] == "T" and same else []
        return found

    def go_on(self, process: subprocess.Popen[str], *signals: int) -> Completed:
        """Send it these signals and let it go on to its end."""
        (pid,) = self.stopped()
        for number in (*signals, signal.SIGCONT):
            os.kill(pid, number)
        process.send_signal(signal.SIGCONT)  # nsenter stops with its child
        out, err = process.communicate(timeout=90)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def wait_for(self, come: Callable[[], bool], process: subprocess.Popen[str], timeout: float = 60) -> None:
        deadline = time.monotonic() + timeout
        while not come():
            assert process.poll() is None, f"it ended too early: {process.communicate()}"
            assert time.monotonic() < deadline, f"nothing in {timeout} s"
            time.sleep(0.02)

    def kill(self, process: subprocess.Popen[str]) -> None:
        """`kill -9` of an `inn` that was begun, with nobody to tell it to its children."""
        inner = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False)
        for pid in inner.stdout.split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        if process.stdin is not None and process.stdin.closed:
            process.stdin = None  # else it is flushed, which fails
        process.communicate(timeout=30)

    def words(self, argv: Sequence[str]) -> list[str]:
        return [word.replace("FILES", str(self.files)) for word in argv]

    def left(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.world.inn_json("operation", "list")
        return found

    def locks(self) -> list[str]:
        """Those that somebody holds. The file of a dead holder's lock stays until the lock is taken again."""
        script = "for f in /run/innkeeper/locks/*; do [ ! -e $f ] || flock -n $f true || echo $f; done"
        return self.world.run(["sh", "-c", script], check=True).stdout.split()

    def assert_tidy(self) -> None:
        """Nothing of an operation is left: no record, held lock, private directory."""
        script = "ls /var/lib/innkeeper/operations; ls /var/lib/innkeeper/work 2>/dev/null"
        assert self.world.run(["sh", "-c", f"{script}; true"], check=True).stdout == ""
        assert self.locks() == []

    def wait_for_step(self, step: str, process: subprocess.Popen[str]) -> None:
        """Until some operation has recorded that step."""
        script = f'grep -qs \'"step": "{step}"\' /var/lib/innkeeper/operations/*'
        self.wait_for(lambda: self.world.run(["sh", "-c", script]).returncode == 0, process)

    def _define(self, kind: str, document: str) -> None:
        command = "define" if kind == "domain" else f"{kind}-define"
        self.world.virsh(command, "/dev/stdin", input=document)


def changes(before: Fingerprint, after: Fingerprint, ignore: tuple[str, ...] = ()) -> str:
    """The difference, without what is libvirt's own: its log of each guest, and a draft it was killed over."""
    return diff(without_libvirts_own(before), without_libvirts_own(after), ignore)


def without_libvirts_own(seen: Fingerprint) -> Fingerprint:
    own = re.compile(r"^name(/var/log/libvirt/qemu/[^/]*(?<!\.serial)\.log|/etc/libvirt/.*\.new)$")
    return Fingerprint({key: value for key, value in seen.items() if not own.match(key)})


NORMAL: list[tuple[str, str]] = [
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID"),
    (r"(?<=-)[0-9a-f]{8}(?=[._-])", "SHORT"),
    (r"(?<=@)\d+T\d+Z(-\d+)?", "RELEASE"),
    (r"52:54:00:[0-9a-f]{2}:[0-9a-f]{2}:[0-9a-f]{2}", "MAC"),
    (r"(?<=:created>)\d+|(?<=~deleted~)\d+T\d+Z(\.\d+)?|(?<=:operation>)[0-9a-f]{12}", "WHEN"),
    (r"(?<=\bid )\d+|(?<=vnet)\d+", "NUMBER"),
]
TIMED = re.compile(r"^file/.*(-seed\.iso|/innkeeper-images/.*\.json|\.inn)$")
"""Files that hold a UUID or a time: their size counts, their content does not."""


def normal(seen: Fingerprint) -> Fingerprint:
    """Without what chance and time put into it."""

    def plain(text: str) -> str:
        for pattern, word in NORMAL:
            text = re.sub(pattern, word, text)
        return text

    return Fingerprint(
        {
            plain(key): " ".join(value.split(" ")[:2]) if TIMED.match(key) else plain(value)
            for key, value in without_libvirts_own(seen).items()
        }
    )


TRACE = re.compile(r"Traceback|\.py:\d+|\.py\", line|Error:|\bNone\b")
MOST = 1500
"""Characters of a refusal."""


def wrong_refusal(done: Completed) -> str:
    """A refusal is exit 2, one line what, one line what to do, and nothing else. What of this is not so, or ""."""
    lines = done.stderr.splitlines()
    if done.returncode != 2:
        return "not refused"
    if done.stdout:
        return "it printed something"
    if TRACE.search(done.stderr):
        return "it shows its inside"
    if len(lines) != 2 or not lines[0].startswith("inn: ") or not lines[1].startswith("  → "):
        return "not two lines"
    return "it is too long to read" if len(done.stderr) > MOST else ""


def refused(done: Completed) -> None:
    wrong = wrong_refusal(done)
    assert not wrong, (
        f"{wrong}: {str(done.args)[:200]}: exit {done.returncode}\n{done.stdout}---\n{done.stderr}"
    )
