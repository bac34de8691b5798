"""What one check of the doctor says, and the host as checks see it.

def look(site: Site) -> Found:
    if site.read("/proc/sys/net/ipv4/ip_forward").strip() == "1":
        return Found("ok", "network.forwarding.on")
    repair = Repair("sysctl", "net.ipv4.ip_forward", "1")
    return Found("problem", "network.forwarding.off", {}, "sysctl -w net.ipv4.ip_forward=1", (repair,))

CHECKS = (Check("network.forwarding", look),)
"""

from __future__ import annotations

import base64
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from innkeeper.errors import Denied, InnkeeperError, NotFound, Unsupported
from innkeeper.machine import LocalMachine, Machine, Result
from innkeeper.schema.host import Status

if TYPE_CHECKING:
    from innkeeper.doctor.repairs import Repair
    from innkeeper.host import Host
    from innkeeper.virt.connection import Connection

__all__ = ["Check", "FileFacts", "Found", "Site"]

T = TypeVar("T")

PATIENCE = 10.0
"""Seconds a program gets that a check runs; most take a hundredth."""
VIRT_PATIENCE, FAR_PATIENCE = 5.0, 15.0
"""Seconds libvirt gets to answer, here and behind ssh; it needs hundredths of one, and half a one."""
NO_PROGRAM = 127
FETCH = """for word; do for path in $word; do
if [ -d "$path" ]; then printf 'D %s ' "${path%/}"; ls -A1 "$path" | base64 -w0; echo
elif [ -r "$path" ] && data=$(base64 -w0 "$path" 2>/dev/null); then printf 'F %s %s\\n' "$path" "$data"
elif ! [ -e "$path" ]; then printf 'M %s \\n' "${path%/}"; fi
done; done"""
"""Words are split and expanded: they are ours. Lines `F PATH BASE64`, `D PATH BASE64 of its names`, `M PATH `."""
PROGRAM_FOLDERS = (
    "/usr/sbin",
    "/usr/bin",
    "/sbin",
    "/bin",
    "/usr/local/sbin",
    "/usr/local/bin",
    "/usr/libexec",
)


@dataclass(frozen=True)
class Found:
    """What a check saw.

    `text` is the message `<finding id>.<variant>` that says it, with `facts`; `<text>.means` says what it means for
    guests; `<text>.remedy` what to do about it where `remedy`, a command line, cannot say it all. `repair` is what
    `host.setup` does, in that order; the same as `remedy` does by hand.
    """

    status: Status
    text: str
    facts: dict[str, object] = field(default_factory=dict)
    remedy: str | None = None
    repair: tuple[Repair, ...] = ()


@dataclass(frozen=True)
class Check:
    """One thing to look at. `look` changes nothing; an error of ours that it raises makes the finding `unknown`.

    Several findings of one id speak of several things (each pool, each bridge). Checks run side by side. `reads`
    are the files that `look` reads, with the shell's `*`: over ssh they are fetched together beforehand.
    """

    id: str
    look: Callable[[Site], Found | list[Found]]
    reads: tuple[str, ...] = ()


class FileFacts(NamedTuple):
    """Of a file, its links followed."""

    kind: str
    """as stat(1) writes it: `regular file`, `directory`, `character special file` …"""
    mode: int
    """the permission bits"""
    user: str
    group: str
    uid: int
    gid: int


class Site:
    """A host as it is looked at: files below `INNKEEPER_HOST_ROOT` (so that a test can hand in a /proc, a /sys and an
    /etc of its own), programs, libvirt when it answers. What was seen once is remembered until `forget`."""

    def __init__(self, host: Host) -> None:
        assert host.machine is not None, "the verb needs a machine"
        self.host = host
        self.machine: Machine = host.machine
        self.root = os.environ.get("INNKEEPER_HOST_ROOT", "").rstrip("/")
        self.virt_error: InnkeeperError | None = None
        """why `virt` is None, once it was asked for"""
        self._virt: Connection | None = None
        self._connecting = threading.Lock()
        self._seen: dict[object, object] = {}
        self._looking: dict[object, threading.Lock] = {}

    def path(self, path: str) -> str:
        """Where that file of the host really is; for programs that are handed a path."""
        return self.root + path

    def read(self, path: str) -> str:
        """Its text; "" when there is no such file. Raises `Denied` or `Failed` when it cannot be read."""
        return self.once(("read", path), lambda: self._read(path))

    def exists(self, path: str) -> bool:
        return self.once(("exists", path), lambda: self.machine.files.exists(self.path(path)))

    def list(self, path: str) -> list[str]:
        """Names in a directory, sorted; none when there is no such directory."""
        return self.once(("list", path), lambda: self.machine.files.list(self.path(path)))

    def stat(self, path: str) -> FileFacts | None:
        """None when there is no such file."""
        return self.once(("stat", path), lambda: self._stat(path))

    def program(self, name: str) -> str | None:
        """Where that program is; None when it is not installed."""
        return next((f"{at}/{name}" for at in PROGRAM_FOLDERS if name in self.list(at)), None)

    def run(self, argv: Sequence[str], timeout: float = PATIENCE) -> Result:
        """Run a program that only looks; its answer is remembered. Status 127 when there is none of that name.

        Raises `Failed("machine.command_timeout")`.
        """
        return self.once(("run", *argv), lambda: self._run(argv, timeout))

    def shell(self, command: str, *arguments: str) -> str:
        """What a line of sh(1) prints; `arguments` are its $1, $2 …: one round trip for many small questions."""
        return self.run(["sh", "-c", command, "sh", *arguments]).stdout.decode(errors="replace")

    @property
    def virt(self) -> Connection | None:
        """libvirt; None while nobody answers, and `virt_error` says why."""
        with self._connecting:
            if self.virt_error is None and self._virt is None:
                self._connect()
            return self._virt

    def prefetch(self, patterns: Sequence[str]) -> None:
        """Read many files in one round trip, where a round trip is dear: names as in sh(1), `/` at the end for the
        names in a directory. What cannot be read is left to `read`, which says why."""
        if isinstance(self.machine, LocalMachine) or not patterns:
            return
        words = [self.path(pattern) for pattern in dict.fromkeys(patterns)]
        said = self.machine.run(["sh", "-c", FETCH, "sh", *words], check=False, timeout=PATIENCE)
        for line in said.stdout.decode(errors="replace").splitlines():
            what, _, rest = line.partition(" ")
            path, _, data = rest.rpartition(" ")
            text = base64.b64decode(data).decode(errors="replace")
            place = path.removeprefix(self.root)
            if what == "F":
                self._seen[("read", place)] = text
                self._seen[("exists", place)] = True
            elif what == "D":
                self._seen[("list", place)] = sorted(text.splitlines())
                self._seen[("exists", place)] = True
            else:
                self._seen[("read", place)] = ""
                self._seen[("list", place)] = []
                self._seen[("exists", place)] = False

    def forget(self) -> None:
        """Look anew: something was changed."""
        self._seen.clear()
        self._virt = self.virt_error = None

    def once(self, key: object, look: Callable[[], T]) -> T:
        """What `look` answers, remembered under the key; checks that ask at the same time wait for one answer."""
        if key not in self._seen:
            with self._looking.setdefault(key, threading.Lock()):
                if key not in self._seen:
                    self._seen[key] = look()
        return cast("T", self._seen[key])

    def _connect(self) -> None:
        """A daemon that was stopped takes connections and says nothing: it is waited for so long and no longer."""

        def connect() -> None:
            try:
                answer.append(self.host.virt)
            except InnkeeperError as error:
                answer.append(error)

        answer: list[Connection | InnkeeperError] = []
        worker = threading.Thread(target=connect, daemon=True)
        worker.start()
        patience = VIRT_PATIENCE if isinstance(self.machine, LocalMachine) else FAR_PATIENCE
        worker.join(patience)
        if not answer:
            self.virt_error = Unsupported("host.libvirt_hangs", uri=self.host.uri, seconds=round(patience))
        elif isinstance(answer[0], InnkeeperError):
            self.virt_error = answer[0]
        else:
            self._virt = answer[0]

    def _read(self, path: str) -> str:
        try:
            return self.machine.files.read(self.path(path)).decode(errors="replace")
        except NotFound:
            return ""

    def _stat(self, path: str) -> FileFacts | None:
        asked = ["stat", "-L", "-c", "%a|%u|%g|%U|%G|%F", "--", self.path(path)]
        done = self.machine.run(asked, check=False, timeout=PATIENCE)
        if done.status != 0:
            if b"ermission denied" in done.stderr:
                raise Denied("machine.file_denied", path=path)
            return None
        mode, uid, gid, user, group, kind = done.stdout.decode().strip().split("|")
        return FileFacts(kind, int(mode, 8), user, group, int(uid), int(gid))

    def _run(self, argv: Sequence[str], timeout: float) -> Result:
        try:
            return self.machine.run(argv, check=False, timeout=timeout)
        except Unsupported:
            return Result(NO_PROGRAM, b"", b"")
