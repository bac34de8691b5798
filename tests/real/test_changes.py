"""A running guest changed: processors and memory given while it runs, saved and woken, reset, edited."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import signal
import subprocess
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.real.test_guest_life import read_until
from tests.real.transports import unfinished
from tests.world import World, diff

TIMEOUT = 300


@pytest.fixture(scope="module")
def live(tiny_world: World) -> World:
    """A world with a running guest `g`, which has room to grow."""
    argv = ("--image", "tiny", "--cpus", "1", "--memory", "96M", "--network", "none", "--no-start")
    tiny_world.inn("create", "g", *argv, check=True)
    tiny_world.inn("set", "g", "--max-cpus", "3", "--max-memory", "160M", check=True)
    tiny_world.inn("start", "g", "--wait", "boot", check=True, timeout=TIMEOUT)
    return tiny_world


def shown(world: World) -> dict[str, Any]:
    found: dict[str, Any] = world.inn_json("show", "g")
    return found


def until(come: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not come():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def changed(world: World, *argv: str) -> dict[str, tuple[str, str | None]]:
    """What was changed: when it takes effect, and why not now."""
    done = world.inn_json("set", "g", *argv)
    return {change["what"]: (change["when"], change["why"]) for change in done["changes"]}


def test_processors_are_added_while_it_runs_and_never_taken(live: World) -> None:
    assert changed(live, "--cpus", "2") == {"cpus": ("now", None)}
    counts = live.virsh("vcpucount", "g")
    assert re.search(r"current\s+live\s+2", counts)
    assert re.search(r"current\s+config\s+2", counts)
    assert changed(live, "--cpus", "4") == {
        "cpus": ("next", "guest.next.max_cpus"),
        "max_cpus": ("next", None),
    }
    assert changed(live, "--cpus", "1") == {
        "cpus": ("next", "guest.next.unplug"),
        "max_cpus": ("next", None),
    }
    assert re.search(r"current\s+live\s+2", live.virsh("vcpucount", "g"))
    assert changed(live, "--cpus", "3", "--next-start")["cpus"] == ("next", None)
    changed(live, "--cpus", "2", "--max-cpus", "3")


def test_memory_follows_by_the_balloon(live: World) -> None:
    assert changed(live, "--memory", "140M") == {"memory": ("now", None)}
    until(lambda: "actual 143360" in live.virsh("dommemstat", "g"))
    assert changed(live, "--memory", "80M") == {"memory": ("now", None)}
    until(lambda: "actual 81920" in live.virsh("dommemstat", "g"))
    until(lambda: bool(shown(live)["memory"] == 80 << 20))
    assert changed(live, "--memory", "200M")["memory"] == ("next", "guest.next.max_memory")
    changed(live, "--memory", "96M", "--max-memory", "160M")


def test_a_saved_guest_wakes_where_it_was(live: World) -> None:
    """And its labels, title and notes are changed while it runs, sleeps and runs again."""
    run = live.virsh("domid", "g")
    live.inn("set", "g", "--title", "A & B", "--label", "env=prod", check=True)
    live.inn("save", "g", check=True)
    assert live.inn_json("list")[0]["state"] == "saved"
    assert shown(live)["title"] == "A & B"
    done = live.inn("set", "g", "--cpus", "1")
    assert "goes on as it was when it is woken" in done.stdout, done
    live.inn("set", "g", "--cpus", "2", check=True)
    done = live.inn("rename", "g", "h")
    assert done.returncode == 2, "libvirt renames no guest with a saved memory"
    done = live.inn("start", "g", check=True)
    assert "goes on where it was saved" in done.stdout
    assert live.virsh("domid", "g") != run
    view = shown(live)
    assert (view["state"], view["state_reason"], view["cpus"]) == ("running", "restored", 2)
    assert view["labels"] == {"env": "prod"}
    live.inn("save", "g", check=True)
    assert live.inn("restore", "g", "--wait", "running", check=True).stdout == "g is awake again\n"


def test_reset_is_a_boot(live: World) -> None:
    done = live.inn("reset", "g", "--wait", "boot", timeout=TIMEOUT)
    assert (done.returncode, done.stdout) == (0, "g is reset\n")


def test_suspended(live: World) -> None:
    live.inn("suspend", "g", check=True)
    assert live.virsh("domstate", "g").strip() == "paused"
    for words in (("reset", "g"), ("suspend", "g"), ("stop", "g"), ("reboot", "g")):
        assert live.inn(*words).returncode == 2
    live.inn("resume", "g", check=True)
    assert live.virsh("domstate", "g").strip() == "running"


def kept(live: World) -> list[str]:
    """Texts that were not taken."""
    done = live.run(
        ["sh", "-c", "cat /var/lib/innkeeper/edits/* 2>/dev/null; rm -f /var/lib/innkeeper/edits/*"]
    )
    return [text for text in done.stdout.split("</domain>") if text.strip()]


def test_edit_shows_the_difference_and_takes_it(live: World) -> None:
    done = live.inn("edit", "g", env={"EDITOR": "sed -i 's/A &amp; B/C \\&lt; D/'"})
    assert done.returncode == 0, done
    assert "-  <title>A &amp; B</title>\n+  <title>C &lt; D</title>" in done.stdout
    assert "takes effect at its next start" in done.stdout
    assert "<title>C &lt; D</title>" in live.virsh("dumpxml", "--inactive", "g")
    assert kept(live) == []


REFUSED = {
    "malformed": "s/<os>/<os/",
    "unknown element": "s/<os>/<nonsense\\/><os>/",
    "another name": "s/<name>g</<name>h</",
    "another UUID": "s/<uuid>....../<uuid>ffffff/",
    "no machine of this world": "s/pc-q35[^']*/toaster/",
    "emptied": "d",
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_refused_text_changes_nothing_and_is_kept(live: World, what: str) -> None:
    ignored = ("file/var/lib/innkeeper/edits",)
    before = live.fingerprint()
    done = live.inn("edit", "g", env={"EDITOR": f'sed -i "{REFUSED[what]}"'})
    assert done.returncode == 2, done
    lines = done.stderr.splitlines()
    assert lines[0].startswith("inn: ")
    assert re.fullmatch(r"  left behind: your text, in (/var/lib/innkeeper/edits/g-.*\.xml)", lines[1])
    assert lines[2].startswith("  → ")
    assert len(lines) == 3
    assert diff(before, live.fingerprint(), ignored) == ""
    assert len(kept(live)) == (0 if what == "emptied" else 1)


def test_what_virsh_changed_meanwhile_is_not_overwritten(live: World) -> None:
    """The editor itself is where somebody else changes the guest."""
    editor = "virsh -q desc g --config --new-desc theirs && sed -i s/C/ours/"
    done = live.inn("edit", "g", env={"EDITOR": editor})
    assert done.returncode == 2, done
    assert "somebody else changed g meanwhile" in done.stderr
    assert "theirs" in live.virsh("desc", "g", "--config")
    (text,) = kept(live)
    assert "ours &lt; D" in text


def test_programs_hand_in_a_document(live: World) -> None:
    base = live.virsh("dumpxml", "--inactive", "--security-info", "g")
    (live.directory / "base.xml").write_text(base)
    wanted = base.replace("theirs", "a program's")
    argv = ("edit", "g", "--file", "-", "--base", str(live.directory / "base.xml"))
    assert live.inn(*argv, input=wanted).returncode == 0
    assert "a program's" in live.virsh("desc", "g", "--config")
    done = live.inn(*argv, input=wanted)
    assert done.returncode == 2
    assert "somebody else changed g meanwhile" in done.stderr
    assert live.inn("edit", "g").returncode == 2, "no editor, no terminal"


def test_on_a_terminal_the_editor_is_offered_again(live: World) -> None:
    """First a text that libvirt refuses, then one that it takes."""
    script = "if grep -q nonsense $1; then sed -i 's/<nonsense.>//;s/program/person/' $1; "
    script += "else sed -i 's/<os>/<nonsense\\/><os>/' $1; fi"
    (live.directory / "editor.sh").write_text(script)
    person, terminal = pty.openpty()
    process = live.popen(
        ["inn", "edit", "g"],
        env={"EDITOR": f"sh {live.directory}/editor.sh"},
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    )
    os.close(terminal)
    try:
        read_until(person, b"Edit it again? [Y/n]")
        os.write(person, b"\n")
        seen = read_until(person, b"Take it? [Y]es")
        assert b"+  <description>a person's" in seen
        os.write(person, b"y\n")
        assert process.wait(timeout=60) == 0
    finally:
        process.kill()
        process.wait()
        os.close(person)
    assert "a person's" in live.virsh("desc", "g", "--config")
    assert kept(live) == []


def test_protected(live: World) -> None:
    live.inn("set", "g", "--label", "env=prod", check=True)
    live.inn("protect", "g", check=True)
    before = live.fingerprint()
    for words in (("delete", "g", "--force"), ("edit", "g")):
        done = live.inn(*words, env={"EDITOR": "sed -i /vda/d"})
        assert done.returncode == 2, done
    assert diff(before, live.fingerprint(), ("file/var/lib/innkeeper/edits",)) == ""
    assert "env=prod" in live.inn("list", "-l").stdout
    live.inn("protect", "--off", "g", check=True)


def test_what_is_set_while_it_runs_outlives_the_next_change(live: World) -> None:
    live.inn("set", "g", "--start-order", "3", "--start-delay", "1", "--label", "kept=yes", check=True)
    live.inn("set", "g", "--label", "later=yes", "--next-start", check=True)
    for words in (("protect", "g"), ("protect", "--off", "g")):
        live.inn(*words, check=True)
    for state in ("--inactive", "--migratable"):
        text = live.virsh("dumpxml", state, "g")
        assert "<innkeeper:start-order>3</innkeeper:start-order>" in text
        assert "<innkeeper:start-delay>1</innkeeper:start-delay>" in text
        assert 'name="kept"' in text.replace("'", '"')
        assert 'name="later"' in text.replace("'", '"')
    live.inn(
        "set",
        "g",
        "--no-start-order",
        "--no-start-delay",
        "--label",
        "kept-",
        "--label",
        "later-",
        check=True,
    )


def test_interrupted_save_goes_on(live: World) -> None:
    """^C while its memory is written: it runs on as if nothing was."""
    if live.virsh("domstate", "g").strip() != "running":
        live.inn("start", "g", check=True)  # a second try
    process = live.popen(
        ["inn", "save", "g"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    process.stderr.readline()  # it says what it does as soon as it does it
    pid = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True).stdout.split()
    for one in pid:
        with contextlib.suppress(ProcessLookupError):  # it was quick
            os.kill(int(one), signal.SIGINT)
    said = process.communicate(timeout=120)
    state = live.virsh("domstate", "g").strip()
    assert (process.returncode, state) in ((1, "running"), (0, "shut off")), said
    assert unfinished(live) == []
