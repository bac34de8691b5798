"""On a host itself and through a server the same commands do the same and print the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.real.transports import Through, unlike
from tests.server import Server
from tests.world import World

LIFE = """
list
create web1 --image tiny --no-start --explain
create web1 --image tiny
list --json
show web1
show web1 --json
set web1 --title Nineteen --label env=prod --start-order 3 --autostart
list --long
protect web1
delete web1
protect web1 --off
rename web1 web2 --dry-run
rename web1 web2
document web2
set web2 --cpus 0
set web2
start web2 --dry-run --explain
start web2
suspend web2
resume web2
ssh web2
ssh-config
send-keys web2 ctrl-alt-nonsense
console nobody
exec web2 -- true
cp web2:/etc/hostname /run/nowhere/there
top --once nobody
stop web2 --force
delete web2
list --deleted
purge web2
undelete web2 --as web3
create web4 --image nothing
create web4 --image tiny --pool nowhere --json
image list
image show tiny --json
image show a/b
image remove nothing
delete a/b
start
host show
host support --machine pc
host check --only processor
backup list
backup show nothing
delete web3
purge web3 --yes
"""


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[Through, Through]]:
    """A world for each, so that both can make the same."""
    with World() as here, World() as there:
        for world in (here, there):
            world.seed_image("tiny")
        with Server(there) as server:
            yield Through(here), Through(there, server)


def test_a_life_is_told_the_same(both: tuple[Through, Through]) -> None:
    here, there = both
    found = []
    with ThreadPoolExecutor(2) as pool:  # each has a world of its own
        for line in LIFE.strip().splitlines():
            words = line.split()
            one, other = pool.map(lambda way, words=words: way.inn(*words), (here, there))
            found.append(unlike(words, one, other))
    assert not any(found), "\n\n".join(filter(None, found))


def test_a_file_comes_and_goes(both: tuple[Through, Through]) -> None:
    _here, there = both
    world = there.world
    home = world.environment["HOME"]
    file, iso = f"{home}/web5.inn", f"{home}/no.iso"
    assert there.inn("create", "web5", "--image", "tiny", "--no-start").status == 0
    made = there.inn("export", "web5", file)
    assert (made.status, made.out[:16]) == (0, "web5 is exported"), made.err
    world.run(["sh", "-c", f"zstd -dcq {file} | tar -t | grep -q SHA256SUMS"], check=True)
    assert there.inn("export", "web5", file).err.startswith(f"inn: {file} exists already")
    back = there.inn("create", "web6", "--import", file, "--no-start")
    assert back.out.startswith("web6 is made: stopped")
    explained = there.inn("create", "web7", "--import", file, "--no-start", "--explain").out
    assert f"zstd -dcfq < {file}" in explained, "in the words of this computer"
    assert there.inn("delete", "web7").status == there.inn("purge", "web7", "--yes").status == 0
    world.run(["sh", "-c", f"echo nothing > {iso}"], check=True)
    refused = there.inn("create", "web7", "--iso", iso, "--disk-size", "1M")
    assert refused.err.splitlines()[-2].startswith(f"inn: {iso} is not the image of a CD")
    for name in ("web5", "web6"):
        assert there.inn("delete", name).status == there.inn("purge", name, "--yes").status == 0
    assert left_of_uploads(there) == "", "nothing stays on the server"


def left_of_uploads(there: Through) -> str:
    return str(there.world.run(["sh", "-c", "cat /var/lib/innkeeper/*loads/* 2>/dev/null"]).stdout)


def test_a_disk_of_this_computer_becomes_a_guests(both: tuple[Through, Through]) -> None:
    """A host takes the file as it stands there; a server gets it sent, and makes a volume of it."""
    _here, there = both
    world = there.world
    home = world.environment["HOME"]
    disk, bad = f"{home}/own.qcow2", f"{home}/bad.qcow2"
    world.run(["qemu-img", "create", "-q", "-f", "qcow2", disk, "8M"], check=True)
    world.run(
        ["qemu-img", "create", "-q", "-f", "qcow2", "-u", "-b", "/x", "-F", "raw", bad, "8M"], check=True
    )
    words = ("--memory", "64M", "--network", "none", "--no-start")
    made = [one.inn("create", "own1", "--disk", disk, *words) for one in both]
    assert (made[0].status, made[0].out) == (made[1].status, made[1].out)
    refused = [one.inn("create", "bad1", "--disk", bad, *words) for one in both]
    assert refused[0].err.splitlines()[-2:] == refused[1].err.splitlines()[-2:]
    assert bad in refused[1].err
    for one in both:
        assert one.inn("delete", "own1").status == one.inn("purge", "own1", "--yes").status == 0
    assert left_of_uploads(there) == ""


def test_a_dry_run_sends_nothing_and_says_so(both: tuple[Through, Through]) -> None:
    _here, there = both
    assert there.server is not None
    home = there.world.environment["HOME"]
    file = f"{home}/some.raw"
    there.world.run(["truncate", "-s", "64M", file], check=True)
    for words in (
        ("create", "dry1", "--disk", file),
        ("create", "dry1", "--iso", file),
        ("image", "import", file),
        ("volume", "upload", "default/some.raw", file),
    ):
        planned = there.inn(*words, "--dry-run")
        assert planned.status == 0, planned.err
        assert f"upload {file} (64M) to {there.server.url}" in planned.out
    assert there.inn("create", "dry1", "--disk", f"{home}/none", "--dry-run").status == 2
    assert there.inn("volume", "upload", "default/some.raw", file).status == 0
    taken = there.inn("volume", "upload", "default/some.raw", file)
    assert (taken.status, "sending" in taken.err) == (2, False)
    assert there.inn("volume", "remove", "default/some.raw").status == 0
    assert left_of_uploads(there) == ""


def test_signed_in_by_a_link(both: tuple[Through, Through]) -> None:
    _here, there = both
    world, server = there.world, there.server
    assert server is not None
    link = there.inn("token", "link")
    assert link.status == 0, link
    found = re.search(r"#link=(\S+)", link.out + link.err)
    assert found, link
    done = world.inn("login", f"{server.url}/#link={found[1]}", check=True)
    assert done.stdout.startswith(f"signed in to {server.url} as ")
    try:
        assert world.inn("list", "--json", check=True).stdout == there.inn("list", "--json").out
        assert world.inn("login", f"{server.url}/#link={found[1]}").returncode == 2, "it was good once"
        assert world.inn("-c", "qemu:///system", "--server", server.url, "list").returncode == 2
    finally:
        world.inn("logout", check=True)
    assert world.inn_json("list", "-c", "qemu:///system") == []


def test_the_example_of_the_page_runs(both: tuple[Through, Through]) -> None:
    _here, there = both
    page = Path(__file__).parents[2] / "docs" / "how-to" / "another-computer.md"
    (example,) = re.findall(
        r"^```python\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    done = there.world.python(example, env=there.env, check=True)
    assert done.stdout == "guest.unknown\nweb1 stopped ['web1']\n"


def test_names_are_completed(both: tuple[Through, Through]) -> None:
    _here, there = both
    asked = {"_INN_COMPLETE": "bash_complete", "COMP_WORDS": "inn image show t", "COMP_CWORD": "3"}
    assert there.world.inn(env=there.env | asked).stdout.split() == ["plain,tiny"]
    asked |= {"COMP_WORDS": "inn create x --network ", "COMP_CWORD": "4"}
    assert "plain,default" in there.world.inn(env=there.env | asked).stdout.split()
