"""What the host cannot give is refused, and taken when it is said to be known."""

from __future__ import annotations

import pytest

from innkeeper import guest
from innkeeper.errors import Conflict
from innkeeper.guest.running import admission
from innkeeper.host import Host
from innkeeper.schema.sizes import GIB, MIB
from innkeeper.virt import booting, domains


@pytest.mark.parametrize(
    ("memory", "kept"),
    [(GIB, 256 * MIB), (4 * GIB, 256 * MIB), (16 * GIB, GIB), (64 * GIB, 4 * GIB), (1024 * GIB, 4 * GIB)],
)
def test_the_host_keeps_some(memory: int, kept: int) -> None:
    assert admission.reserve(memory) == kept


def test_what_runs_is_counted_whole(host: Host) -> None:
    assert booting.promised_memory(host.virt) == 64 * MIB, "web1 alone runs"
    domains.lookup(host.virt, "web2").start()
    assert booting.promised_memory(host.virt) == (64 + 128) * MIB


def test_memory(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(host.virt), "node", lambda _virt: (4, GIB))
    left = GIB - 256 * MIB - 64 * MIB
    admission.refuse_memory(host, "new", left)
    with pytest.raises(Conflict) as caught:
        admission.refuse_memory(host, "new", left + 1)
    assert caught.value.code == "guest.memory_promised"
    assert (caught.value.facts["left"], caught.value.facts["promised"]) == ("704M", "64M")
    admission.refuse_memory(host, "new", 100 * GIB, overcommit=True)


def test_a_start_is_admitted_too(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(host.virt), "node", lambda _virt: (4, 256 * MIB + 64 * MIB + 128 * MIB - 1))
    with pytest.raises(Conflict) as caught:
        guest.start(host, name="web2")
    assert caught.value.code == "guest.memory_promised"
    assert guest.start(host, name="web2", overcommit=True).state == "running"


def test_disks(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thin ones may be as large as their pool and no larger; what is written now has to fit."""
    monkeypatch.setattr(admission, "_space", lambda _host, _pool: (100 * GIB, 10 * GIB))
    admission.refuse_disk(host, "default", 100 * GIB, 10 * GIB)
    for capacity, now, code in (
        (100 * GIB + 1, 0, "guest.disk_beyond"),
        (GIB, 10 * GIB + 1, "pool.full"),
    ):
        with pytest.raises(Conflict) as caught:
            admission.refuse_disk(host, "default", capacity, now)
        assert caught.value.code == code
    admission.refuse_disk(host, "default", 1000 * GIB, 0, overcommit=True)
    with pytest.raises(Conflict, match="10G free"):
        admission.refuse_disk(host, "default", GIB, 11 * GIB, overcommit=True)


def test_a_pool_that_is_nearly_full(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "_space", lambda _host, _pool: (100 * GIB, 511 * MIB))
    with pytest.raises(Conflict) as caught:
        admission.refuse_disk(host, "default", GIB, 0)
    assert caught.value.code == "pool.nearly_full"
    admission.refuse_disk(host, "default", GIB, 0, overcommit=True)
    monkeypatch.setattr(admission, "_space", lambda _host, _pool: (10 * MIB, 2 * MIB))
    admission.refuse_disk(host, "default", MIB, 0)  # a hundredth of a small pool is little
