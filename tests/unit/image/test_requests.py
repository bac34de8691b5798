"""What build and import refuse before anything is touched, as far as no host is needed to see it."""

from __future__ import annotations

from typing import Any

import pytest

from innkeeper.errors import Invalid
from innkeeper.image.building import RECIPES, _name, _refuse_mirror
from innkeeper.image.importing import VERBS, _refuse_facts
from innkeeper.schema.image import ImageBuild, ImageImport


@pytest.mark.parametrize("mirror", ["http://mirror.example/debian", "https://mirror.example:8080/a/b"])
def test_mirrors(mirror: str) -> None:
    _refuse_mirror(mirror)


@pytest.mark.parametrize(
    "mirror",
    [
        "",
        "mirror.example",
        "file:///etc",
        "http://",
        "http://a/b c",
        "http://a/\ndeb",
        "http://a/#x",
        "http://a/[x=y]",
    ],
)
def test_no_mirrors(mirror: str) -> None:
    with pytest.raises(Invalid) as refused:
        _refuse_mirror(mirror)
    assert refused.value.code == "image.mirror"


def test_an_image_is_named_after_its_recipe_unless_it_is_named() -> None:
    assert _name(ImageBuild(recipe="tiny")) == "tiny"
    assert _name(ImageBuild(recipe="tiny", name="other")) == "other"


@pytest.mark.parametrize(
    ("file", "name"),
    [("/srv/web.qcow2", "web"), ("/srv/debian-12.raw", "debian-12"), ("/srv/plain", "plain")],
)
def test_an_imported_image_is_named_after_its_file(file: str, name: str) -> None:
    assert VERBS["image.import"].target(ImageImport(file=file)) == name


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"boot_pattern": "("}, "image.pattern"),
        ({"boot_pattern": "x*"}, "image.pattern_empty"),
        ({"boot_pattern": ""}, "image.pattern_empty"),
        ({"user": "Root User"}, "image.user"),
        ({"user": ""}, "image.user"),
        ({"arch": "x86 64"}, "image.word"),
        ({"os": "../etc"}, "image.word"),
        ({"firmware": ()}, "request.choice"),
    ],
)
def test_facts_that_cannot_be(facts: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        _refuse_facts(ImageImport(file="/x", **facts))
    assert refused.value.code == code


def test_recipes_know_their_programs() -> None:
    for name, recipe in RECIPES.items():
        assert recipe.name == name
        assert recipe.version >= 1
        assert recipe.programs["qemu-img"] == "qemu-utils"
