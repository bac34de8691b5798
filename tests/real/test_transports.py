"""On a host itself and through a server the same commands do the same and print the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.real.transports import Through, unlike
from tests.server import Server
from tests.world import World

LIFE = """
list
list --all --long
create web1 --image tiny --no-start --explain
create web1 --image tiny
list
list --json
show web1
show web1 --json
set web1 --title Nineteen --label env=prod --start-order 3 --autostart
set web1 --no-start-order
list --long
protect web1
delete web1
protect web1 --off
rename web1 web2 --dry-run
rename web1 web2
show web1
document web2
set web2 --cpus 0
set web2
start web2 --dry-run --explain
start web2 --wait boot
start web2
suspend web2
resume web2
ssh web2
ssh-config
view web2 --print
send-keys web2 ctrl-alt-nonsense
console nobody
exec web2 -- true
cp web2:/etc/hostname /run/nowhere/there
screenshot nobody
top --once nobody
logs web2 --serial -n 0
stop web2 --force
delete web2
list --deleted
purge web2
undelete web2 --as web3
create web4 --image nothing
create web4 --disk-size 1M
create web4 --image tiny --pool nowhere --json
image list
image show tiny --json
image show a/b
image remove nothing
delete a/b
network
start
host show
host check --only processor
host device list
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
    for line in LIFE.strip().splitlines():
        words = line.split()
        found.append(unlike(words, here.inn(*words), there.inn(*words)))
    assert not any(found), "\n\n".join(filter(None, found))
