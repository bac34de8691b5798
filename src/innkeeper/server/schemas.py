"""The structs of requests and views as JSON Schema, each field with what the source says of it."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Hashable, Iterable, Iterator
from functools import cache
from typing import Any

import msgspec

from innkeeper import messages
from innkeeper.schema.base import Request
from innkeeper.server.routes import ROUTES
from innkeeper.verbs import verb

__all__ = ["REF", "body_of", "components", "fields_of", "secret_of", "text_id", "told"]

REF = "#/components/schemas/{name}"

Schema = dict[str, Any]


def components(types: Iterable[Any]) -> tuple[list[Schema], dict[str, Schema]]:
    """A schema for each type, and the named ones that they refer to."""
    wanted = list(types)
    found, named = msgspec.json.schema_components(wanted, ref_template=REF)
    for struct in _structs(wanted):
        schema = named.get(struct.__name__)
        if schema is not None and "properties" in schema:
            _tell(struct, schema)
    return list(found), named


def _structs(types: Iterable[Any]) -> Iterator[type[Any]]:
    """All structs that these types hold."""
    seen: set[Any] = set()
    waiting = [msgspec.inspect.multi_type_info([one])[0] for one in types]
    while waiting:
        found = waiting.pop()
        if isinstance(found, msgspec.inspect.StructType):
            if found.cls in seen:
                continue
            seen.add(found.cls)
            yield found.cls
            waiting += [field.type for field in found.fields]
            continue
        for name in ("item_type", "key_type", "value_type", "type"):
            if isinstance(inner := getattr(found, name, None), msgspec.inspect.Type):
                waiting.append(inner)
        waiting += [one for one in getattr(found, "types", ()) if isinstance(one, msgspec.inspect.Type)]
        waiting += [one for one in getattr(found, "item_types", ()) if isinstance(one, msgspec.inspect.Type)]


def _tell(struct: Any, schema: Schema) -> None:
    described, secret = told(struct), secret_of(struct)
    for name, field in schema["properties"].items():
        if name in described:
            field["description"] = described[name]
        if name in secret:
            field |= {"writeOnly": True} | ({"format": "password"} if secret[name] is True else {})


def secret_of(struct: type[Any]) -> dict[str, object]:
    """Fields of a request that are never written down; True for those that are passwords and the like."""
    if not issubclass(struct, Request):
        return {}
    from innkeeper.durable.secrecy import secret_fields

    return secret_fields(struct)


@cache
def told(struct: Hashable) -> dict[str, str]:
    """Field → the string below it in the source, of the struct and of those it is built on."""
    found: dict[str, str] = {}
    kind: Any = struct
    for one in reversed(kind.__mro__):
        if one.__module__.startswith("innkeeper."):
            found |= _documented(one.__module__).get(one.__name__, {})
    return found


@cache
def _documented(module: str) -> dict[str, dict[str, str]]:
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: dict(_fields(node)) for node in tree.body if isinstance(node, ast.ClassDef)}


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, after in zip(node.body, node.body[1:], strict=False):
        match field, after:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield name, " ".join(text.split())


def body_of(name: str, request: type[Any], named: dict[str, Schema]) -> Schema:
    """The JSON body of a verb: its request without what stands in the path."""
    schema = named[request.__name__]
    path = {*ROUTES[name].fields, *ROUTES[name].fixed}
    schema["properties"] = {key: value for key, value in schema["properties"].items() if key not in path}
    schema["required"] = [key for key in schema.get("required", ()) if key not in path]
    if not schema["required"]:
        del schema["required"]
    return schema


def fields_of(name: str) -> list[msgspec.structs.FieldInfo]:
    """Fields of a verb's request that do not stand in the path."""
    path = {*ROUTES[name].fields, *ROUTES[name].fixed}
    return [field for field in msgspec.structs.fields(verb(name).request) if field.name not in path]


def text_id(name: str) -> str:
    """Of the verb's command, whose texts are `cli.ID` and `cli.ID.FIELD`: `guest.exec` is `exec`, `host.device_list`
    is `host.device.list`."""
    noun, _, action = name.partition(".")
    own = action if noun == "guest" else name
    return own if messages.has(f"cli.{own}") else own.replace("_", ".")
