"""A PostgreSQL of a test's own: in a temporary directory, on a unix socket only, run by an ordinary user."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

__all__ = ["PostgreSQL", "programs"]


def programs() -> Path | None:
    """The directory of `initdb` and `postgres`; None where PostgreSQL is not installed."""
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    for folder in [*sorted(versions, reverse=True), Path("/usr/pgsql/bin"), Path("/usr/bin")]:
        if (folder / "initdb").exists():
            return folder
    return None


class PostgreSQL:
    """A server; `url()` makes an empty database and names it. As root it would refuse to run: `nobody` runs it then."""

    def __init__(self) -> None:
        folder = programs()
        assert folder is not None, "PostgreSQL is not installed: run script/setup --test"
        self._bin = folder
        self._made = 0
        self.directory = Path(tempfile.mkdtemp(prefix="inn-pg-", dir="/var/tmp"))
        self._owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        if self._owner:
            os.chown(self.directory, self._owner.pw_uid, self._owner.pw_gid)
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._run("initdb", "-D", str(self.directory / "data"), "-U", "inn", "-A", "trust", "--no-sync")
            self.start()
        except BaseException:
            self.close()
            raise

    def _command(self, program: str, *arguments: str) -> list[str]:
        ids = []
        if self._owner:
            ids = [f"--reuid={self._owner.pw_uid}", f"--regid={self._owner.pw_gid}", "--clear-groups"]
        return [
            "setpriv",
            *ids,
            "--pdeathsig",
            "QUIT",
            "--",
            str(self._bin / program),
            *arguments,
        ]

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            self._command(program, *arguments),
            cwd=self.directory,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self) -> None:
        settings = {"listen_addresses": "", "unix_socket_directories": str(self.directory), "fsync": "off"}
        words = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        with (self.directory / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command("postgres", "-D", str(self.directory / "data"), *words),
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + 60
        while subprocess.run([self._bin / "pg_isready", "-q", "-h", self.directory], timeout=60).returncode:
            assert self._process.poll() is None, (self.directory / "log").read_text()
            assert time.monotonic() < deadline, (self.directory / "log").read_text()
            time.sleep(0.05)

    def stop(self, number: int = signal.SIGINT) -> None:
        """SIGINT ends it at once and whole, SIGQUIT as a crash would."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, number)
            self._process.wait(timeout=60)
            self._process = None

    def url(self) -> str:
        """An empty database of this server."""
        import psycopg

        self._made += 1
        name = f"inn{self._made}"
        with psycopg.connect(host=str(self.directory), user="inn", dbname="postgres", autocommit=True) as c:
            c.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql://inn@/{name}?host={self.directory}"

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)
