"""Every verb of the registry has its module, a Python door, a command, a line in the reference, and a test."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest

import innkeeper
from innkeeper import messages
from innkeeper.cli import reference
from innkeeper.operation.undo import ACTIONS
from innkeeper.routes import ROUTES
from innkeeper.schema.base import Request
from innkeeper.verbs import REGISTRY, Verb, verb

ROOT = Path(__file__).parents[1]
NAMES = sorted(REGISTRY)
COMMANDS = {found: command for command, _ in reference.commands() if (found := reference.verb_of(command))}


def test_modules_hold_the_verbs_that_the_registry_says() -> None:
    held = {module: set(import_module(module).VERBS) for module in set(REGISTRY.values())}
    said = {module: {name for name in REGISTRY if REGISTRY[name] == module} for module in held}
    assert held == said


@pytest.mark.parametrize("name", NAMES)
def test_verb(name: str) -> None:
    found = verb(name)
    assert isinstance(found, Verb)
    assert found.name == name
    assert issubclass(found.request, Request)
    assert len(inspect.signature(found.check).parameters) == 2, "check(host, request)"
    assert len(inspect.signature(found.run).parameters) == 3, "run(host, request, operation)"
    assert found.needs_machine in ("no", "user", "root")
    if found.plan is not None:
        assert len(inspect.signature(found.plan).parameters) == 3, "plan(host, request, decided)"


@pytest.mark.parametrize("name", NAMES)
def test_python_door(name: str) -> None:
    kind, _, action = name.partition(".")
    door = getattr(innkeeper, kind)
    attribute = f"{action}_" if action == "import" else action
    if kind == "operation":
        pytest.skip("operations are looked at by functions in Python")
    assert getattr(door, attribute) is verb(name)


def test_python_door_has_nothing_else() -> None:
    for kind in {name.partition(".")[0] for name in REGISTRY} - {"operation"}:
        with pytest.raises(AttributeError):
            _ = getattr(innkeeper, kind).no_such_verb


@pytest.mark.parametrize("name", NAMES)
def test_command(name: str) -> None:
    assert name in COMMANDS, f"no command performs {name}: see innkeeper/cli/tree.py"


def test_commands_without_a_verb_are_few() -> None:
    others = {command.text_id for command, _ in reference.commands() if not reference.verb_of(command)}
    assert others == {
        "",
        "backup",
        "host",
        "host.device",
        "image",
        "network",
        "operation",
        "pool",
        "operation.follow",
        "schedule",
        "serve",
        "login",
        "logout",
        "completion",
        "token",
        "volume",
    }


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("page", ["cli.md", "cli.zh-CN.md"])
def test_documentation(name: str, page: str) -> None:
    assert f"`{name}`" in (ROOT / "docs/reference" / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_test(name: str) -> None:
    """Some test names the verb, calls its Python door, or runs its command."""
    kind, _, action = name.partition(".")
    command = COMMANDS[name].text_id.replace(".", '", "')
    patterns = (
        rf'"{re.escape(name)}"',
        rf"\b{kind}\.{action}_?\(",
        rf'"{re.escape(command)}"',
    )
    tests = (path for path in (ROOT / "tests").rglob("*.py") if path.name != Path(__file__).name)
    assert any(re.search("|".join(patterns), path.read_text(encoding="utf-8")) for path in tests)


@pytest.mark.parametrize("name", NAMES)
def test_route(name: str) -> None:
    assert name in ROUTES, f"no route performs {name}: see innkeeper/routes.py"
    assert {*ROUTES[name].fields, *ROUTES[name].fixed} <= set(verb(name).request.__struct_fields__)


def test_every_route_is_a_verbs_and_no_other_has_it() -> None:
    assert set(ROUTES) == set(REGISTRY)
    assert len({(route.method, route.path) for route in ROUTES.values()}) == len(ROUTES)


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_undo_functions_exist(action: str) -> None:
    module, _, function = ACTIONS[action].partition(":")
    first = next(iter(inspect.signature(getattr(import_module(module), function)).parameters))
    assert first == "host", "an undo is f(host, **args)"


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_changing_command_says_when_it_is_done(language: str) -> None:
    changing = [name for name in REGISTRY if name.startswith("guest.") and verb(name).steps]
    missing = [f"cli.{name.partition('.')[2]}.done" for name in changing]
    assert not [text for text in missing if not messages.has(text, language)]
