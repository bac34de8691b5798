"""Firmware descriptors, in folders of the test's own."""

from __future__ import annotations

import json
import platform
from pathlib import Path

import pytest

from tests.unit.doctor.fake_host import FakeHost

FOLDER, OVER = "/usr/share/qemu/firmware", "/etc/qemu/firmware"
ARCH = platform.machine()
UEFI, SECURE = "firmware.uefi", "firmware.secure_boot"


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeHost:
    made = FakeHost(tmp_path, monkeypatch)
    made.write("/usr/bin/apt-get")
    return made


def describe(fake: FakeHost, name: str, *features: str, arch: str = ARCH, folder: str = FOLDER) -> str:
    code = f"/usr/share/OVMF/{name}.fd"
    files = {"executable": {"filename": code}, "nvram-template": {"filename": f"{code}.vars"}}
    told = {
        "interface-types": ["uefi"],
        "mapping": {"device": "flash", **files},
        "targets": [{"architecture": arch, "machines": ["*"]}],
        "features": features,
    }
    fake.write(f"{folder}/{name}.json", json.dumps(told))
    fake.write(code)
    fake.write(f"{code}.vars")
    return code


def test_no_uefi(fake: FakeHost) -> None:
    describe(fake, "10-foreign", arch="sparc64")
    found = fake.finds(UEFI)
    assert (found.status, found.text) == ("problem", f"{UEFI}.missing")
    assert found.remedy == "apt-get install --yes --no-install-recommends ovmf"
    assert [(repair.kind, repair.key) for repair in found.repair] == [("package", "ovmf")]


def test_nothing_to_install_where_no_package_manager_is_known(fake: FakeHost) -> None:
    (fake.root / "usr/bin/apt-get").unlink()
    found = fake.finds(UEFI)
    assert (found.status, found.remedy, found.repair) == ("problem", None, ())


def test_uefi(fake: FakeHost) -> None:
    code = describe(fake, "60-plain")
    found = fake.finds(UEFI)
    assert (found.status, found.facts["file"]) == ("ok", code)
    assert fake.variant(SECURE) == ("advice", "missing")


@pytest.mark.parametrize("ending", ["", ".vars"])
def test_a_file_that_is_not_there(fake: FakeHost, ending: str) -> None:
    describe(fake, "60-plain")
    (fake.root / f"usr/share/OVMF/60-plain.fd{ending}").unlink()
    found = fake.finds(UEFI)
    assert (found.status, found.text) == ("problem", f"{UEFI}.file_missing")
    assert found.facts["file"] == f"/usr/share/OVMF/60-plain.fd{ending}"


def test_the_administrators_folder_wins(fake: FakeHost) -> None:
    describe(fake, "60-plain")
    fake.write(f"{OVER}/60-plain.json", "")
    assert fake.variant(UEFI) == ("problem", "missing")
    describe(fake, "60-plain", "secure-boot", folder=OVER)
    assert fake.variant(UEFI) == ("ok", "there")
    assert fake.variant(SECURE) == ("advice", "no_keys")


def test_secure_boot(fake: FakeHost) -> None:
    describe(fake, "60-plain")
    code = describe(fake, "40-secure", "secure-boot", "enrolled-keys", "requires-smm")
    found = fake.finds(SECURE)
    assert (found.status, found.facts["file"]) == ("ok", code)


@pytest.mark.parametrize("text", ["{", "[]", "null"])
def test_nonsense_is_passed_over(fake: FakeHost, text: str) -> None:
    fake.write(f"{FOLDER}/10-broken.json", text)
    describe(fake, "60-plain")
    assert fake.variant(UEFI) == ("ok", "there")


@pytest.mark.skipif(ARCH != "x86_64", reason="BIOS is of x86")
def test_bios(fake: FakeHost) -> None:
    found = fake.finds("firmware.bios")
    assert (found.status, found.text) == ("problem", "firmware.bios.missing")
    assert [repair.key for repair in found.repair] == ["seabios"]
    fake.write("/usr/share/seabios/bios-256k.bin")
    assert fake.variant("firmware.bios") == ("ok", "there")


def test_tpm(fake: FakeHost) -> None:
    fake.write("/usr/bin/swtpm")
    found = fake.finds("firmware.tpm")
    assert (found.status, found.facts["missing"]) == ("advice", "swtpm_setup")
    assert [repair.key for repair in found.repair] == ["swtpm swtpm-tools"]
    fake.write("/usr/bin/swtpm_setup")
    assert fake.variant("firmware.tpm") == ("ok", "there")
