"""No file of the host is attached, read or written by naming it in a request to a server that runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import inspect

from innkeeper.routes import OWN_HANDLERS, ROUTES
from innkeeper.verbs import verb
from tests.server import Server
from tests.world import World, diff

HOSTILE = (
    "/etc/shadow",
    "../../etc/shadow",
    "file:///etc/shadow",
    "nbd://127.0.0.1:10809/x",
    'json:{"driver":"file","filename":"/etc/shadow"}',
    "default/..%2f..%2fetc%2fshadow",
    "default/../../../etc/shadow",
    "default/planted",
    "a\0b",
    "/dev/sda",
    "/proc/self/environ",
)
FREE = frozenset((
    "base", "boot_pattern", "cloud_init", "command", "env", "kernel_args", "keys", "labels", "notes", "password",
    "ssh_keys", "stdin", "text", "title",
))  # fmt: skip
"""What only the guest reads, or people."""
NEEDED: dict[str, dict[str, Any]] = {
    "backup.create": {"name": "web"},
    "guest.cp": {"name": "web", "sources": ["a"], "target": "b", "to_guest": True},
    "guest.create": {"name": "fresh"},
    "guest.edit": {"name": "web", "document": ""},
    "guest.export": {"name": "web", "file": "x"},
    "guest.rename": {"new_name": "other"},
    "image.build": {"recipe": "tiny"},
    "image.import": {"file": "x"},
    "image.make": {"guest": "web", "name": "made"},
    "image.pull": {"name": "debian-12"},
    "token.create": {"role": "viewer", "name": "x"},
}
"""What else a request has to say."""


@pytest.fixture(scope="module")
def server(world: World) -> Iterator[Server]:
    world.run(["ln", "-s", "/etc/shadow", "/var/lib/libvirt/images/planted"], check=True)
    world.virsh("pool-refresh", "default")
    world.run(["sh", "-c", "cat > /run/web.xml"], input=document(), check=True)
    world.virsh("define", "/run/web.xml")
    world.virsh("vol-create-as", "default", "free.qcow2", "1M", "--format", "qcow2")
    world.virsh("vol-create-as", "default", "used.qcow2", "1M", "--format", "qcow2")
    world.virsh("vol-create-as", "default", "trojan.qcow2", "1M", "--format", "qcow2")
    path = "/var/lib/libvirt/images/trojan.qcow2"
    world.run(
        ["qemu-img", "create", "-q", "-f", "qcow2", "-u", "-b", "/etc/shadow", "-F", "raw", path, "1M"],
        check=True,
    )
    other = document(disk("/var/lib/libvirt/images/used.qcow2", "vda")).replace(">web<", ">other<")
    world.run(["sh", "-c", "cat > /run/other.xml"], input=other, check=True)
    world.virsh("define", "/run/other.xml")
    with Server(world) as made:
        yield made


def document(devices: str = "") -> str:
    return (
        "<domain type='qemu'><name>web</name><memory unit='MiB'>32</memory>"
        f"<os><type arch='x86_64'>hvm</type></os><devices>{devices}</devices></domain>"
    )


def disk(path: str, target: str, kind: str = "qcow2") -> str:
    return (
        f"<disk type='file' device='disk'><driver name='qemu' type='{kind}'/><source file='{path}'/>"
        f"<target dev='{target}' bus='virtio'/></disk>"
    )


def fields() -> list[Any]:
    found = []
    for name, route in sorted(ROUTES.items()):
        if route.method == "GET" or name in OWN_HANDLERS:
            continue
        struct = inspect.type_info(verb(name).request)
        assert isinstance(struct, inspect.StructType)
        for field in struct.fields:
            several = words(field.type)
            if several is not None and field.name not in route.fields and field.name not in FREE:
                found.append(pytest.param(name, field.name, several, id=f"{name}-{field.name}"))
    return found


def words(kind: inspect.Type) -> bool | None:
    """Whether it takes a list of words; None when it takes no words."""
    match kind:
        case inspect.Metadata():
            return words(kind.type)
        case inspect.UnionType():
            return next((told for one in kind.types if (told := words(one)) is not None), None)
        case inspect.VarTupleType():
            return True if words(kind.item_type) is not None else None
        case inspect.StrType():
            return False
    return None


@pytest.mark.parametrize(("name", "field", "several"), fields())
def test_every_field_of_every_verb(server: Server, name: str, field: str, several: bool) -> None:
    route = ROUTES[name]
    path = "/api/v1" + route.path
    for part in route.fields:
        path = path.replace(f"{{{part}}}", "web")
    for value in HOSTILE:
        if field == "name" and value == "default/planted":
            continue
        asked = {key: told for key, told in NEEDED.get(name, {}).items() if key not in route.fields}
        asked[field] = [value] if several else value
        if route.has_body:
            answer = server.client.request(route.method, path, json=asked)
        else:
            answer = server.client.request(route.method, path, params=asked)
        assert 400 <= answer.status_code < 500, f"{value!r}: {answer.status_code} {answer.text}"
        assert "root:" not in answer.text


def edited(server: Server, change: tuple[str, str]) -> Any:
    there = server.world.virsh("dumpxml", "--inactive", "web")
    assert change[0] in there
    return server.client.put(
        "/api/v1/guests/web/document",
        json={"document": there.replace(*change, 1)},
        headers={"Prefer": "wait=60"},
    )


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/etc/shadow", "raw"),
        ("/var/lib/libvirt/images/../../../../etc/shadow", "raw"),
        ("/var/lib/libvirt/images/planted", "raw"),
        ("/var/lib/libvirt/images/used.qcow2", "qcow2"),
        ("/var/lib/libvirt/images/free.qcow2", "vmdk"),
        ("/var/lib/libvirt/images/trojan.qcow2", "qcow2"),
        ("/dev/null", "raw"),
    ],
)
def test_edits_attach_no_file(server: Server, path: str, kind: str) -> None:
    before = server.world.virsh("dumpxml", "--inactive", "web")
    answer = edited(server, ("</devices>", disk(path, "vdb", kind) + "</devices>"))
    assert answer.status_code in (403, 409), answer.text
    assert answer.json()["code"] in ("request.host_element", "guest.disk_used")
    assert server.world.virsh("dumpxml", "--inactive", "web") == before


def test_edits_attach_free_volumes_and_change_the_rest(server: Server) -> None:
    path = "/var/lib/libvirt/images/free.qcow2"
    answer = edited(server, ("</devices>", disk(path, "vdc") + "</devices>"))
    assert answer.status_code == 200, answer.text
    assert path in server.world.virsh("dumpxml", "--inactive", "web")
    again = edited(server, ("<memory unit='KiB'>32768<", "<memory unit='KiB'>65536<"))
    assert again.status_code == 200, again.text
    turned = edited(server, ("type='qcow2'", "type='raw'"))
    assert turned.status_code == 200, "a volume may be read as it is"
    assert edited(server, ("type='raw'", "type='qcow2'")).status_code == 200, "it leads nowhere else"


def test_a_guest_that_runs_writes_no_header_for_its_next_start(server: Server) -> None:
    """As raw it may write what a qcow2 that names /etc/shadow begins with."""
    world = server.world
    path = "/var/lib/libvirt/images/raw.img"
    world.run(["qemu-img", "create", "-q", "-f", "qcow2", path, "1M"], check=True)
    world.virsh("pool-refresh", "default")
    runs = document(disk(path, "vdd", "raw")).replace(">web<", ">runs<")
    world.run(["sh", "-c", "cat > /run/runs.xml"], input=runs, check=True)
    world.virsh("define", "/run/runs.xml")
    world.virsh("start", "runs")
    try:
        stored = world.virsh("dumpxml", "--inactive", "runs")
        change = {"document": stored.replace("type='raw'", "type='qcow2'")}
        ask, wait = server.client.put, {"Prefer": "wait=60"}
        answer = ask("/api/v1/guests/runs/document", json=change, headers=wait)
        assert answer.json()["code"] == "guest.disk_used", answer.text
        without = stored[: stored.index("<disk")] + stored[stored.index("</disk>") + 7 :]
        assert (
            ask("/api/v1/guests/runs/document", json={"document": without}, headers=wait).status_code == 200
        )
        again = ask("/api/v1/guests/runs/document", json=change, headers=wait)
        assert again.json()["code"] == "guest.disk_used", again.text
    finally:
        world.virsh("destroy", "runs")


def test_a_dry_run_is_judged_alike(server: Server) -> None:
    for asked in ({"name": "x", "disk": "/etc/shadow"}, {"name": "x", "xml": ["./os/kernel=/etc/shadow"]}):
        answer = server.client.post("/api/v1/guests?dry_run=true", json=asked)
        assert answer.status_code == 403, answer.text
        assert answer.json()["remedy"]


def test_nothing_was_changed_by_all_that(world: World) -> None:
    assert "fresh" not in world.virsh("list", "--all", "--name").split()
    assert "planted" in world.run(["ls", "/var/lib/libvirt/images"]).stdout
    assert diff(world.fingerprint(), world.fingerprint()) == ""
