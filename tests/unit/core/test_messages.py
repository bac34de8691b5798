"""Finding texts, and the error tree that speaks them."""

from __future__ import annotations

import importlib
import pkgutil
import string
from collections.abc import Iterator

import pytest

from innkeeper import errors, messages
from innkeeper.errors import Failed, InnkeeperError, Invalid, NotFound, OutcomeUnknown, Refused
from innkeeper.messages import lookup

VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def of_user(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    lookup.language_of_user.cache_clear()
    try:
        return messages.language_of_user()
    finally:
        lookup.language_of_user.cache_clear()


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LC_MESSAGES": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LC_ALL": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANGUAGE": "zh_CN:en", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LANGUAGE": "en:zh_CN", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "POSIX", "LANGUAGE": "zh_CN", "LANG": "zh_CN"}, "en"),
    ],
)
def test_language_of_the_user(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], language: str
) -> None:
    assert of_user(monkeypatch, **environment) == language


def test_a_text_in_either_language() -> None:
    assert messages.text("guest.unknown", "en", name="web1") == "there is no guest web1"
    assert messages.text("guest.unknown", "zh", name="web1") == "没有虚拟机 web1"


def test_a_language_that_is_not_spoken_gets_english() -> None:
    assert messages.text("guest.unknown", "xx", name="web1") == "there is no guest web1"


def test_a_missing_fact_shows_as_a_gap() -> None:
    assert messages.text("guest.unknown", "en") == "there is no guest <name>"
    assert messages.text("guest.disk_name", "en").startswith("'<disk>' is neither")


def test_facts_are_never_templates() -> None:
    assert messages.text("guest.unknown", "en", name="{name} {0} {}") == "there is no guest {name} {0} {}"


def test_an_unknown_id_is_shown_with_its_facts() -> None:
    assert messages.text("guest.no_such_text", "zh") == "guest.no_such_text"
    assert messages.text("no_such_area.x", "zh", name="web1") == "no_such_area.x {'name': 'web1'}"
    assert not messages.has("no_such_area.x")


def areas() -> list[str]:
    package = importlib.import_module("innkeeper.messages.en")
    return sorted(module.name for module in pkgutil.iter_modules(package.__path__))


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("area", areas())
def test_both_languages_have_the_same_texts_and_name_no_other_facts(area: str) -> None:
    english, chinese = lookup.texts("en", area), lookup.texts("zh", area)
    assert english.keys() == chinese.keys()
    for key, template in english.items():
        assert key.partition(".")[0] == area.partition("_")[0]
        assert fields(chinese[key]) <= fields(template), key
        assert all(name.isidentifier() for name in fields(template)), key


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_text_can_be_shown_without_any_fact(language: str) -> None:
    for area in areas():
        for key, template in lookup.area(language, area).items():
            shown = messages.text(key, language)
            assert shown.count("<") >= len(fields(template)), key


def kinds(root: type[InnkeeperError] = InnkeeperError) -> Iterator[type[InnkeeperError]]:
    yield root
    for kind in root.__subclasses__():
        yield from kinds(kind)


@pytest.mark.parametrize(
    ("kind", "parent", "outcome", "exit_code", "http"),
    [
        ("InnkeeperError", "Exception", "failed", 1, 500),
        ("Refused", "InnkeeperError", "refused", 2, 400),
        ("Invalid", "Refused", "refused", 2, 400),
        ("Denied", "Refused", "refused", 2, 403),
        ("NotFound", "Refused", "refused", 2, 404),
        ("Conflict", "Refused", "refused", 2, 409),
        ("Busy", "Refused", "refused", 2, 423),
        ("Unsupported", "Refused", "refused", 2, 422),
        ("Failed", "InnkeeperError", "failed", 1, 500),
        ("OutcomeUnknown", "InnkeeperError", "unknown", 3, 502),
        ("WaitTimeout", "InnkeeperError", "timeout", 4, 504),
    ],
)
def test_the_tree(kind: str, parent: str, outcome: str, exit_code: int, http: int) -> None:
    made = getattr(errors, kind)
    assert made.__base__.__name__ == parent
    assert (made.outcome, made.exit_code, made.http_status) == (outcome, exit_code, http)


def test_the_table_above_is_whole() -> None:
    assert sorted(kind.__name__ for kind in kinds() if kind.__module__ == errors.__name__) == errors.__all__


def test_an_error_speaks() -> None:
    error = NotFound("guest.unknown", name="web1")
    assert (error.code, error.facts) == ("guest.unknown", {"name": "web1"})
    assert str(error) == error.text("en") == "there is no guest web1"
    assert error.text("zh") == "没有虚拟机 web1"
    assert error.remedy("en") == "see 'inn list --all'"


def test_a_fact_may_be_called_code() -> None:
    assert Failed("libvirt.failed", code=38, detail="x", name="").facts["code"] == 38


def test_what_was_undone_belongs_to_one_error_only() -> None:
    first, second = Failed("operation.cancelled"), Failed("operation.cancelled")
    first.undone.append("volume.delete x")
    assert second.undone == []
    assert isinstance(Invalid("request.name"), Refused)
    assert not isinstance(OutcomeUnknown("libvirt.lost"), Refused)
