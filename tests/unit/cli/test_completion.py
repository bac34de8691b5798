"""Completion: the scripts, and what `inn` answers them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Inn

Complete = Callable[..., list[str]]


@pytest.fixture
def complete(inn: Inn, monkeypatch: pytest.MonkeyPatch) -> Complete:
    """What bash is told may stand for the last word."""

    def call(*words: str) -> list[str]:
        monkeypatch.setenv("_INN_COMPLETE", "bash_complete")
        monkeypatch.setenv("COMP_WORDS", " ".join(["inn", *words]))
        monkeypatch.setenv("COMP_CWORD", str(len(words)))
        status, out, err = inn()
        assert (status, err) == (0, "")
        return [line.partition(",")[2] for line in out.splitlines() if line]

    return call


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_scripts(inn: Inn, shell: str, tmp_path: Path) -> None:
    status, out, err = inn("completion", shell)
    assert (status, err) == (0, "")
    assert f"_INN_COMPLETE={shell}_complete" in out
    program = shutil.which(shell)
    if program:
        script = tmp_path / "script"
        script.write_text(out)
        subprocess.run([program, "-n", str(script)], check=True)


def test_commands(complete: Complete) -> None:
    assert complete("st") == ["start", "stop"]
    assert complete("image", "re") == ["remove"]
    assert complete("image", "l") == ["list"]
    assert "--connect" in complete("--c")


def test_choices_and_options(complete: Complete) -> None:
    assert complete("start", "a", "--wait", "r") == ["running"]
    assert complete("stop", "a", "--f") == ["--force"]
    assert complete("completion", "") == ["bash", "zsh", "fish"]


def test_images_that_would_be_pulled(complete: Complete, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue at a URL that was never fetched is not fetched for a prompt."""
    monkeypatch.setenv("INNKEEPER_CATALOGUES", "http://127.0.0.1:9/images.toml")
    offered = ["ubuntu-22.04", "ubuntu-24.04", "ubuntu-26.04"]
    for command in (["create", "web1", "--image", "ubuntu-2"], ["image", "pull", "ubuntu-2"]):
        assert complete("-c", "test:///default", *command) == offered


@pytest.mark.parametrize("connect", [("-c", "test:///default"), ("--connect=test:///default",)])
def test_names(complete: Complete, connect: tuple[str, ...]) -> None:
    assert complete(*connect, "start", "") == ["test"]
    assert complete(*connect, "start", "x") == []
    assert complete("start", *connect, "t") == ["test"]
    assert complete(*connect, "create", "a", "--network", "de") == ["default"]
    assert complete(*connect, "create", "a", "--pool", "") == ["default-pool"]


def test_a_host_that_does_not_answer_completes_nothing(complete: Complete) -> None:
    assert complete("-c", "foo:///x", "start", "") == []


def test_descriptions_for_shells_that_show_them(inn: Inn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_INN_COMPLETE", "zsh_complete")
    monkeypatch.setenv("COMP_WORDS", "inn stop --f")
    monkeypatch.setenv("COMP_CWORD", "2")
    assert inn().out == "plain\n--force\nat once, as by pulling the plug\n"
    monkeypatch.setenv("COMP_WORDS", "inn rename")
    monkeypatch.setenv("COMP_CWORD", "1")
    assert inn().out == "plain\nrename\nGive a guest another name; it has to be off.\n"


def test_bash_itself(tmp_path: Path) -> None:
    """The whole way: bash sources the script and completes a word."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("needs bash")
    program = tmp_path / "inn"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m innkeeper.cli.main "$@"\n')
    program.chmod(0o755)
    script = (
        f'PATH="{tmp_path}:$PATH"; eval "$(inn completion bash)"; '
        'COMP_WORDS=(inn pur); COMP_CWORD=1; _inn_completion inn; echo "${COMPREPLY[@]}"'
    )
    done = subprocess.run([bash, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "purge\n"


def test_findings_of_the_doctor(complete: Complete) -> None:
    assert complete("host", "check", "--only", "daem") == [
        "daemon",
        "daemon.libvirt",
        "daemon.style",
        "daemon.virtlogd",
        "daemon.virtlockd",
        "daemon.outdated",
        "daemon.access",
    ]
