"""The stored format of images: what was ever written is read for ever."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from innkeeper.image.catalogue import version_name, view
from innkeeper.schema.base import to_json
from innkeeper.schema.image import ImageManifest
from innkeeper.schema.sizes import MIB

FIXTURES = Path(__file__).parent / "fixtures"


def _read(text: bytes) -> ImageManifest:
    return msgspec.json.decode(text, type=ImageManifest)


def test_version_1_is_read() -> None:
    manifest = _read((FIXTURES / "manifest-v1.json").read_bytes())
    assert (manifest.name, manifest.kernel, manifest.cloud_init) == ("tiny", "tiny.kernel", False)
    assert manifest.boot_pattern == "innkeeper-tiny: user space"
    assert manifest.disk_bytes == 196616
    assert manifest.min_memory == 96 * MIB


def test_a_version_of_an_image_is_read() -> None:
    manifest = _read((FIXTURES / "manifest-v1-release.json").read_bytes())
    assert (version_name(manifest), manifest.order) == ("web@20261122T145002Z", 1)
    assert manifest.origin
    assert manifest.origin.offer == "web-1"


def test_who_has_no_release_is_called_by_when_it_was_built() -> None:
    manifest = _read((FIXTURES / "manifest-v1.json").read_bytes())
    assert re.fullmatch(r"tiny@\d{8}T\d{6}Z", version_name(manifest))
    assert manifest.order == 0


@pytest.mark.parametrize("name", ["manifest-v1.json", "manifest-v1-release.json"])
def test_what_is_written_is_what_was_read(name: str) -> None:
    text = (FIXTURES / name).read_bytes()
    assert to_json(_read(text)) + b"\n" == text


def test_keys_of_later_versions_do_no_harm() -> None:
    text = (FIXTURES / "manifest-v1.json").read_bytes()
    assert _read(text.replace(b'"version": 1,', b'"version": 1, "colour": "green",')).name == "tiny"


def test_another_version_is_not_guessed() -> None:
    text = (FIXTURES / "manifest-v1.json").read_bytes()
    with pytest.raises(msgspec.ValidationError):
        _read(text.replace(b'"version": 1,', b'"version": 2,'))


def test_the_view_shows_all_of_it() -> None:
    shown = view(_read((FIXTURES / "manifest-v1.json").read_bytes()), ("web1",))
    assert shown.size == 196616 + 14186432 + 2624780
    assert shown.direct_boot
    assert shown.guests == ("web1",)
