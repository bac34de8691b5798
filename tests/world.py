"""A private libvirt world for tests: its own mounts, network, processes, daemons, homes and state.

    with World() as world:
        world.virsh("net-list", "--all")
        before = world.fingerprint()
        assert world.inn("create", "no/such/name").returncode == 2
        assert diff(before, world.fingerprint()) == ""

A world starts in half a second and is gone, with all its processes, when it is closed or its test process
dies. It has no way to the outside unless it is made with `network="host"` (then it has no network
`default`).
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from tests.fingerprint import Fingerprint, diff
from tests.world_init import VISITOR_ID, known_capabilities

__all__ = ["Inside", "World", "diff", "keep"]

ROOT = Path(__file__).resolve().parent.parent
PARENT = Path("/var/tmp")
PREFIX = "inn-"
"""Short, as paths of sockets in a home below it have to be (unix(7): 108 bytes)."""
SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

Completed = subprocess.CompletedProcess[str]


class Process(subprocess.Popen[str]):
    """Nobody waits for it when what is done beside it failed."""

    def __exit__(self, kind: type[BaseException] | None, value: Any, trace: Any) -> None:
        if kind is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        super().__exit__(kind, value, trace)


class Inside:
    """Commands run inside a world, as one of its users."""

    def __init__(self, pid: int, environment: Mapping[str, str], prefix: Sequence[str] = ()) -> None:
        self.pid = pid
        self.environment = dict(environment)
        self._prefix = tuple(prefix)

    def _argv(self, argv: Sequence[str]) -> list[str]:
        namespaces = ("--root", "--mount", "--net", "--pid", "--ipc", "--uts", "--cgroup")
        return ["nsenter", "--target", str(self.pid), *namespaces, "--", *self._prefix, *map(str, argv)]

    def popen(self, argv: Sequence[str], *, env: Mapping[str, str] | None = None, **options: Any) -> Process:
        """The process, in a session of its own, with text pipes; `options` are those of Popen."""
        environment = self.environment | dict(env or {})
        fixed: dict[str, Any] = {"text": True, "errors": "replace", "cwd": "/", "start_new_session": True}
        return Process(self._argv(argv), env=environment, **{**fixed, **options})

    def run(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        input: str | None = None,
        timeout: float = 120,
        check: bool = False,
    ) -> Completed:
        """Runs to its end. `check` fails the test with what it printed; a negative status is a signal's."""
        stdin = subprocess.DEVNULL if input is None else subprocess.PIPE
        with self.popen(
            argv, env=env, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            out, err = process.communicate(input, timeout)
        done = subprocess.CompletedProcess(list(map(str, argv)), process.returncode, out, err)
        if check and done.returncode != 0:
            raise AssertionError(
                f"{' '.join(done.args)}: exit {done.returncode}\n--- stdout\n{out}--- stderr\n{err}"
            )
        return done

    def inn(self, *arguments: str, **options: Any) -> Completed:
        """`inn` of this checkout; options are those of `run`."""
        return self.run([str(Path(sys.executable).parent / "inn"), *arguments], **options)

    def inn_json(self, *arguments: str, **options: Any) -> Any:
        """What `inn … --json` prints, decoded; fails the test when it fails."""
        return json.loads(self.inn(*arguments, "--json", check=True, **options).stdout)

    def virsh(self, *arguments: str, **options: Any) -> str:
        """Standard output of virsh; fails the test when virsh fails, unless `check=False`."""
        return self.run(["virsh", "--quiet", *arguments], **({"check": True} | options)).stdout

    def python(self, code: str, *arguments: str, **options: Any) -> Completed:
        """Python of this environment, with innkeeper importable."""
        return self.run([sys.executable, "-c", code, *arguments], **options)


class World(Inside):
    """A world, and root in it. `network` is "private" or "host" (the machine's own network, no `default`)."""

    def __init__(self, network: Literal["private", "host"] = "private") -> None:
        if os.geteuid() != 0:
            raise PermissionError("a test world needs root: namespaces, mounts and a system libvirtd")
        remove_orphans()
        self.directory = Path(tempfile.mkdtemp(prefix=PREFIX, dir=PARENT))
        self.directory.chmod(0o755)
        (self.directory / "owner").write_text(_identity(os.getpid()))
        self.home = self.directory / "home"
        environment = {
            "PATH": f"{Path(sys.executable).parent}:{SEARCH_PATH}",
            "HOME": str(self.home),
            "USER": "root",
            "LOGNAME": "root",
            "LANG": "C.UTF-8",
            "TERM": "dumb",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self._process = self._start(network, environment)
        super().__init__(_child_of(self._process.pid), environment)

    def _start(self, network: str, environment: Mapping[str, str]) -> subprocess.Popen[str]:
        flags = ["--mount", "--pid", "--ipc", "--uts", "--cgroup", "--fork", "--kill-child"]
        if network == "private":
            flags.append("--net")
        script = Path(__file__).with_name("world_init.py")
        with (self.directory / "init.log").open("w") as log:
            process = subprocess.Popen(
                ["unshare", *flags, "--", sys.executable, "-S", str(script), str(self.directory), network],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=dict(environment),
                text=True,
                start_new_session=True,
            )
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            process.wait()
            said = (self.directory / "init.log").read_text()
            shutil.rmtree(self.directory, ignore_errors=True)
            raise RuntimeError(f"the test world did not start:\n{said}")
        return process

    def __enter__(self) -> World:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends every process of the world and removes its directory; a second call does nothing."""
        if self._process.stdin is None or self._process.stdin.closed:
            return
        self._process.stdin.close()
        self._process.wait(timeout=30)
        if self._process.stdout is not None:
            self._process.stdout.close()
        learnt = self.directory / "private" / "var-cache-libvirt" / "qemu" / "capabilities"
        if learnt.is_dir() and not known_capabilities().is_dir():
            keep(learnt, known_capabilities())
        shutil.rmtree(self.directory)

    def as_user(self) -> Inside:
        """The world's ordinary user `visitor`, who has a session of their own and no rights."""
        home = self.directory / "v"
        person = {"HOME": str(home), "USER": "visitor", "LOGNAME": "visitor"}
        environment = self.environment | person | {"XDG_RUNTIME_DIR": f"/run/user/{VISITOR_ID}"}
        ids = ["--reuid", str(VISITOR_ID), "--regid", str(VISITOR_ID), "--clear-groups"]
        return Inside(self.pid, environment, ["setpriv", *ids, "--"])

    def fingerprint(self) -> Fingerprint:
        """Everything a verb could have changed, to be compared with `diff`."""
        script = Path(__file__).with_name("fingerprint.py")
        done = self.run([sys.executable, str(script), str(self.home)], check=True)
        return Fingerprint(json.loads(done.stdout))

    def stop_libvirtd(self, *, kill: bool = False) -> None:
        """Ends libvirtd (guests live on) and waits until it is gone; `kill` gives it no time to tidy up."""
        name = "KILL" if kill else "TERM"
        wait = "while kill -0 $p 2>/dev/null; do sleep 0.02; done"
        script = f"p=$(cat /run/libvirtd.pid) && kill -{name} $p && {wait}"
        self.run(["sh", "-c", script], check=True, timeout=30)

    def start_libvirtd(self) -> None:
        self.run(["libvirtd", "-d"], check=True, timeout=30)
        self.virsh("version", timeout=30)

    def restart_libvirtd(self, *, kill: bool = False) -> None:
        self.stop_libvirtd(kill=kill)
        self.start_libvirtd()

    @contextlib.contextmanager
    def limit_disk(self, size: int, path: str = "/var/lib/libvirt/images") -> Iterator[None]:
        """While it holds, `path` is a file system of `size` bytes (up to a page more), same content."""
        spare = f"/run/limited-{size}"
        make = 'mkdir "$1" && mount -t tmpfs -o "mode=711,size=$2" tmpfs "$1"'
        script = f'{make} && cp -a "$3/." "$1/" && mount --bind "$1" "$3"'
        self.run(["sh", "-c", script, "sh", spare, str(size), path], check=True)
        try:
            yield
        finally:
            undo = 'umount -l "$2" && umount -l "$1" && rmdir "$1"'
            self.run(["sh", "-c", undo, "sh", spare, path], check=True)

    def seed_image(self, name: str) -> None:
        """Puts an image there as if `inn image build NAME` had run; kept by `tests.images`."""
        from tests.images import seed

        seed(self, name)


def keep(source: Path, target: Path) -> None:
    """Copies a folder so that it is there whole or not at all, whoever else does the same at this moment."""
    target.parent.mkdir(parents=True, exist_ok=True)
    spare = Path(tempfile.mkdtemp(dir=target.parent))
    shutil.copytree(source, spare, dirs_exist_ok=True)
    try:
        spare.rename(target)
    except OSError:
        shutil.rmtree(spare)


def remove_orphans() -> None:
    """Directories of worlds whose test process was killed; the worlds themselves died with it."""
    for directory in PARENT.glob(f"{PREFIX}*"):
        try:
            pid = (directory / "owner").read_text().split()[0]
            alive = _identity(int(pid)) == (directory / "owner").read_text()
        except (OSError, IndexError, ValueError):
            continue
        if not alive:
            shutil.rmtree(directory, ignore_errors=True)


def _identity(pid: int) -> str:
    """`pid start-time`, which no later process with the same number has; "" when there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    return f"{pid} {stat.rpartition(')')[2].split()[19]}"


def _child_of(parent: int) -> int:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if stat.read_text().rpartition(")")[2].split()[1] == str(parent):
                return int(stat.parent.name)
    raise RuntimeError("the world's first process is gone")
