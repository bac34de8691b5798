"""The rules of STYLE and DESIGN that a machine can check. Each failure says what to do about it."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import string
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests import rules
from tests.rules import PACKAGE, ROOT, relative, tree

FUNCTION_LINES, FUNCTION_STOP = 40, 80
FILE_LINES, FILE_STOP = 400, 600
CLASS_METHODS = 25
PARAMETERS = 6

SOURCES = rules.python_files("src/")
EVERYTHING = rules.python_files()

TOUCHES_THE_HOST = {
    "src/innkeeper/machine/": "the way to a host",
    "src/innkeeper/doctor/kvm_ioctl.py": "asks /dev/kvm of this computer through its ioctls",
    "src/innkeeper/tools/file_sums.py": "is itself the program that runs on the host",
    "src/innkeeper/tools/image_headers.py": "is itself the program that runs on the host, inside limits",
    "src/innkeeper/operation/journal.py": "/proc of this computer, for who is alive",
    "src/innkeeper/server/web_pages.py": "the pages, which are part of the package itself",
    "src/innkeeper/cli/main.py": "/dev/null, when the reader of its output went away",
}
"""Path prefix → why this file starts processes or opens files itself."""

LONGER: dict[str, str] = {}
"""`file:function` → why it has more than 40 lines; the stop of 80 holds for it too."""

MORE_PARAMETERS = {
    "src/innkeeper/machine/base.py:run": "the one way to run a program: each option is the kernel's",
    "src/innkeeper/machine/local.py:run": "likewise",
    "src/innkeeper/machine/ssh.py:run": "likewise",
    "src/innkeeper/storage/volumes.py:create": "a volume's facts, by keyword",
}
"""`file:function` → why it takes more than 6 parameters."""


def report(problems: Iterable[str], remedy: str) -> None:
    found = sorted(problems)
    assert not found, "\n" + "\n".join(found) + f"\n→ {remedy}"


# --- layers -----------------------------------------------------------------------------------------------------------


def test_imports_run_one_way() -> None:
    problems = []
    for path in SOURCES:
        name = rules.module(path)
        if not name:
            continue
        for imported in rules.imports(path):
            top, _, rest = imported.name.partition(".")
            below = rest.partition(".")[0]
            ours = top == "innkeeper" and ((PACKAGE / below).is_dir() or (PACKAGE / f"{below}.py").is_file())
            if ours and below and rules.layer(below) > rules.layer(name):
                problems.append(f"{relative(path)}:{imported.line}: {name} imports innkeeper.{rest}")
    report(
        set(problems),
        "imports run cli → verbs → host, tools, operation → virt, machine → the rest (DESIGN.md §2)",
    )


def test_schema_imports_nothing_of_ours_but_errors() -> None:
    problems = [
        f"{relative(path)}:{imported.line}: imports {imported.name}"
        for path in rules.python_files("src/innkeeper/schema/")
        for imported in rules.imports(path)
        if imported.name.startswith("innkeeper.")
        and not imported.name.startswith(("innkeeper.schema", "innkeeper.errors"))
    ]
    report(problems, "a wire type stands alone (STYLE: incus)")


def test_only_virt_imports_libvirt() -> None:
    problems = [
        f"{relative(path)}:{imported.line}: imports {imported.name}"
        for path in SOURCES
        for imported in rules.imports(path)
        if re.match(r"libvirt(_qemu|_lxc|_aio|mod.*|aio)?(\.|$)", imported.name)
        and not rules.module(path).startswith("virt.")
    ]
    report(problems, "ask innkeeper.virt; libvirt's errors are translated at that one border")


def test_only_machine_touches_the_host() -> None:
    problems = [
        f"{relative(path)}:{line}: {what}"
        for path in SOURCES
        if not relative(path).startswith(tuple(TOUCHES_THE_HOST))
        for line, what in host_touches(tree(path))
    ]
    report(
        problems,
        "use host.machine.run and host.machine.files, or name the file with its reason in TOUCHES_THE_HOST",
    )


FILE_CALLS = re.compile(
    r"open|io\.open|tempfile\.\w+|os\.(open|mkdir|makedirs|remove|unlink|rename|replace|rmdir|mknod|symlink|link|chmod"
    r"|chown|listdir|scandir|walk|stat|truncate|system|popen|fork\w*|exec\w*|spawn\w*|posix_spawn\w*)"
    r"|.*\.(read_text|read_bytes|write_text|write_bytes|iterdir|rglob|touch|unlink|rmdir)"
)


def host_touches(module: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {a.name for a in node.names} if isinstance(node, ast.Import) else {node.module or ""}
            for name in sorted(
                names & {"subprocess", "shutil", "tempfile", "glob", "pty", "multiprocessing"}
            ):
                yield node.lineno, f"imports {name}"
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if FILE_CALLS.fullmatch(called):
                yield node.lineno, f"calls {called}"


# --- budgets ----------------------------------------------------------------------------------------------------------


def functions(path: Path) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{relative(path)}:{node.name}", node


def test_functions_are_short() -> None:
    problems = []
    for path in EVERYTHING:
        for name, node in functions(path):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > (FUNCTION_STOP if name in LONGER else FUNCTION_LINES):
                problems.append(f"{name} has {lines} lines (line {node.lineno})")
    report(
        problems, f"a function has {FUNCTION_LINES} lines at most: take a part out that has a name of its own"
    )


def test_files_are_short() -> None:
    over = [(len(p.read_text(encoding="utf-8").splitlines()), relative(p)) for p in EVERYTHING]
    report(
        [f"{name} has {lines} lines" for lines, name in over if lines > FILE_LINES],
        f"a file has {FILE_LINES} lines at most ({FILE_STOP} is the stop): one concept each",
    )


def test_classes_are_small() -> None:
    problems = []
    for path in EVERYTHING:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef):
                methods = [n for n in node.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
                if len(methods) > CLASS_METHODS:
                    problems.append(f"{relative(path)}:{node.name} has {len(methods)} methods")
    report(problems, f"a class has {CLASS_METHODS} methods at most")


def test_functions_take_few_parameters() -> None:
    problems = []
    for path in EVERYTHING:
        for name, node in functions(path):
            a = node.args
            parameters = [
                p.arg for p in (*a.posonlyargs, *a.args, *a.kwonlyargs) if p.arg not in ("self", "cls")
            ]
            if len(parameters) > PARAMETERS and name not in MORE_PARAMETERS:
                problems.append(f"{name} takes {len(parameters)} parameters (line {node.lineno})")
    report(problems, f"a function takes {PARAMETERS} parameters at most: a request is a value")


# --- names and layout -------------------------------------------------------------------------------------------------


def test_things_are_named() -> None:
    vague = re.compile(r"(^|/)(utils?|common|helpers?|misc|manager|service)(\.py|/|$)")
    problems = [relative(path) for path in EVERYTHING if vague.search(relative(path))]
    for path in SOURCES:
        for node in ast.walk(tree(path)):
            ours = not rules.module(path).startswith("libvirtxml.")  # which keeps libvirt's names
            if (
                ours
                and isinstance(node, ast.ClassDef)
                and re.search(r"(Manager|Service|Driver|Helper)$", node.name)
            ):
                problems.append(f"{relative(path)}:{node.name}")
    report(problems, "name the thing, not the drawer (STYLE 8, 9)")


def test_init_holds_one_list_and_no_logic() -> None:
    """What a package offers may be loaded when it is first used: a table of modules and a short `__getattr__`."""
    allowed = re.compile(r"(__all__|_MODULES|__getattr__|__version__)\b")
    problems = []
    for path in SOURCES:
        if path.name != "__init__.py":
            continue
        for node in tree(path).body:
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            match node:
                case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
                    continue
                case ast.If() if ast.unparse(node.test) == "TYPE_CHECKING":
                    continue
                case ast.Assign() | ast.AnnAssign() if allowed.match(ast.unparse(node)):
                    continue
                case ast.FunctionDef(name="__getattr__") if lines <= 10:
                    continue
            problems.append(f"{relative(path)}:{node.lineno}: {ast.unparse(node)[:60]}")
    report(
        problems, "an __init__.py has a docstring, imports, __all__, and at most the lazy loading of those"
    )


def test_files_are_formatted() -> None:
    command = [sys.executable, "-m", "ruff", "format", "--check", "--output-format", "concise", "."]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"\n{done.stdout}→ run: ruff format"


# --- words ------------------------------------------------------------------------------------------------------------


def texts(language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    package = importlib.import_module(f"innkeeper.messages.{language}")
    for info in pkgutil.iter_modules(package.__path__):
        area = importlib.import_module(f"innkeeper.messages.{language}.{info.name}").TEXT
        assert not found.keys() & area.keys(), f"{info.name} says again: {sorted(found.keys() & area.keys())}"
        wrong = [key for key in area if key.partition(".")[0] != info.name.partition("_")[0]]
        assert not wrong, f"in messages/{language}/{info.name}.py, but named for another area: {wrong}"
        found.update(area)
    return found


def placeholders(text: str) -> set[str]:
    return {
        re.split(r"[.\[]", name)[0] for _, name, _, _ in string.Formatter().parse(text) if name is not None
    }


def error_kinds() -> frozenset[str]:
    errors = importlib.import_module("innkeeper.errors")
    return frozenset(errors.__all__) | {"InnkeeperError"}


def test_both_languages_say_the_same() -> None:
    english, chinese = texts("en"), texts("zh")
    problems = [f"{key} is only in English" for key in english.keys() - chinese.keys()]
    problems += [f"{key} is only in Chinese" for key in chinese.keys() - english.keys()]
    for key in english.keys() & chinese.keys():
        if placeholders(english[key]) != placeholders(chinese[key]):
            problems.append(
                f"{key}: {placeholders(english[key])} in English, {placeholders(chinese[key])} in Chinese"
            )
        several = "\n" in english[key].strip() + chinese[key].strip()
        if several and not key.startswith("cli."):
            problems.append(f"{key}: more than one line")
    report(problems, "messages/en and messages/zh hold the same ids with the same {placeholders}")


def test_chinese_is_chinese() -> None:
    plain = re.compile(r"[\u4e00-\u9fff]")
    english = texts("en")
    problems = [
        f"{key}: {text}"
        for key, text in texts("zh").items()
        if not plain.search(text) and text == english.get(key) and " " in text
    ]
    report(problems, "translate it")


def test_every_error_has_words_a_remedy_and_its_facts() -> None:
    english = texts("en")
    problems = []
    for path in SOURCES:
        for error in rules.raised(path, error_kinds()):
            if error.code is None:
                continue
            for key in (error.code, f"{error.code}.remedy"):
                if key not in english:
                    problems.append(f"{error.where}: {error.kind}: no text {key}")
                elif not error.open and (lacking := placeholders(english[key]) - error.facts):
                    problems.append(f"{error.where}: {key} speaks of {sorted(lacking)}, which is not given")
    report(problems, "every error has a line and a .remedy in messages/, and gives the facts that they name")


def test_the_pages_have_words_for_known_remedies() -> None:
    """`page.CODE` is said in the place of `CODE.remedy`, by the same facts."""
    english = texts("en")
    problems = []
    for key in (key for key in english if key.startswith("page.")):
        code = key.removeprefix("page.")
        if f"{code}.remedy" not in english:
            problems.append(f"{key}: there is no {code}.remedy")
        elif lacking := placeholders(english[key]) - placeholders(english[code] + english[f"{code}.remedy"]):
            problems.append(f"{key} speaks of {sorted(lacking)}, which nobody gives")
        if re.search(r"\b(inn|virsh) \w|--\w", english[key].replace("virsh create", "")):
            problems.append(f"{key} names a command")
    report(problems, "messages/*/page.py: what to do on the pages")


def test_every_progress_has_words() -> None:
    english = texts("en")
    problems = []
    for path in SOURCES:
        for said in rules.raised(path, frozenset({"progress"})):
            if said.code is not None and "." in said.code and said.code not in english:
                problems.append(f"{said.where}: no text {said.code}")
    report(problems, "every progress message is in messages/")


# --- the tree ---------------------------------------------------------------------------------------------------------

# Put together from pieces, so that this file does not hold what it forbids.
FORBIDDEN = {
    "a path of one machine": [
        "/".join(("", "work", "")),
        "/".join(("", "farm", "")),
        "py" + "env",
        "/".join(("/opt", "wheels")),
    ],
    "a package registry": [
        "py" + "pi.org",
        "pythonhosted" + ".org",
        "registry." + "npmjs",
        "deb." + "debian.org",
    ],
    "unfinished business": ["TO" + "DO", "FIX" + "ME", "X" * 3],
}
UNREAD = {".png", ".gz", ".qcow2", ".ico", ".woff2"}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_tree_is_free_of(what: str) -> None:
    # A word of its own: neither a part of one, nor below a path that the program knows only when it runs.
    pattern = re.compile("|".join(rf"(?<![\w}}]){re.escape(word)}(?![A-Z])" for word in FORBIDDEN[what]))
    problems = []
    for path in rules.files():
        if path.suffix in UNREAD:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if pattern.search(line):
                problems.append(f"{relative(path)}:{number}: {line.strip()[:100]}")
    report(problems, f"this holds {what}: take it out")


def test_ignored_checks_have_a_reason() -> None:
    ignore = re.compile(r"#\s*(type: ignore(\[[^\]]*\])?|noqa(: ?[A-Z0-9, ]+)?)(?P<why>.*)$")
    problems = []
    for path in EVERYTHING:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found = ignore.search(line)
            if found and len(found["why"].strip(" #")) < 8 and path.name != "test_rules.py":
                problems.append(f"{relative(path)}:{number}: {line.strip()[:100]}")
    report(problems, "say beside it why the checker is wrong here")
