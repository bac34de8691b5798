"""Help speaks both languages, whole, and fits the terminal."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from innkeeper import messages
from innkeeper.cli import reference
from innkeeper.cli.help import page, wrap
from innkeeper.cli.output import width
from tests.unit.cli.conftest import Inn

DOCS = Path(__file__).parents[3] / "docs" / "reference"

ENGLISH = """\
Usage: inn stop NAME [OPTIONS]

  Stop a guest: ask it to power off, and wait until it did.

  A guest that does not power off is left running and said so; --force pulls the
  plug.

Arguments:
  NAME  the guest's name

Options:
  --force            at once, as by pulling the plug
  --timeout SECONDS  seconds it may take to power off; 120 when not said
  --dry-run          check, and show what would be done, without doing it
  --explain          also show the commands and the XML that amount to the same
  -c, --connect URI  libvirt URI of the host, such as qemu:///system or
                     qemu+ssh://root@host/system
  --server URL       URL of a server to ask instead of a host, such as
                     https://inn.example:8006
  --json             print JSON, errors too
  -q, --quiet        print no progress and no remarks
  -h, --help         show this help and end
"""

CHINESE = """\
用法： inn start NAME [OPTIONS]

  启动虚拟机。

参数：
  NAME  虚拟机的名称

选项：
  --overcommit       即使内存和磁盘已答应给别人也要
  --wait none|running|boot|agent|ip
                     一直等到它运行、用户空间启动、代理应答，或获得地址
  --timeout SECONDS  最多等待的秒数；默认 600
  --dry-run          只检查并显示将要做什么，不实际执行
  --explain          同时显示等效的命令和 XML
  -c, --connect URI  主机的 libvirt URI，例如 qemu:///system 或
                     qemu+ssh://root@host/system
  --server URL       服务器的 URL，例如 https://inn.example:8006；请求它，而不是
                     直接连接主机
  --json             以 JSON 输出，错误也是
  -q, --quiet        不输出进度和说明
  -h, --help         显示本帮助并退出
"""


def test_english(inn: Inn) -> None:
    assert inn("stop", "--help") == (0, ENGLISH, "")


def test_chinese(inn: Inn, speak: Callable[[str], None]) -> None:
    speak("zh_CN.UTF-8")
    assert inn("start", "-h") == (0, CHINESE, "")


def test_language_list_of_gettext_comes_first(
    inn: Inn, speak: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    speak("en_US.UTF-8")
    monkeypatch.setenv("LANGUAGE", "zh_CN:en")
    messages.lookup.language_of_user.cache_clear()
    assert inn("--help").out.startswith("用法：")


def test_nothing_said_is_answered_with_the_help(inn: Inn) -> None:
    status, out, err = inn()
    assert (status, out) == (2, "")
    assert err.startswith("Usage: inn [OPTIONS] COMMAND")
    assert inn("image").err.startswith("Usage: inn image [OPTIONS] COMMAND")


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_command_and_parameter_has_help(language: str) -> None:
    missing = []
    for command, ctx in reference.commands():
        text_id = command.text_id or "inn"
        missing += [] if messages.has(f"cli.{text_id}", language) else [f"cli.{text_id}"]
        for param in command.get_params(ctx):
            ids = (f"cli.{command.text_id}.{param.name}", f"cli.any.{param.name}")
            if not any(messages.has(found, language) for found in ids):
                missing.append(" or ".join(ids))
    assert not missing


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_no_text_is_of_a_parameter_that_is_gone(language: str) -> None:
    known = {"any"}
    for command, ctx in reference.commands():
        known |= {f"{command.text_id}.{param.name}" for param in command.get_params(ctx)}
        known.add(command.text_id or "inn")
    commands = {command.text_id for command, _ in reference.commands() if command.text_id}
    said = set()
    for path in (Path(reference.__file__).parent).glob("*.py"):
        said |= set(re.findall(r"""["']cli\.([\w.]+)["']""", path.read_text(encoding="utf-8")))
    said |= {f"{name}.{ending}" for name in commands for ending in ("done",)}
    prefixes = tuple(f"{name}." for name in commands)
    texts = {text.removeprefix("cli.") for text in messages.lookup.area(language, "cli")}
    unused = {text for text in texts if text.startswith(prefixes)} - known - said
    assert not {text for text in unused if text.removesuffix(".remedy") not in said}


@pytest.mark.parametrize("language", messages.LANGUAGES)
@pytest.mark.parametrize("columns", [64, 80, 100])
def test_pages_fit_the_terminal(language: str, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for command, ctx in reference.commands():
        for line in page(command, ctx, language).splitlines():
            unbreakable = len(line.split()) == 1 or "|" in line or line.startswith(("Usage", "用法"))
            assert width(line) <= columns or unbreakable, line


def test_wrapping_keeps_words_whole_and_chinese_marks_off_the_line_beginnings() -> None:
    assert wrap("one two three", 7) == ["one two", "three"]
    assert wrap("磁盘会保留，名称", 10) == ["磁盘会保", "留，名称"]
    assert wrap("用 'inn start' 启动", 8) == ["用 'inn", "start'", "启动"]


@pytest.mark.parametrize(("language", "file"), [("en", "cli.md"), ("zh", "cli.zh-CN.md")])
def test_reference_is_fresh(language: str, file: str) -> None:
    written = (DOCS / file).read_text(encoding="utf-8")
    assert written == reference.markdown(language), (
        f"python -m innkeeper.cli.reference {language} > docs/reference/{file}"
    )
