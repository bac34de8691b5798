"""Pictures of screens are shared for a second."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from innkeeper.errors import Conflict
from innkeeper.schema.guest import Screenshot
from innkeeper.server.screens import FRESH, Screens


class Camera:
    """Counts what it took."""

    def __init__(self) -> None:
        self.now, self.taken, self.fails = 100.0, 0, False

    def take(self) -> Screenshot:
        self.taken += 1
        if self.fails:
            raise Conflict("guest.not_running", name="web1")
        return Screenshot(name="web1", media_type="image/png", data=str(self.taken).encode())


@pytest.fixture
def camera() -> Camera:
    return Camera()


@pytest.fixture
def screens(camera: Camera) -> Screens:
    return Screens(lambda: camera.now)


def test_one_picture_serves_all_for_a_second(camera: Camera, screens: Screens) -> None:
    first = screens.picture("web1", camera.take)
    camera.now += FRESH
    assert screens.picture("web1", camera.take) is first
    camera.now += 0.01
    assert screens.picture("web1", camera.take).data == b"2"
    assert screens.picture("web2", camera.take).data == b"3"


def test_a_refusal_is_shared_and_passes(camera: Camera, screens: Screens) -> None:
    camera.fails = True
    for _ in range(3):
        with pytest.raises(Conflict):
            screens.picture("web1", camera.take)
    assert camera.taken == 1
    camera.fails, camera.now = False, camera.now + FRESH + 0.01
    assert screens.picture("web1", camera.take).data == b"2"


def test_who_asks_meanwhile_waits_for_the_same(camera: Camera, screens: Screens) -> None:
    begun, go = threading.Event(), threading.Event()

    def slow() -> Screenshot:
        begun.set()
        assert go.wait(10)
        return camera.take()

    with ThreadPoolExecutor(4) as hands:
        first = hands.submit(screens.picture, "web1", slow)
        assert begun.wait(10)
        others = [hands.submit(screens.picture, "web1", camera.take) for _ in range(3)]
        go.set()
        assert {one.result(10).data for one in (first, *others)} == {b"1"}


def test_nothing_is_kept_of_guests_that_nobody_looks_at(camera: Camera, screens: Screens) -> None:
    for number in range(100):
        screens.picture(f"web{number}", camera.take)
    camera.now += 60
    screens.picture("web1", camera.take)
    assert list(screens._shots) == ["web1"]
