"""What stands open over a page, or beside what was filled in there: dialogs, menus, forms with what they come to."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from playwright.sync_api import Page

from tests.browser.places import GUEST, LONG_NAME

__all__ = ["MANY", "OPENINGS", "Opening", "multiplied", "press"]


class Opening(NamedTuple):
    """A page, and what is pressed on it, one after the other: role and name, in whichever language."""

    path: str
    steps: tuple[tuple[str, str], ...]
    shows: str = "dialog"
    """the role of what opens then"""


_ACTIONS = ("button", "^(Actions|操作)")
_MORE = "^(More actions|更多操作)"


def _of_guest(item: str, name: str = GUEST) -> Opening:
    return Opening(f"/guests/{name}", (_ACTIONS, ("menuitem", item)))


OPENINGS = {
    "guest-menu": Opening(f"/guests/{GUEST}", (_ACTIONS,), "menu"),
    "guest-stop": Opening(f"/guests/{GUEST}", (("button", "^(Stop|停止)$"),)),
    "guest-restart": _of_guest("^(Restart|重启)"),
    "guest-rename": _of_guest("^(Rename|重命名)", LONG_NAME),
    "guest-delete": _of_guest("^(Delete|删除)$"),
    "bin-purge": Opening("/bin", (("button", _MORE), ("menuitem", "^(Delete for good|彻底删除)"))),
    "backup-create": Opening(f"/guests/{GUEST}/backups", (("button", "^(Back up now|立即备份)"),)),
    "backup-restore": Opening(
        f"/guests/{LONG_NAME}/backups", (("button", _MORE), ("menuitem", "^(Restore|还原)"))
    ),
    "create-chosen": Opening("/create?image=tiny", ()),
    "create-image": Opening(
        "/create?image=tiny",
        (("button", "^(More choices|更多选项)"), ("button", "^(Each step and document|每个步骤和文档)")),
        "main",
    ),
    "create-cd": Opening("/create?from=cd", ()),
    "create-network": Opening("/create?from=network", ()),
    "create-disk": Opening("/create?from=disk", ()),
    "images-catalogue": Opening("/images?tab=catalogue", ()),
    "image-details": Opening("/images", (("button", "^tiny$"),)),
    "image-upload": Opening("/images", (("button", "^(Upload an image|上传镜像)"),)),
    "volume-upload": Opening("/storage/default", (("button", "^(Upload|上传)"),)),
    "host-doctor": Opening("/host/doctor", ()),
    "host-devices": Opening("/host/devices", ()),
    "settings-access": Opening("/settings?tab=access", ()),
    "settings-schedules": Opening("/settings?tab=schedules", ()),
    "schedule-new": Opening("/settings?tab=schedules", (("button", "^(Make a schedule|创建计划)"),)),
    "token-new": Opening("/settings?tab=access", (("button", "^(Make a token|创建令牌)"),)),
    "operation-failed": Opening("/operations", (("link", "^(Fetch image|下载镜像) debian-12"),), "main"),
    "commands": Opening("/guests", (("button", "^(Show commands|显示命令)"),)),
}
"""name → what is opened there; in the furnished world alone"""

MANY: dict[str, tuple[str, str, str]] = {
    "operations-many": ("/operations", "/api/v1/operations", "id"),
    "images-many": ("/images", "/api/v1/images", "name"),
    "volumes-many": ("/storage/default", "/api/v1/hosts/local/pools/default/volumes", "name"),
}
"""name → page, what it asks for, the field that tells rows apart: a thousand of what there is"""


def multiplied(rows: list[dict[str, Any]], field: str, count: int = 1000) -> list[dict[str, Any]]:
    """That many rows, made of those there are."""
    return [{**rows[at % len(rows)], field: f"{rows[at % len(rows)][field]}-{at:04}"} for at in range(count)]


def press(page: Page, opening: Opening) -> None:
    for role, name in opening.steps:
        page.get_by_role(role, name=re.compile(name)).first.click()  # type: ignore[arg-type]  # a role by its name
    if opening.steps:
        page.get_by_role(opening.shows).first.wait_for()  # type: ignore[arg-type]  # likewise
