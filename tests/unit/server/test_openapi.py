"""The description of the API: valid, whole, and with examples that hold."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema_rs
import msgspec
import pytest
from schemathesis.specs.openapi import definitions

from innkeeper import messages
from innkeeper.schema.base import build
from innkeeper.server import openapi, schemas
from innkeeper.server.app import MODULES
from innkeeper.server.examples import EXAMPLES, PATH
from innkeeper.server.routes import API, OWN_HANDLERS, ROUTES
from innkeeper.verbs import REGISTRY, verb

NAMES = sorted(set(ROUTES) - OWN_HANDLERS)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """As it is sent."""
    found: dict[str, Any] = json.loads(msgspec.json.encode(openapi.document(MODULES)))
    return found


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["operationId"]: one for item in document["paths"].values() for one in item.values()}


def test_it_is_an_openapi_3_1_document(document: dict[str, Any]) -> None:
    problems = [
        f"{list(one.instance_path)}: {one}" for one in definitions.OPENAPI_31_VALIDATOR.iter_errors(document)
    ]
    assert not problems
    for schema in document["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for path in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document))):
        found = document
        for part in path.split("/"):
            assert part in found, path
            found = found[part]


def test_every_verb_is_described(document: dict[str, Any]) -> None:
    known = operations(document)
    assert set(REGISTRY) <= set(known)
    assert len(known) == sum(len(item) for item in document["paths"].values()), "an operation's id is its own"
    for name in NAMES:
        assert (
            known[name]["summary"] == messages.text(f"cli.{schemas.text_id(name)}", "en").partition("\n")[0]
        )
        assert not known[name]["summary"].startswith("cli."), name


def test_every_handler_is_described(document: dict[str, Any]) -> None:
    known = operations(document)
    handlers = [handler for module in MODULES for handler in module.HANDLERS]
    assert {handler.name or handler.handler_name for handler in handlers} <= set(known)
    assert all(one["summary"] for one in known.values())


@pytest.mark.parametrize("name", NAMES)
def test_every_view_is_named(name: str, document: dict[str, Any]) -> None:
    shown = json.dumps(operations(document)[name]["responses"]["200"])
    view = openapi.VIEWS.get(name, verb(name).view)
    kinds = re.findall(r"\b[A-Z]\w+", str(view))
    assert kinds
    for kind in set(kinds) - {"None"}:
        assert f"#/components/schemas/{kind}" in shown or kind == "Any", (name, view)


@pytest.mark.parametrize("name", NAMES)
def test_every_field_can_be_said(name: str, document: dict[str, Any]) -> None:
    route, operation = ROUTES[name], operations(document)[name]
    said = {one["name"] for one in operation["parameters"] if "name" in one}
    if route.has_body:
        schema = document["components"]["schemas"][verb(name).request.__name__]
        said |= set(schema["properties"])
        assert schema["additionalProperties"] is False
    assert {*verb(name).request.__struct_fields__} - {*route.fixed} <= said


@pytest.mark.parametrize("name", NAMES)
def test_examples_hold(name: str) -> None:
    path = {field: PATH[field] for field in ROUTES[name].fields}
    request = build(verb(name).request, {**EXAMPLES[name], **path, **ROUTES[name].fixed})
    if ROUTES[name].has_body:
        plain = json.loads(msgspec.json.encode(request))
        assert all(plain.get(field, value) == value for field, value in EXAMPLES[name].items())


def test_what_a_reader_needs_is_told(document: dict[str, Any]) -> None:
    create = document["components"]["schemas"]["GuestCreate"]
    assert create["required"] == ["name"]
    assert create["properties"]["networks"]["description"].startswith("networks by name, `user` for")
    assert create["properties"]["password"]["writeOnly"] is True
    edit = document["components"]["schemas"]["GuestEdit"]
    assert "name" not in edit["properties"], "it stands in the path"
    set_ = document["paths"][f"{API}/guests/{{name}}"]["patch"]
    assert {"$ref": "#/components/parameters/IfMatch"} in set_["parameters"]
    assert {"202", "412", "423"} <= set(set_["responses"])
    listed = {one.get("name"): one for one in document["paths"][f"{API}/guests"]["get"]["parameters"]}
    assert {"limit", "after", "sort", "fields", "state", "memory"} <= set(listed)
    assert document["paths"]["/api/openapi.json"]["get"]["security"] == []


def test_nothing_secret_is_an_example() -> None:
    for name, example in EXAMPLES.items():
        if name not in OWN_HANDLERS:
            secret = {field for field, mark in schemas.secret_of(verb(name).request).items() if mark is True}
            assert not secret & set(example) - {"text"}, name
