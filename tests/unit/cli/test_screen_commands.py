"""What the commands about screens and keys do before any host is asked."""

from __future__ import annotations

from typing import get_args

import click
import pytest

from innkeeper.cli import guest_screen, viewers
from innkeeper.cli.guest_screen import Keys
from innkeeper.cli.viewers import VIEWERS, Place, argument
from innkeeper.errors import Unsupported
from innkeeper.guest.screen.layouts import LAYOUTS
from innkeeper.schema.guest_screen import Codeset, Layout
from innkeeper.virt.screen import CODESETS


def completed(text: str) -> list[str]:
    param = click.Argument(["keys"])
    items = Keys().shell_complete(click.Context(click.Command("x")), param, text)
    return [item.value for item in items]


def test_keys_are_completed_behind_the_last_dash() -> None:
    assert completed("ctrl-alt-dele") == ["ctrl-alt-delete"]
    assert "f12" in completed("f1")
    assert completed("Ent") == ["enter"]
    assert completed("nosuch") == []


def test_choices_are_those_of_the_request() -> None:
    """The command line has them by heart, so that it need not load them."""
    assert guest_screen._LAYOUTS == get_args(Layout) == tuple(LAYOUTS)
    assert guest_screen._CODESETS == get_args(Codeset) == tuple(CODESETS)
    assert tuple(viewer.program for viewer in VIEWERS) == guest_screen._VIEWERS


@pytest.mark.parametrize(
    ("program", "kind", "place", "told"),
    [
        ("remote-viewer", "vnc", Place("127.0.0.1", 5901), "vnc://127.0.0.1:5901"),
        ("remote-viewer", "vnc", Place("::1", 5901), "vnc://[::1]:5901"),
        ("remote-viewer", "spice", Place("127.0.0.1", 5901), "spice://127.0.0.1?port=5901"),
        ("remote-viewer", "spice", Place("127.0.0.1", 0, "/run/x"), "spice+unix:///run/x"),
        ("xtigervncviewer", "vnc", Place("127.0.0.1", 0, "/run/x"), "/run/x"),
        ("vncviewer", "vnc", Place("127.0.0.1", 5901), "127.0.0.1::5901"),
        ("gvncviewer", "vnc", Place("127.0.0.1", 5901), "127.0.0.1:1"),
    ],
)
def test_each_viewer_is_told_in_its_own_way(program: str, kind: str, place: Place, told: str) -> None:
    viewer = viewers.choose(kind, program)
    assert viewer is not None
    assert argument(viewer, kind, place) == told


def test_a_viewer_of_another_protocol() -> None:
    with pytest.raises(Unsupported, match="does not speak spice"):
        viewers.choose("spice", "vncviewer")


def test_a_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert not viewers.has_display()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert viewers.has_display()
