"""A host whose /proc, /sys and /etc are files that a test wrote: the faults that one machine cannot have for real.

What is read and written is exactly what the doctor reads and writes on a real host, below another root
(INNKEEPER_HOST_ROOT). libvirt is away, or its own test driver.
"""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from innkeeper import messages
from innkeeper.doctor.areas import chosen
from innkeeper.doctor.checking import examine
from innkeeper.doctor.finding import Found, Site
from innkeeper.host import Host
from innkeeper.machine.local import LocalMachine
from innkeeper.schema.host import RepairView, SetupReport
from innkeeper.verbs import verb

__all__ = ["AWAY", "FakeHost"]

AWAY = "qemu+unix:///system?socket=/nonexistent"
"""A libvirt that never answers."""


class FakeHost:
    """`root` is the host's /. Its machine is this computer, as root, with a state of its own."""

    def __init__(self, directory: Path, patch: pytest.MonkeyPatch, uri: str = AWAY) -> None:
        self.root = directory / "root"
        self.root.mkdir()
        patch.setenv("INNKEEPER_HOST_ROOT", str(self.root))
        patch.setenv("INNKEEPER_STATE_DIR", str(directory / "state"))
        patch.setenv("INNKEEPER_RUNTIME_DIR", str(directory / "run"))
        self.host = Host(uri)
        self.host.machine = LocalMachine()
        self.host.machine.is_root = True

    def write(self, path: str, text: str = "") -> None:
        at = self.root / path.lstrip("/")
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_text(text)

    def link(self, path: str, target: str) -> None:
        at = self.root / path.lstrip("/")
        at.parent.mkdir(parents=True, exist_ok=True)
        at.symlink_to(target)

    def read(self, path: str) -> str:
        return (self.root / path.lstrip("/")).read_text().strip()

    def looks(self, id: str) -> list[Found]:
        """What the doctor finds, each told whole in every language."""
        found = [one for _check, one in examine(Site(self.host), chosen((id,)))]
        for one in found:
            assert one.text.startswith(f"{id}."), (one.text, one.facts)
            for language in messages.LANGUAGES:
                told = messages.text(one.text, language, **one.facts)
                assert messages.has(one.text, language), one.text
                assert "<" not in told, told
                if one.status != "ok":
                    assert messages.has(f"{one.text}.means", language), one.text
        return found

    def finds(self, id: str) -> Found:
        (found,) = self.looks(id)
        return found

    def variant(self, id: str) -> tuple[str, str]:
        """Status, and the text's last word."""
        found = self.finds(id)
        return found.status, found.text.removeprefix(f"{id}.")

    def setup(self, id: str) -> tuple[RepairView, ...]:
        report: SetupReport = verb("host.setup")(self.host, only=(id,))
        assert all(repair.outcome == "done" for repair in report.repairs), report.repairs
        return report.repairs

    def undo(self) -> tuple[RepairView, ...]:
        report: SetupReport = verb("host.setup")(self.host, undo=True)
        assert all(repair.outcome == "undone" for repair in report.repairs), report.repairs
        return report.repairs

    def heals(self, id: str) -> None:
        """What is wrong is right after a setup, a second setup has nothing to do, and an undo leaves no trace."""
        before = self.fingerprint()
        assert self.finds(id).repair
        assert self.setup(id)
        assert self.finds(id).status == "ok"
        assert self.setup(id) == ()
        self.undo()
        assert self.fingerprint() == before

    def fingerprint(self) -> dict[str, tuple[str, int]]:
        return {
            str(path): (path.read_text(), stat.S_IMODE(path.stat().st_mode))
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
        }
