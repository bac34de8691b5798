"""Recipes, without building: module order, and the files that go into images."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from innkeeper.image.recipes.debian import ESP, ROOT, Debian12
from innkeeper.image.recipes.recipe import FILES
from innkeeper.image.recipes.tiny import MODULES, Tiny, in_load_order
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
        (Tiny(), "\x1b[2Jinnkeeper-tiny: user space"),
        (Debian12(), "Welcome to \x1b[1mDebian GNU/Linux 12 (bookworm)\x1b[0m!"),
        (Debian12(), "Welcome to Debian GNU/Linux 12 (bookworm)!"),
    ],
)
def test_the_boot_pattern_finds_the_first_line_of_user_space(recipe: Tiny | Debian12, line: str) -> None:
    pattern = recipe.describe(_empty("x")).boot_pattern
    assert pattern
    assert re.search(pattern, line)
    assert not re.search(pattern, "Booting `Debian GNU/Linux 12'")


def test_the_kernel_finds_the_root_that_is_made() -> None:
    overlay = Path(FILES) / "debian" / "overlay"
    assert "root=LABEL=debian-root " in (overlay / "etc/kernel/cmdline").read_text()
    assert "LABEL=debian-root / ext4" in (overlay / "etc/fstab").read_text()
    assert '"debian-root"' in Path(FILES).parent.joinpath("debian.py").read_text()
