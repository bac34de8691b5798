"""Files that options name: what is in them, or a refusal that says why not."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from innkeeper.cli import reading
from innkeeper.errors import Invalid


def key(kind: str = "ssh-ed25519", comment: str = "me@here") -> str:
    """A key as ssh-keygen writes it, of made-up bytes."""
    blob = len(kind).to_bytes(4, "big") + kind.encode() + (32).to_bytes(4, "big") + os.urandom(32)
    return f"{kind} {base64.b64encode(blob).decode()} {comment}".strip()


def refusal(code: str) -> pytest.RaisesExc[Invalid]:
    return pytest.RaisesExc(Invalid, check=lambda error: error.code == code)


def test_keys(tmp_path: Path) -> None:
    first, second = key(), key("ecdsa-sha2-nistp256", "")
    (tmp_path / "a.pub").write_text(f"# mine\n{first}\n\n{second}\n")
    (tmp_path / "b.pub").write_text(first)
    assert reading.ssh_keys([str(tmp_path / "a.pub"), str(tmp_path / "b.pub")]) == (first, second)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello\n",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n",
        "ssh-ed25519 AAAA",
        "ssh-ed25519 !!!!!!!!!!!!!!!!!!!!!!!!!!!!",
        key("ssh-rsa").replace("ssh-rsa ", "ssh-dss ", 1),
        key() + "\nsomething else\n",
        'command="rm -rf /" ' + key(),
        key(comment="a\x1b[2Jb"),
    ],
    ids=["empty", "words", "private", "short", "no base64", "other kind", "two", "options", "control"],
)
def test_what_is_no_key(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key"
    path.write_text(text)
    with refusal("request.ssh_key"):
        reading.ssh_keys([str(path)])


def test_own_keys_when_none_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert reading.ssh_keys([]) == ()
    (tmp_path / ".ssh").mkdir()
    mine = key()
    (tmp_path / ".ssh" / "id_ed25519.pub").write_text(mine + "\n")
    (tmp_path / ".ssh" / "id_ed25519").write_text("secret")
    (tmp_path / ".ssh" / "odd.pub").write_bytes(b"\xff\xfe")
    assert reading.ssh_keys([]) == (mine,)
    assert reading.ssh_keys(["~/.ssh/id_ed25519.pub"]) == (mine,)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for path, reason in ((tmp_path / "none", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(Invalid) as caught:
            reading.cloud_init(str(path))
        assert caught.value.code == "request.file"
        assert reason in str(caught.value.facts["reason"])
    with refusal("cli.file_too_large"):
        reading.cloud_init("/dev/zero")
    (tmp_path / "binary").write_bytes(b"\xff")
    with refusal("cli.file_encoding"):
        reading.cloud_init(str(tmp_path / "binary"))


def test_password(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text("s3 cret\n")
    assert reading.password(str(path)) == "s3 cret"
    assert reading.password(None) is None
    for text in ("", "\n", "one\ntwo\n", "bell\x07"):
        path.write_text(text)
        with refusal("cli.password"):
            reading.password(str(path))


def test_cloud_init(tmp_path: Path) -> None:
    path = tmp_path / "user-data"
    path.write_text("#cloud-config\n")
    assert reading.cloud_init(str(path)) == "#cloud-config\n"
    path.write_text(" \n")
    with refusal("cli.cloud_init"):
        reading.cloud_init(str(path))


def test_cloud_init_through_a_pipe() -> None:
    source, sink = os.pipe()
    os.write(sink, b"#cloud-config\n")
    os.close(sink)
    assert reading.cloud_init(f"/dev/fd/{source}") == "#cloud-config\n"
    os.close(source)


def test_disk_paths_that_begin_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert reading.local_path("./a.qcow2") == f"{tmp_path}/a.qcow2"
    assert reading.local_path("default/a.qcow2") == "default/a.qcow2"
    assert reading.local_path("/a.qcow2") == "/a.qcow2"
    assert reading.local_path(None) is None
