"""Packages that the doctor installs and removes again: apt and dpkg are the real ones, on a /usr of the world's own."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.real.host_state import state_of
from tests.real.test_doctor import SETUP_OWN, heals, setup
from tests.world import World, diff


def build_repository(world: World, names: Sequence[str], after: str = "#!/bin/sh\n") -> None:
    """Packages made here, of the names that the doctor asks for, in a repository that is a folder: apt and dpkg are the
    real ones, and nothing is fetched. /usr and /var are the world's own meanwhile."""
    for name in names:
        tree = Path("/run/packages") / name
        control = f"Package: {name}\nVersion: 1.0\nArchitecture: all\nMaintainer: a test <t@example.org>\n"
        control += f"Description: {name}\n" + ("Depends: made-along\n" if name != "made-along" else "")
        script = (
            'mkdir -p "$1/DEBIAN" "$1/usr/bin" && printf %s "$2" >"$1/DEBIAN/control" && '
            'printf "#!/bin/sh\\n" >"$1/usr/bin/$3" && chmod 755 "$1/usr/bin/$3" && '
            'p=$1/DEBIAN/postinst && printf %s "$4" >"$p" && chmod 755 "$p" && '
            'dpkg-deb --build -Znone --root-owner-group "$1" "/run/packages/$3.deb"'
        )
        world.run(["sh", "-c", script, "sh", str(tree), control, name, after], check=True)
    index = (
        "cd /run/packages && for deb in *.deb; do dpkg-deb -f $deb; echo Filename: ./$deb; "
        "echo Size: $(stat -c %s $deb); echo SHA256: $(sha256sum $deb | cut -d ' ' -f 1); echo; done >Packages"
    )
    world.run(["sh", "-c", index], check=True)
    sources = (
        "rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/* /etc/apt/preferences.d/*; "
        "echo 'deb [trusted=yes] file:/run/packages ./' >/etc/apt/sources.list && apt-get -qq update"
    )
    world.run(["sh", "-c", sources], check=True)


@pytest.fixture(scope="module")
def apt_world() -> Iterator[World]:
    """A world with a /usr of its own, without swtpm, and with a repository that has it."""
    with World() as made:
        upper, work = made.directory / "upper" / "usr", made.directory / "work" / "usr"
        upper.mkdir()
        work.mkdir()
        options = f"lowerdir=/usr,upperdir={upper},workdir={work}"
        made.run(["mount", "-t", "overlay", "overlay", "-o", options, "/usr"], check=True)
        made.run(["apt-get", "purge", "-qq", "--yes", "swtpm", "swtpm-tools"])
        # The second program that is looked for is in a package of another name.
        made.run(["ln", "-s", "/bin/true", "/usr/local/bin/swtpm_setup"])
        yield made


@pytest.mark.long
def test_killed_while_a_package_is_installed(apt_world: World) -> None:
    """In the middle of dpkg's own work, which goes on without us for a while."""
    slow = "#!/bin/sh\ntouch /run/began; sleep 2\n"
    build_repository(apt_world, ("made-along",), slow)
    build_repository(apt_world, ("swtpm", "swtpm-tools"))
    before = state_of(apt_world)
    command = "echo $$ >/run/inn.pid; exec inn host setup --only firmware.tpm"
    with apt_world.popen(
        ["sh", "-c", command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        deadline = time.monotonic() + 120
        while apt_world.run(["test", "-e", "/run/began"]).returncode != 0:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        apt_world.run(["sh", "-c", "kill -9 $(cat /run/inn.pid)"], check=True)
    apt_world.inn("operation", "clean", check=True, timeout=300)
    assert diff(before, state_of(apt_world), SETUP_OWN) == ""
    assert apt_world.run(["dpkg", "--audit"]).stdout == ""


def test_packages(apt_world: World) -> None:
    """What nobody has is told; what came along goes too; and what others need by then stays."""
    build_repository(apt_world, ("made-along", "swtpm", "swtpm-tools"))
    before = state_of(apt_world)
    apt_world.run(["mv", "/run/packages/Packages", "/run/aside"], check=True)
    apt_world.run(["sh", "-c", ">/run/packages/Packages; apt-get -qq update"], check=True)
    done = apt_world.inn("host", "setup", "--only", "firmware.tpm")
    assert done.returncode == 1
    assert "not done firmware.tpm: packages swtpm swtpm-tools" in done.stdout
    apt_world.run(["sh", "-c", "mv /run/aside /run/packages/Packages; apt-get -qq update"], check=True)
    assert diff(before, state_of(apt_world), SETUP_OWN) == ""
    heals(apt_world, "firmware.tpm", "missing", status="advice")
    setup(apt_world, "--only", "firmware.tpm")
    assert apt_world.run(["dpkg-query", "-W", "made-along"]).returncode == 0
    build_repository(apt_world, ("needs-it",))
    apt_world.run(["sh", "-c", "apt-get -qq install --yes needs-it"], check=True)
    done = apt_world.inn("host", "setup", "--undo")
    assert done.returncode == 1
    assert "needs-it" in done.stdout
    assert apt_world.run(["dpkg-query", "-W", "swtpm"]).returncode == 0
