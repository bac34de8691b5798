"""What a guest is told at its first boot."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innkeeper.errors import Invalid
from innkeeper.install.cloud_init import Answers, refuse_user_data

YAML = """
import json, sys, yaml
for text in json.load(sys.stdin):
    assert yaml.safe_load(text) == json.loads(text.partition("#cloud-config")[2] or text), ascii(text)
"""
ODD = [
    *(
        "p&ss",
        "a: b",
        "#x",
        "- x",
        "'",
        '"',
        "\\",
        "\\n",
        "{}",
        "%",
        "!!python/object",
        "yes",
        "null",
        "0x10",
    ),
    *(
        " lead",
        "trail ",
        "two\nlines",
        "tab\t",
        "",
        "é",
        "虚拟机",
        "\U0001f600",
        "\x7f",
        "\x85",
        "\u2028",
        "\ufeff",
    ),
    *("a\u2029b", "\x9f", "\xa0", "\ufffe", "\x01", "$(reboot)", "`reboot`", "x" * 5000),
]


def answers(word: str) -> Answers:
    return Answers(instance=word, hostname=word, user=word, ssh_keys=(word, "second"), password=word)


def body(text: str) -> str:
    head, _, rest = text.partition("\n")
    assert head == "#cloud-config"
    return rest


@pytest.mark.parametrize("word", ODD, ids=lambda word: ascii(word)[:12])
def test_json_reads_it_back(word: str) -> None:
    files = answers(word).files
    assert json.loads(files["meta-data"]) == {"instance-id": word, "local-hostname": word}
    (user,) = json.loads(body(files["user-data"]))["users"]
    assert (user["name"], user["plain_text_passwd"]) == (word or "inn", word)
    assert user["ssh_authorized_keys"] == [word, "second"]


@given(st.text())
def test_no_character_is_left_that_yaml_reads_otherwise(word: str) -> None:
    """YAML 1.1 takes U+0085, U+2028 and U+2029 for line ends and refuses what is not printable (§5.1, §5.4)."""
    strange = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
    for text in answers(word).files.values():
        assert not strange.search(text)


def test_yaml_reads_the_same_as_json() -> None:
    """As PyYAML, which cloud-init uses, reads it."""
    texts = [text for word in ODD for text in answers(word).files.values()]
    argv = [shutil.which("python3", path="/usr/bin") or "python3", "-c", YAML]
    done = subprocess.run(argv, input=json.dumps(texts), capture_output=True, text=True, check=False)
    if "No module named 'yaml'" in done.stderr:
        pytest.skip("needs PyYAML (python3-yaml)")
    assert done.returncode == 0, done.stderr


def test_without_a_password_none_works() -> None:
    (user,) = json.loads(body(Answers(instance="i", hostname="h").files["user-data"]))["users"]
    assert user == {
        "name": "inn",
        "shell": "/bin/bash",
        "sudo": "ALL=(ALL) NOPASSWD:ALL",
        "lock_passwd": True,
    }
    (user,) = json.loads(body(Answers(instance="i", hostname="h", password="x").files["user-data"]))["users"]
    assert user["lock_passwd"] is False


def test_the_user_s_own_user_data_is_taken_as_it_is() -> None:
    text = "#!/bin/sh\nrm '&<>'\n"
    assert Answers(instance="i", hostname="h", user_data=text).files["user-data"] == text


@pytest.mark.parametrize(
    "text",
    [
        *("#cloud-config\n{}", "#!/bin/sh\n", "#include\nhttp://x", "## template: jinja\n#cloud-config\n"),
        *("MIME-Version: 1.0\n", "Content-Type: multipart/mixed\n", "#cloud-boothook\n", "#part-handler\n"),
    ],
)
def test_user_data_that_cloud_init_knows(text: str) -> None:
    refuse_user_data(text, "file")


@pytest.mark.parametrize(
    "text", ["", "users: []", " #cloud-config", "\n#!/bin/sh", "#cloud-config" + "x" * 2**20]
)
def test_user_data_that_it_would_ignore(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        refuse_user_data(text, "/my/file")
    assert (caught.value.code, caught.value.facts) == ("guest.user_data", {"path": "/my/file"})
