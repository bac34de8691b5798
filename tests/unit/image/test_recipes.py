"""Recipes, without building: module order, and the files that go into images."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from unittest.mock import Mock

import pytest

from innkeeper.cli.image import build
from innkeeper.cli.types import Choice
from innkeeper.errors import Unsupported
from innkeeper.image.building import RECIPES
from innkeeper.image.recipes.debian import ESP, ROOT
from innkeeper.image.recipes.recipe import FILES
from innkeeper.image.recipes.suites import SUITES, Suite
from innkeeper.image.recipes.tiny import MODULES, in_load_order
from innkeeper.schema.image import ImageFile, ImageManifest

SCRIPTS = [
    path for path in sorted(Path(FILES).rglob("*")) if path.is_file() and path.read_bytes().startswith(b"#!")
]


def _modules(folder: Path, **needs: str) -> dict[str, str]:
    for name, depends in needs.items():
        (folder / f"{name}.ko").write_bytes(
            b"\x7fELF\0license=GPL\0depends=" + depends.encode() + b"\0name=x\0"
        )
    return {name: str(folder / f"{name}.ko") for name in needs}


def test_modules_come_after_what_they_need(tmp_path: Path) -> None:
    modules = _modules(
        tmp_path, net="net_failover,ring", net_failover="failover", failover="", ring="", other=""
    )
    assert [name for name, _ in in_load_order(modules, ["net", "ring"])] == [
        "failover",
        "net_failover",
        "ring",
        "net",
    ]


def test_what_is_built_in_is_no_module(tmp_path: Path) -> None:
    modules = _modules(tmp_path, blk="virtio-core")
    assert [name for name, _ in in_load_order(modules, ["blk", "pci"])] == ["blk"]


def test_names_with_a_dash_are_found(tmp_path: Path) -> None:
    modules = _modules(tmp_path, virtio_rng="rng-core", rng_core="")
    assert [name for name, _ in in_load_order(modules, MODULES)] == ["rng_core", "virtio_rng"]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: str(path.relative_to(FILES)))
def test_scripts_parse(script: Path) -> None:
    subprocess.run(["sh", "-n", script], check=True)


def test_there_are_scripts() -> None:
    assert {"rcS", "update-esp", "before-packages", "after-packages"} <= {path.name for path in SCRIPTS}


def test_partitions_do_not_overlap_and_are_aligned() -> None:
    assert ESP.start + ESP.size <= ROOT.start
    assert not any(number % (1 << 20) for part in (ESP, ROOT) for number in (part.start, part.size))


def _empty(name: str) -> ImageManifest:
    return ImageManifest(
        version=1,
        name=name,
        arch="x86_64",
        disk="d.qcow2",
        disk_format="qcow2",
        virtual_size=1,
        files={"d.qcow2": ImageFile(size=1, sha256="0")},
        built=0,
        source="",
    )


@pytest.mark.parametrize(
    ("recipe", "line"),
    [
        ("tiny", "\x1b[2Jinnkeeper-tiny: user space"),
        ("debian-12", "Welcome to \x1b[1mDebian GNU/Linux 12 (bookworm)\x1b[0m!"),
        ("debian-12", "Welcome to Debian GNU/Linux 12 (bookworm)!"),
        ("debian-13", "Welcome to \x1b[0;38;2;215;7;81mDebian GNU/Linux 13 (trixie)\x1b[0m!"),
        ("debian-sid", "Welcome to \x1b[1mDebian GNU/Linux forky/sid\x1b[0m!"),
        ("ubuntu-22.04", "Welcome to \x1b[1mUbuntu 22.04.5 LTS\x1b[0m!"),
        ("ubuntu-24.04", "Welcome to \x1b[1mUbuntu 24.04.3 LTS\x1b[0m!"),
    ],
)
def test_the_boot_pattern_finds_the_first_line_of_user_space(recipe: str, line: str) -> None:
    pattern = RECIPES[recipe].describe(_empty("x")).boot_pattern
    assert pattern
    assert re.search(pattern, line)
    assert not re.search(pattern, "Booting `Debian GNU/Linux 12'")


def test_the_kernel_finds_the_root_that_is_made() -> None:
    overlay = Path(FILES) / "debian" / "overlay"
    assert "root=LABEL=FAMILY-root " in (overlay / "etc/kernel/cmdline").read_text()
    assert "LABEL=FAMILY-root / ext4" in (overlay / "etc/fstab").read_text()
    assert '{self.suite.family.name}-root"' in Path(FILES).parent.joinpath("debian.py").read_text()


def test_everything_that_names_the_family_is_told_it() -> None:
    """The hook fills it in before any package's script runs."""
    overlay = Path(FILES) / "debian" / "overlay"
    named = {f"$root/{path.relative_to(overlay)}" for path in overlay.rglob("*") if path.is_file()}
    named = {name for name in named if "FAMILY" in (overlay / name.removeprefix("$root/")).read_text()}
    hook = (Path(FILES) / "debian" / "before-packages").read_text()
    (line,) = [line for line in hook.splitlines() if "s/FAMILY/" in line]
    assert {word.strip('"') for word in line.split()[3:]} == named


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.recipe)
def test_sources_of_a_release(suite: Suite) -> None:
    lines = suite.sources("http://mirror.example/pub", "signed-by=/k").splitlines()
    parts = [line.split() for line in lines]
    assert all(part[:2] == ["deb", "[signed-by=/k]"] for part in parts)
    assert all(part[4:] == suite.family.components.split() for part in parts)
    archive = "http://mirror.example/pub"
    places = [(archive, suite.suite)]
    if not suite.rolling:
        places += [(archive, f"{suite.suite}-updates"), (suite.family.security, f"{suite.suite}-security")]
    assert [(part[2], part[3]) for part in parts] == places
    assert suite.sources().startswith(
        f"deb {suite.family.mirror} {suite.suite} " if suite.family.mirror else ""
    )
    assert bool(suite.sources()) == suite.recipe.startswith("ubuntu")


def test_recipes_are_offered_by_the_command_line() -> None:
    kind = build.params[0].type
    assert isinstance(kind, Choice)
    assert set(kind.choices) == set(RECIPES)


def test_an_image_of_ubuntu_can_check_its_packages() -> None:
    for suite in SUITES:
        assert len(set(suite.packages)) == len(suite.packages)
        assert ("ubuntu-keyring" in suite.packages) == suite.recipe.startswith("ubuntu")


def test_without_its_keys_a_release_is_refused() -> None:
    machine = Mock()
    machine.run.return_value.stdout = b"x86_64\n"
    machine.files.exists.return_value = False
    with pytest.raises(Unsupported, match=r"ubuntu-archive-keyring\.gpg") as refused:
        RECIPES["ubuntu-24.04"].check(machine)
    assert "ubuntu-keyring" in refused.value.remedy("en")
