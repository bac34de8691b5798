"""Where kernel and initrd of an install tree are, and servers that do not do what one asks of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from innkeeper.errors import Conflict, Failed, InnkeeperError, Invalid, NotFound
from innkeeper.guest.making import location
from innkeeper.tools import web
from tests.web_server import WebServer

KERNEL = bytes(0x202) + b"HdrS" + b"kernel" * 1000
INITRD = b"\x1f\x8b" + b"initrd" * 50_000
PAGE = b"<!DOCTYPE html><title>Welcome</title>" + b" " * 1000
TREEINFO = b"[general]\nfamily = Fedora\n[images-x86_64]\nkernel = odd/k\ninitrd = odd/i\n"
TREES = {
    "fedora": ("images/pxeboot/vmlinuz", "images/pxeboot/initrd.img", "inst.repo"),
    "opensuse": ("boot/x86_64/loader/linux", "boot/x86_64/loader/initrd", "install"),
    "debian": (
        "current/images/netboot/debian-installer/amd64/linux",
        "current/images/netboot/debian-installer/amd64/initrd.gz",
        "",
    ),
    "debian-images": (
        "netboot/debian-installer/amd64/linux",
        "netboot/debian-installer/amd64/initrd.gz",
        "",
    ),
    "ubuntu-old": (
        "current/legacy-images/netboot/ubuntu-installer/amd64/linux",
        "current/legacy-images/netboot/ubuntu-installer/amd64/initrd.gz",
        "",
    ),
    "ubuntu": ("netboot/amd64/linux", "netboot/amd64/initrd", ""),
    "debian-cd": ("install.amd/vmlinuz", "install.amd/initrd.gz", ""),
    "ubuntu-cd": ("casper/vmlinuz", "casper/initrd", ""),
    "rhel-cd": ("isolinux/vmlinuz", "isolinux/initrd.img", "inst.repo"),
    "plain": ("vmlinuz", "initrd.img", ""),
}
FILES = {
    **{f"{name}/{kernel}": KERNEL for name, (kernel, _, _) in TREES.items()},
    **{f"{name}/{initrd}": INITRD for name, (_, initrd, _) in TREES.items()},
    "told/.treeinfo": TREEINFO,
    "told/odd/k": KERNEL,
    "told/odd/i": INITRD,
    "lying/.treeinfo": TREEINFO.replace(b"odd/k", b"../../k"),
    "lying/vmlinuz": KERNEL,
    "lying/initrd": INITRD,
    "page": PAGE,
    "empty": b"",
    "half/vmlinuz": KERNEL,
    "a,b/linux": KERNEL,
    "a,b/initrd": INITRD,
    "garbled/.treeinfo": b"\xff[[[",
    "garbled/vmlinuz": KERNEL,
    "garbled/initrd": INITRD,
}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with WebServer(FILES) as found:
        yield found


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, data in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path


@pytest.mark.parametrize("name", TREES)
def test_layouts(url: str, tree: Path, name: str) -> None:
    kernel, initrd, source = TREES[name]
    for base, remote in ((f"{url}/{name}", True), (str(tree / name), False)):
        for said in (base, f"{base}/"):
            found = location.find(said, "x86_64", "quiet")
            assert found.initrd is not None
            assert [one.source for one in found.pieces] == [f"{base}/{kernel}", f"{base}/{initrd}"]
            assert [one.size for one in found.pieces] == [len(KERNEL), len(INITRD)]
            assert [one.remote for one in found.pieces] == [remote, remote]
            assert found.arguments == (f"quiet {source}={base}" if source and remote else "quiet")


def test_arguments_that_the_user_gave_are_not_given_twice(url: str) -> None:
    assert location.find(f"{url}/fedora", "x86_64", "inst.repo=http://x").arguments == "inst.repo=http://x"
    assert location.find(f"{url}/fedora", "x86_64", None).arguments == f"inst.repo={url}/fedora"


def test_what_a_tree_says_of_itself(url: str, tree: Path) -> None:
    for base in (f"{url}/told", str(tree / "told")):
        assert location.find(base, "x86_64", None).kernel.source == f"{base}/odd/k"
    for name in ("lying", "garbled"):
        assert location.find(f"{url}/{name}", "x86_64", None).kernel.source == f"{url}/{name}/vmlinuz"


def test_files(url: str, tree: Path) -> None:
    kernel, initrd = tree / "plain" / "vmlinuz", tree / "plain" / "initrd.img"
    assert location.find(f"{kernel},{initrd}", "x86_64", None).pieces[1].source == str(initrd)
    assert location.find(str(kernel), "x86_64", None).initrd is None
    alone = location.find(f"{url}/plain/vmlinuz", "x86_64", None)
    assert (alone.kernel.source, alone.initrd) == (f"{url}/plain/vmlinuz", None)
    mixed = location.find(f"{url}/plain/vmlinuz,{url}/plain/initrd.img", "x86_64", None)
    assert [one.remote for one in mixed.pieces] == [True, True]
    assert location.find(str(tree / "a,b"), "x86_64", None).kernel.source == str(tree / "a,b" / "linux")
    assert location.find(f"{url}/a,b", "x86_64", None).kernel.source == f"{url}/a,b/linux"


REFUSED = [
    ("TREE/none", NotFound, "guest.location_missing"),
    ("TREE/half", Invalid, "guest.location_tree"),
    ("TREE/page", Invalid, "guest.not_a_kernel"),
    ("TREE/empty", Invalid, "guest.not_a_kernel"),
    ("TREE/plain/vmlinuz,TREE/none", NotFound, "guest.location_missing"),
    ("TREE/plain/vmlinuz,TREE/plain", NotFound, "guest.location_missing"),
    ("TREE/plain/vmlinuz,TREE/empty", Invalid, "guest.not_a_kernel"),
    ("TREE/" + "a" * 5000, NotFound, "guest.location_missing"),
    ("TREE/\0", NotFound, "guest.location_missing"),
    ("URL/none", Invalid, "guest.location_tree"),
    ("URL/half", Invalid, "guest.location_tree"),
    ("URL/page,URL/plain/initrd.img", Invalid, "guest.not_a_kernel"),
    ("URL/plain/vmlinuz,URL/none", NotFound, "web.missing"),
    ("URL/403/plain", InnkeeperError, "web.denied"),
    ("URL/500/plain", Conflict, "web.status"),
    ("URL/circle/plain", Conflict, "web.redirects"),
    ("URL/circle/plain/vmlinuz,URL/x", Conflict, "web.redirects"),
    ("URL/away/plain/vmlinuz,URL/x", Conflict, "web.redirects"),
    ("URL/liar/plain/vmlinuz,URL/x", Conflict, "guest.location_large"),
    ("http://127.0.0.1:1/x", Conflict, "web.unreachable"),
    ("http://no.such.host.invalid/x,http://x/y", Conflict, "web.unreachable"),
    ("ftp://x/y", Invalid, "web.url"),
    ("file:///etc/passwd", Invalid, "web.url"),
    ("http://", Invalid, "web.url"),
    ("http://[", Invalid, "web.url"),
    ("http://a b/", Invalid, "web.url"),
    ("http://x:port/", Invalid, "web.url"),
]


@pytest.mark.parametrize(("said", "kind", "code"), REFUSED)
def test_refused(url: str, tree: Path, said: str, kind: type[InnkeeperError], code: str) -> None:
    with pytest.raises(kind) as caught:
        location.find(said.replace("URL", url).replace("TREE", str(tree)), "x86_64", None)
    assert caught.value.code == code
    assert caught.value.exit_code == 2
    assert caught.value.text("zh")


def quiet(_came: int, _size: int | None) -> None:
    pass


def test_fetched(url: str, tmp_path: Path) -> None:
    told: list[float | None] = []
    found = location.find(f"{url}/fedora", "x86_64", None)
    for _ in range(2):  # a step may be done twice
        paths = location.fetch(found, str(tmp_path), lambda _piece, fraction: told.append(fraction))
    assert Path(paths["kernel"]).read_bytes() == KERNEL
    assert Path(paths["initrd"]).read_bytes() == INITRD
    assert told[-1] == 1.0


def test_local_files_are_not_copied(tree: Path, tmp_path: Path) -> None:
    found = location.find(str(tree / "plain"), "x86_64", None)
    paths = location.fetch(found, str(tmp_path / "nowhere"), lambda *_: None)
    assert paths == {"kernel": f"{tree}/plain/vmlinuz", "initrd": f"{tree}/plain/initrd.img"}


def test_downloads_that_go_wrong(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = str(tmp_path / "x")
    monkeypatch.setattr(web, "TRIES", 1)
    with pytest.raises(Failed) as cut:
        web.download(f"{url}/partial/plain/initrd.img", target, 1 << 30, quiet)
    assert (cut.value.code, cut.value.facts["came"]) == ("web.cut_off", len(INITRD) // 2)
    with pytest.raises(Conflict, match="larger than 100 bytes"):
        web.download(f"{url}/plain/initrd.img", f"{target}1", 100, quiet)
    monkeypatch.setattr(web, "SILENCE", 0.2)
    with pytest.raises(Conflict, match="nothing came for"):
        web.download(f"{url}/silent/plain/initrd.img", f"{target}2", 100, quiet)


def test_a_size_that_is_not_told_is_limited_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "_size", lambda _headers: None)
    with WebServer(FILES) as url:
        with pytest.raises(Conflict) as caught:
            web.download(f"{url}/plain/initrd.img", str(tmp_path / "a"), 1000, quiet)
        assert caught.value.code == "web.too_large"
        web.download(f"{url}/plain/vmlinuz", str(tmp_path / "b"), 1 << 20, quiet)
    assert (tmp_path / "b").read_bytes() == KERNEL
