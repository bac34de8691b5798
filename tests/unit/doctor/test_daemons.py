"""libvirt's daemons under systemd, and the modular ones. This machine has neither: systemctl is a stand-in of the test
that keeps units' states in files and speaks like the real one; it is asked exactly what the real one would be."""

from __future__ import annotations

from pathlib import Path

import pytest

from innkeeper.doctor import daemons
from innkeeper.doctor.finding import Site
from innkeeper.doctor.kinds import daemon as kind_daemon
from tests.unit.doctor.fake_host import FakeHost

SYSTEMCTL = r"""#!/bin/sh
cd "$(dirname "$0")/units" || exit 9
verb=$1; shift
now() { cat "$1.$2" 2>/dev/null || echo "$3"; }
case $verb in
show)
    shift 2
    for unit; do
        printf 'Id=%s\nActiveState=%s\n' "$unit" "$(now $unit active inactive)"
        printf 'UnitFileState=%s\n\n' "$(now $unit enabled '')"
    done ;;
is-active) for unit; do now $unit active inactive; done; exit 3 ;;
is-enabled) for unit; do now $unit enabled ''; done ;;
*)
    echo "$verb $*" >>../log
    for unit; do
        [ -e "$unit.enabled" ] || continue
        case $verb in
        start) [ "$(now $unit enabled)" != masked ] || exit 1; echo active >"$unit.active" ;;
        stop) echo inactive >"$unit.active" ;;
        enable) echo enabled >"$unit.enabled" ;;
        disable | unmask) echo disabled >"$unit.enabled" ;;
        mask) echo masked >"$unit.enabled" ;;
        esac
    done ;;
esac
"""


class Units:
    def __init__(self, directory: Path) -> None:
        self.directory = directory
        (directory / "units").mkdir(parents=True)
        (directory / "systemctl").write_text(SYSTEMCTL)
        (directory / "systemctl").chmod(0o755)

    def set(self, unit: str, active: str, enabled: str) -> None:
        (self.directory / "units" / f"{unit}.active").write_text(f"{active}\n")
        (self.directory / "units" / f"{unit}.enabled").write_text(f"{enabled}\n")

    def all(self) -> dict[str, str]:
        return {path.name: path.read_text().strip() for path in (self.directory / "units").iterdir()}


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeHost:
    made = FakeHost(tmp_path, monkeypatch)
    made.write("/run/systemd/system/x")
    for name in ("libvirtd", "virtlogd", "virtlockd"):
        made.write(f"/usr/sbin/{name}")
    return made


@pytest.fixture
def units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Units:
    made = Units(tmp_path / "stub")
    monkeypatch.setenv("PATH", f"{made.directory}:/usr/sbin:/usr/bin:/sbin:/bin")
    for name in ("libvirtd", "virtlogd", "virtlockd"):
        made.set(f"{name}.service", "inactive", "disabled")
        made.set(f"{name}.socket", "inactive", "disabled")
    return made


def modular(fake: FakeHost, units: Units, *running: str) -> None:
    for name in ("virtqemud", "virtnetworkd", "virtstoraged"):
        fake.write(f"/usr/sbin/{name}")
        units.set(f"{name}.service", "inactive", "disabled")
        active = name in running
        units.set(f"{name}.socket", "active" if active else "inactive", "enabled" if active else "disabled")


def test_one_that_systemd_starts_when_called_counts_as_running(fake: FakeHost, units: Units) -> None:
    units.set("virtlogd.socket", "active", "enabled")
    assert daemons.daemons(Site(fake.host))["virtlogd"] == daemons.Daemon("virtlogd", True, True, True)
    assert fake.variant("daemon.virtlogd") == ("ok", "runs")


@pytest.mark.parametrize("enabled", ["disabled", "enabled", "masked"])
def test_a_unit_is_as_it_was_after_an_undo(fake: FakeHost, units: Units, enabled: str) -> None:
    units.set("virtlogd.service", "inactive", enabled)
    before = units.all()
    found = fake.finds("daemon.virtlogd")
    assert (found.status, found.text) == ("problem", "daemon.virtlogd.stopped")
    assert found.remedy == "systemctl enable --now virtlogd"
    fake.setup("daemon.virtlogd")
    assert fake.variant("daemon.virtlogd") == ("ok", "runs")
    assert units.all()["virtlogd.service.enabled"] == "enabled"
    assert fake.setup("daemon.virtlogd") == ()
    fake.undo()
    after = units.all()
    if enabled == "masked":  # systemctl masks both, and one alone being so is nobody's intention
        after["virtlogd.socket.enabled"] = before["virtlogd.socket.enabled"]
    assert after == before


def test_libvirt_is_away(fake: FakeHost, units: Units) -> None:
    found = fake.finds("daemon.libvirt")
    assert (found.status, found.text) == ("problem", "daemon.libvirt.stopped")
    assert [repair.key for repair in found.repair] == ["libvirtd"]


def test_what_is_to_start_at_boot_is_chosen(fake: FakeHost, units: Units) -> None:
    modular(fake, units)
    units.set("virtqemud.socket", "inactive", "enabled")
    found = fake.finds("daemon.libvirt")
    assert [repair.key for repair in found.repair] == ["virtqemud", "virtnetworkd", "virtstoraged"]


def test_modular(fake: FakeHost, units: Units) -> None:
    modular(fake, units, "virtqemud", "virtnetworkd", "virtstoraged")
    assert fake.variant("daemon.style") == ("ok", "modular")


def test_one_of_the_modular_is_missing(fake: FakeHost, units: Units) -> None:
    modular(fake, units, "virtqemud", "virtstoraged")
    before = units.all()
    found = fake.finds("daemon.style")
    assert (found.status, found.text, found.facts) == (
        "problem",
        "daemon.style.incomplete",
        {"names": "virtnetworkd"},
    )
    fake.setup("daemon.style")
    assert fake.variant("daemon.style") == ("ok", "modular")
    fake.undo()
    assert units.all() == before


@pytest.mark.parametrize(("enabled", "stays"), [("disabled", "virtqemud"), ("enabled", "libvirtd")])
def test_both_styles_at_once(fake: FakeHost, units: Units, enabled: str, stays: str) -> None:
    modular(fake, units, "virtqemud", "virtnetworkd", "virtstoraged")
    units.set("libvirtd.service", "active", enabled)
    before = units.all()
    found = fake.finds("daemon.style")
    assert (found.status, found.text) == ("problem", "daemon.style.both")
    assert stays not in (found.remedy or "")
    fake.setup("daemon.style")
    assert fake.variant("daemon.style") == ("ok", "monolithic" if stays == "libvirtd" else "modular")
    fake.undo()
    assert {name: state for name, state in units.all().items() if name.startswith(stays)} == {
        name: state for name, state in before.items() if name.startswith(stays)
    }
    assert fake.variant("daemon.style") == ("problem", "both")


def test_libvirt_is_not_installed(fake: FakeHost, units: Units) -> None:
    (fake.root / "usr/sbin/libvirtd").unlink()
    fake.write("/usr/bin/apt-get")
    found = fake.finds("daemon.libvirt")
    assert (found.status, found.text) == ("problem", "daemon.libvirt.missing")
    assert found.remedy == "apt-get install --yes --no-install-recommends libvirt-daemon-system"


def test_helpers_that_nobody_uses(fake: FakeHost, units: Units) -> None:
    fake.write("/etc/libvirt/qemu.conf", 'stdio_handler = "file"\n#lock_manager = "lockd"\n')
    assert fake.variant("daemon.virtlogd") == ("ok", "not_used")
    assert fake.variant("daemon.virtlockd") == ("ok", "not_used")
    fake.write("/etc/libvirt/qemu.conf", 'lock_manager = "lockd"\n')
    (fake.root / "usr/sbin/virtlockd").unlink()
    assert fake.variant("daemon.virtlockd") == ("problem", "missing")


def test_a_pid_file_of_another_process(fake: FakeHost, units: Units) -> None:
    """Left by one that died; its number has gone to another."""
    fake.write("/run/libvirtd.pid", "77\n")
    fake.write("/proc/77/comm", "bash\n")
    assert kind_daemon.process_of(Site(fake.host), "libvirtd") is None
    assert daemons.process(Site(fake.host), "libvirtd") is None
    fake.write("/proc/77/comm", "libvirtd\n")
    assert kind_daemon.process_of(Site(fake.host), "libvirtd") == 77
    assert daemons.process(Site(fake.host), "libvirtd") == 77
