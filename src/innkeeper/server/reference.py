"""The reference of REST as Markdown, from the description of the API.

python -m innkeeper.server.reference en > docs/reference/rest.md
python -m innkeeper.server.reference zh > docs/reference/rest.zh-CN.md
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import msgspec

from innkeeper import messages
from innkeeper.server import openapi
from innkeeper.server.app import MODULES
from innkeeper.server.listing import row_of
from innkeeper.server.openapi_parts import HEADERS, about
from innkeeper.server.schemas import text_id

__all__ = ["markdown"]

_PAGING = {"limit", "offset", "after", "sort", "fields"}


def markdown(language: str) -> str:
    """The whole page in that language."""
    described = json.loads(msgspec.json.encode(openapi.document(MODULES)))
    parts = [f"# {messages.text('rest.title', language)}\n", messages.text("rest.reference", language) + "\n"]
    parts += [f"{paragraph}\n" for paragraph in about(language)]
    by_tag: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path, item in described["paths"].items():
        for method, operation in item.items():
            by_tag.setdefault(operation["tags"][0], []).append((method.upper(), path, operation))
    for tag in sorted(by_tag):
        parts.append(f"## {tag}\n")
        for method, path, operation in by_tag[tag]:
            parts += _section(described, method, path, operation, language)
    parts += _views(described, language)
    return "\n".join(parts)


def _views(described: dict[str, Any], language: str) -> Iterator[str]:
    """What answers hold; bodies stand with their operations."""
    bodies = json.dumps(list(described["paths"].values()))
    yield f"## {messages.text('rest.reference.views', language)}\n"
    for name, schema in described["components"]["schemas"].items():
        reference = f'"application/json": {{"schema": {{"$ref": "#/components/schemas/{name}"}}, "examples"'
        if reference in bodies or "properties" not in schema:
            continue
        yield f"### {name}\n"
        if schema.get("description"):
            yield " ".join(schema["description"].split()) + "\n"
        rows = [
            (f"`{field}`", _kind(described, one), one.get("description", ""))
            for field, one in schema["properties"].items()
        ]
        yield from _table(messages.text("rest.reference.field_of_view", language), rows, language)


def _section(
    described: dict[str, Any], method: str, path: str, operation: dict[str, Any], language: str
) -> Iterator[str]:
    name = operation["operationId"]
    own = messages.has(f"cli.{text_id(name)}")
    yield f"### {method} {path}\n"
    yield (messages.text(f"cli.{text_id(name)}", language) if own else operation["summary"]).partition("\n")[
        0
    ] + f" `{name}`\n"
    rows = list(_parameters(described, operation, language))
    if rows:
        yield from _table(messages.text("rest.reference.parameter", language), rows, language)
    fields = list(_fields(described, operation, language))
    if fields:
        yield from _table(messages.text("rest.reference.field", language), fields, language)
    headers = [HEADERS[name]["name"] for name in _headers(operation)]
    if headers:
        said = ", ".join(f"`{header}`" for header in headers)
        yield messages.text("rest.reference.headers", language, headers=said) + "\n"
    answers = ", ".join(
        f"`{status}`{_shown(answer)}" for status, answer in operation["responses"].items() if status < "4"
    )
    yield messages.text("rest.reference.answers", language, answers=answers) + "\n"
    yield from _example(operation, language)


def _headers(operation: dict[str, Any]) -> Iterator[str]:
    for one in operation["parameters"]:
        if "$ref" in one:
            yield one["$ref"].rpartition("/")[2]


def _table(first: str, rows: list[tuple[str, str, str]], language: str) -> Iterator[str]:
    kind, meaning = (messages.text(f"rest.reference.{part}", language) for part in ("type", "meaning"))
    yield f"| {first} | {kind} | {meaning} |\n| --- | --- | --- |"
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
    yield ""


def _parameters(
    described: dict[str, Any], operation: dict[str, Any], language: str
) -> Iterator[tuple[str, str, str]]:
    row = row_of(operation["operationId"])
    for one in operation["parameters"]:
        if "$ref" in one or (row and _is_filter(one)):
            continue
        text = _translated(operation, one["name"], one.get("description", ""), language)
        yield f"`{one['name']}`", _kind(described, one["schema"]), text
    if row:
        yield messages.text("rest.reference.list", language), f"`{row.__name__}`", ""


def _is_filter(parameter: dict[str, Any]) -> bool:
    return parameter["name"] in _PAGING or parameter.get("description", "").startswith("rows whose")


def _fields(
    described: dict[str, Any], operation: dict[str, Any], language: str
) -> Iterator[tuple[str, str, str]]:
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return
    schema = _found(described, content["application/json"]["schema"])
    needed = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        text = _translated(operation, name, field.get("description", ""), language)
        yield f"`{name}`{' *' if name in needed else ''}", _kind(described, field), text


def _translated(operation: dict[str, Any], field: str, text: str, language: str) -> str:
    """The source's words in English; in other languages those of the command's option, where it has one."""
    command = text_id(operation["operationId"])
    if messages.has(f"rest.field.{field}", language):
        return messages.text(f"rest.field.{field}", language)
    for message in (f"cli.{command}.{field}", f"cli.any.{field}"):
        if messages.has(message, language) and (language != "en" or not text):
            return messages.text(message, language)
    return text


def _found(described: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    found: dict[str, Any] = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def _kind(described: dict[str, Any], schema: dict[str, Any]) -> str:
    """In few words."""
    if "$ref" in schema:
        return f"`{schema['$ref'].rpartition('/')[2]}`"
    if "anyOf" in schema:
        return ", ".join(
            dict.fromkeys(_kind(described, one) for one in schema["anyOf"] if one != {"type": "null"})
        )
    if "enum" in schema:
        return ", ".join(f"`{one}`" for one in schema["enum"] if one is not None)
    if schema.get("type") == "array":
        return f"{_kind(described, schema.get('items', {}))} …"
    return str(schema.get("type", "-"))


def _shown(answer: dict[str, Any]) -> str:
    """What it holds, by name."""
    text = json.dumps(answer.get("content", {}))
    names = dict.fromkeys(part.partition('"')[0] for part in text.split("#/components/schemas/")[1:])
    return f" ({', '.join(names)})" if names else ""


def _example(operation: dict[str, Any], language: str) -> Iterator[str]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    value = body.get("examples", {}).get("example", {}).get("value")
    if value:
        yield messages.text("rest.reference.example", language) + "\n"
        yield f"```json\n{json.dumps(value, ensure_ascii=False)}\n```\n"


if __name__ == "__main__":
    sys.stdout.write(markdown(sys.argv[1]))
