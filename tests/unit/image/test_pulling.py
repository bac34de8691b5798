"""Whom a pull waits for, and whether what a distributor has is newer than what is there."""

from __future__ import annotations

from typing import Any, cast

import pytest

from innkeeper.errors import Busy
from innkeeper.image import pulling
from innkeeper.image.offers import Release
from innkeeper.schema.image import ImageManifest, ImageOrigin
from innkeeper.schema.image_pull import ImagePull

RELEASE = Release(
    name="debian-12",
    arch="x86_64",
    version="20260901-12",
    url="https://images.example/disk.qcow2",
    digest="sha256:b",
    most=1,
    virtual_most=1,
    format="qcow2",
)


def there(version: str | None, digest: str | None, release: str | None = None) -> ImageManifest:
    origin = ImageOrigin(offer="debian-12", url="https://images.example/old", digest=digest, version=version)
    return ImageManifest(
        version=1,
        name="debian-12",
        arch="x86_64",
        disk="debian-12.qcow2",
        disk_format="qcow2",
        virtual_size=1,
        files={},
        built=1.0,
        source="x",
        release=release,
        origin=origin,
    )


@pytest.mark.parametrize(
    ("image", "newer"),
    [
        (None, True),
        (there("20260901-12", "sha256:b"), False),
        (there("another name", "sha256:b"), False),
        (there("20260901-11", "sha256:a"), True),
        (there("20260901-9", "sha256:a"), True),
        (there("20261001-1", "sha256:a"), False),
        (there("20260901-12", "sha256:a"), False),
        (there(None, "sha256:a", "20260901-11"), True),
        (there(None, None), True),
    ],
)
def test_newer(image: ImageManifest | None, newer: bool) -> None:
    assert pulling._is_newer(RELEASE, image) is newer


def test_waited_for() -> None:
    told: list[Any] = []
    host: Any = None
    request = ImagePull(name="debian-12")
    busy = Busy("operation.busy", name="debian-12", owner="image.pull debian-12 (process 1)")
    pulling._wait(host, request, busy, cast("Any", told.append))
    assert [event.text for event in told] == ["image.progress.shared"]
    for owner in ("image.remove debian-12 (process 1)", "operation clean 012345", "?"):
        with pytest.raises(Busy):
            pulling._wait(host, request, Busy("operation.busy", name="debian-12", owner=owner), None)


def test_names_of_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    host: Any = type("Host", (), {"support": type("Support", (), {"arch": "x86_64"})})
    for said, arch in (("amd64", "x86_64"), ("arm64", "aarch64"), ("aarch64", "aarch64"), (None, "x86_64")):
        assert pulling._arch(host, ImagePull(name="x", arch=said)) == arch
