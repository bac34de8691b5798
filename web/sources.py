"""Writes what the web UI is built from and Python knows: the OpenAPI document, the routes, the texts, keyboards.

python web/sources.py DIRECTORY
"""

import json
import pkgutil
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from innkeeper import messages
from innkeeper.guest.screen.layouts import LAYOUTS, table
from innkeeper.image.recipes.suites import SUITES
from innkeeper.server.app import MODULES
from innkeeper.server.pages import described

SPOKEN_ELSEWHERE = ("cli", "rest")
"""areas of texts that no page shows"""


def texts(language: str) -> dict[str, dict[str, str]]:
    """Area, which is the first part of an id → all its texts of that language that a page may show, by id."""
    package = import_module(f"innkeeper.messages.{language}")
    found: dict[str, dict[str, str]] = {}
    for module in pkgutil.iter_modules(package.__path__):
        for id, text in import_module(f"{package.__name__}.{module.name}").TEXT.items():
            area = id.partition(".")[0]
            if area not in SPOKEN_ELSEWHERE:
                found.setdefault(area, {})[id] = text
    return found


def routes(document: dict[str, Any]) -> dict[str, dict[str, object]]:
    """Operation → its request: of the verbs and of all else that the document describes."""
    found: dict[str, dict[str, object]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if isinstance(operation, dict) and "operationId" in operation:
                fields = re.findall(r"\{(\w+)\}", path)
                plans = any(one.get("name") == "dry_run" for one in operation.get("parameters", ()))
                route = {"method": method.upper(), "path": path, "fields": fields, "plans": plans}
                found[operation["operationId"]] = route
    return found


def main(directory: Path) -> None:
    document = json.loads(described(MODULES)[0])
    files: dict[str, object] = {"openapi.json": document, "routes.json": routes(document)}
    files["layouts.json"] = {layout: table(layout) for layout in LAYOUTS}
    files["recipes.json"] = ["tiny", *(suite.recipe for suite in SUITES)]
    for language in messages.LANGUAGES:
        files |= {f"texts/{language}/{area}.json": found for area, found in texts(language).items()}
    for name, content in files.items():
        new = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text() != new:
            path.write_text(new)


main(Path(sys.argv[1]))
