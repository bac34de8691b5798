"""What is slow to import is imported by those who need it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

HEAVY = {
    "libvirt",
    "lxml",
    "msgspec",
    "rich",
    "tomllib",
    "innkeeper.machine",
    "innkeeper.host",
    "subprocess",
    "json",
}


def loaded(code: str) -> set[str]:
    """Modules that a new Python has loaded after the code."""
    script = f"import sys\n{code}\nsys.stdout.flush(); print('\\n'.join(sys.modules), file=sys.stderr)"
    child = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "LANG": "en_GB.UTF-8"},
    )
    return set(child.stderr.split())


@pytest.mark.parametrize(
    "code",
    [
        "import innkeeper",
        "import innkeeper.cli.main",
        "from innkeeper.cli.main import run; run(['--help'])",
        "from innkeeper.cli.main import run; run(['start', '--help'])",
        "from innkeeper.cli.main import run; run(['--version'])",
    ],
)
def test_light(code: str) -> None:
    assert not HEAVY & loaded(code)


def test_help_loads_no_command() -> None:
    modules = loaded("from innkeeper.cli.main import run; run(['--help'])")
    assert not {module for module in modules if module.startswith("innkeeper.cli.guest")}
    assert "innkeeper.cli.image" not in modules


def test_list_needs_little() -> None:
    modules = loaded("from innkeeper.cli.main import run; run(['-c', 'test:///default', 'list'])")
    assert "libvirt" in modules
    assert not {"lxml", "rich", "tomllib", "subprocess", "tempfile", "innkeeper.operation"} & modules


def test_show_draws_without_rich() -> None:
    assert "rich" not in loaded(
        "from innkeeper.cli.main import run; run(['-c', 'test:///default', 'show', 'test'])"
    )


def test_top_needs_little() -> None:
    modules = loaded("import innkeeper.guest.watching.rates, innkeeper.cli.guest_top")
    assert "libvirt" in modules
    assert not {"lxml", "subprocess", "tempfile", "innkeeper.operation", "innkeeper.cli.live_top"} & modules
