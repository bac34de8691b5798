"""`inn image`: list, show, build, import, make, remove."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from innkeeper import messages
from innkeeper.cli.framework import Argument, Option, command
from innkeeper.cli.names import GUEST, IMAGE
from innkeeper.cli.output import clean, moment, pairs, say, table, tell
from innkeeper.cli.types import Choice, Path, Size
from innkeeper.image.recipes.suites import SUITES
from innkeeper.schema.sizes import format_size

if TYPE_CHECKING:
    from innkeeper.cli.session import Session
    from innkeeper.schema.image import ImageView

__all__ = ["build", "import_", "list_", "make", "remove", "show"]


@command(
    "image.list",
    Option(["--all"], is_flag=True),
    Option(["--available"], is_flag=True),
    Option(["--refresh"], is_flag=True),
)
def list_(session: Session, available: bool, **fields: Any) -> None:
    """Every image of the host, or every one that can be had."""
    if available:
        from innkeeper.cli.image_offers import draw

        session.answer(session.look("image.list", available=True, **fields), draw)
        return
    session.answer(session.look("image.list", **fields), _draw_list)


@command("image.show", Argument(["name"], type=IMAGE))
def show(session: Session, name: str) -> None:
    """One of them whole."""
    session.answer(session.look("image.show", name=name), _draw)


@command(
    "image.build",
    Argument(["recipe"], type=Choice("tiny", *(suite.recipe for suite in SUITES)), metavar="RECIPE"),
    Option(["--name"], metavar="NAME"),
    Option(["--mirror"], metavar="URL"),
    Option(["--replace"], is_flag=True),
)
def build(session: Session, **fields: Any) -> None:
    """From the distribution's packages, on this computer."""
    session.answer(session.change("image.build", **fields), _draw_made)


@command(
    "image.import",
    Argument(["file"], type=Path(), metavar="FILE"),
    Option(["--name"], metavar="NAME"),
    Option(["--format"], metavar="FORMAT"),
    Option(["--arch"], metavar="ARCH"),
    Option(["--os"], metavar="OS"),
    Option(["--user"], metavar="USER"),
    Option(["--login"], type=Choice("ssh", "serial")),
    Option(["--boot-pattern"], metavar="REGEX"),
    Option(["--cloud-init"], is_flag=True),
    Option(["--agent"], is_flag=True),
    Option(["--firmware"], type=Choice("bios", "uefi"), multiple=True),
    Option(["--min-memory"], type=Size(), metavar="SIZE"),
    Option(["--replace"], is_flag=True),
)
def import_(session: Session, file: str, firmware: tuple[str, ...], **fields: Any) -> None:
    """The file is one of this computer, whatever host the image goes to."""
    path = os.path.abspath(os.path.expanduser(file))
    view = session.change("image.import", file=path, firmware=firmware or None, **fields)
    session.answer(view, _draw_made)


@command(
    "image.make",
    Argument(["guest"], type=GUEST),
    Option(["--name"], metavar="NAME", required=True),
    Option(["--disk"], metavar="TARGET"),
    Option(["--keep-identity"], is_flag=True),
    Option(["--replace"], is_flag=True),
    Option(["--os"], metavar="OS"),
    Option(["--user"], metavar="USER"),
    Option(["--login"], type=Choice("ssh", "serial")),
    Option(["--boot-pattern"], metavar="REGEX"),
    Option(["--cloud-init"], is_flag=True),
    Option(["--agent"], is_flag=True),
)
def make(session: Session, cloud_init: bool, agent: bool, **fields: Any) -> None:
    """Of a guest that is off; the guest is only read."""
    view = session.change("image.make", cloud_init=cloud_init or None, agent=agent or None, **fields)
    session.answer(view, _draw_made)


@command("image.remove", Argument(["name"], type=IMAGE))
def remove(session: Session, name: str) -> None:
    """Refused while a guest stands on it."""
    view = session.change("image.remove", name=name)
    session.answer(view, lambda _view: say(clean(messages.text("cli.image.removed", name=name))))


def _draw_list(views: list[ImageView]) -> None:
    if not views:
        tell(messages.text("cli.image.none"))
        return
    table(
        ["name", "arch", "size", "disk", "firmware", "login", "built"],
        [
            [
                f"{view.name}@{view.release}" if view.old else view.name,
                view.arch,
                format_size(view.size),
                format_size(view.virtual_size),
                "kernel" if view.direct_boot else "/".join(view.firmware),
                f"{view.login} {view.user or ''}".strip(),
                moment(view.built) or "-",
            ]
            for view in views
        ],
        right=("size", "disk"),
    )


def _draw(view: ImageView) -> None:
    pairs(
        [
            ("name", view.name),
            ("os", view.os),
            ("arch", view.arch),
            ("size", format_size(view.size)),
            ("disk_size", format_size(view.virtual_size)),
            ("firmware", messages.text("cli.image.direct") if view.direct_boot else ", ".join(view.firmware)),
            ("login", f"{view.login} {view.user or ''}".strip()),
            ("cloud_init", _yes(view.cloud_init)),
            ("agent", _yes(view.agent)),
            ("disk_buses", ", ".join(view.disk_buses)),
            ("boot_pattern", view.boot_pattern),
            ("memory", _memory(view)),
            ("profile", view.profile),
            ("source", view.source),
            ("release", view.release),
            ("versions", ", ".join(view.versions or ())),
            ("built", moment(view.built)),
            *(
                ("file", f"{name} {format_size(file.size)} sha256:{file.sha256}")
                for name, file in view.files.items()
            ),
            ("guests", ", ".join(view.guests or ())),
        ]
    )


def _draw_made(view: ImageView) -> None:
    say(clean(messages.text("cli.image.made", name=view.name, size=format_size(view.size))))
    say("  → " + clean(messages.text("cli.image.use", name=view.name)))


def _memory(view: ImageView) -> str | None:
    sizes = [size for size in (view.min_memory, view.default_memory) if size]
    return " – ".join(format_size(size) for size in sizes) or None


def _yes(value: bool) -> str:
    return messages.text("cli.yes" if value else "cli.no")
