"""AppArmor's rules about files: which paths a profile lets its program read (apparmor.d(5))."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from innkeeper.doctor.kinds.apparmor import FOLDER

if TYPE_CHECKING:
    from innkeeper.doctor.finding import Site

__all__ = ["FOLDER", "Rule", "allows", "pattern", "quoted", "rules"]

_RULE = re.compile(
    r"^\s*(?:audit\s+)?(?P<deny>deny\s+)?(?:(?:owner|other)\s+)?(?:file\s+)?"
    r'(?P<path>"[^"]+"|[/@]\S*)\s+(?P<how>[a-zA-Z]+)\s*,'
)
_INCLUDE = re.compile(r"^\s*#?include\s+(?:if\s+exists\s+)?[<\"](?P<file>[^>\"]+)[>\"]")
HOMES = "{/root,/home/*}"
"""What tunables/home makes of @{HOME}, without the slash at its end"""
VARIABLES = {"HOME": HOMES, "HOMEDIRS": "/home", "PROC": "/proc", "run": "{/run,/var/run}", "pid": "[1-9]*"}


class Rule(NamedTuple):
    """One line of a profile about paths."""

    deny: bool
    path: re.Pattern[str]
    how: str
    """letters of what is allowed or denied: `r`, `w`, `k` …"""


def rules(site: Site, profile: str) -> list[Rule]:
    """Those of a profile file and of what this host adds to it; abstractions are about no images."""
    found = []
    for line in _lines(site, profile):
        rule = _RULE.match(line)
        if rule:
            found.append(Rule(bool(rule["deny"]), pattern(rule["path"].strip('"')), rule["how"]))
    return found


def _lines(site: Site, name: str) -> list[str]:
    lines = []
    for line in site.read(f"{FOLDER}/{name}").splitlines():
        include = _INCLUDE.match(line)
        if include and include["file"].startswith("local/"):
            lines += site.read(f"{FOLDER}/{include['file']}").splitlines()
        elif not line.lstrip().startswith("#"):
            lines.append(line)
    return lines


def allows(rules: list[Rule], path: str, how: str) -> bool:
    """Whether some rule allows it and none denies it: a denial wins."""
    about = [rule for rule in rules if how in rule.how and rule.path.fullmatch(path)]
    return bool(about) and not any(rule.deny for rule in about)


def pattern(path: str) -> re.Pattern[str]:
    """AppArmor's wildcards as a regular expression: `*` and `?` stop at a slash, `**` does not, `{a,b}` is either."""
    for name, value in VARIABLES.items():
        path = path.replace(f"@{{{name}}}", value)
    path = path.replace("//", "/")
    words = {"**": ".*", "*": "[^/]*", "?": "[^/]", "{": "(?:", "}": ")", ",": "|"}
    parts = re.findall(r"\\.|\*\*|\[\^?[^]]*\]|@\{[^}]*\}|.", path)
    depth, text = 0, ""
    for part in parts:
        depth += (part == "{") - (part == "}")
        if part.startswith("[") and len(part) > 1:
            text += part
        elif part.startswith("\\"):
            text += re.escape(part[1:])
        elif part.startswith("@{"):
            text += "[^/]*"
        elif part in words and (part != "," or depth):
            text += words[part]
        else:
            text += re.escape(part)
    return re.compile(text)


def quoted(path: str, wildcards: str = "") -> str:
    """A path as a profile has to write it so that each of its letters stands for itself, and what may follow it."""
    plain = re.sub(r'([*?\[\]{}^\\"])', r"\\\1", path) + wildcards
    return f'"{plain}"' if re.search(r"\s", plain) else plain
