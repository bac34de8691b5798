"""Commands that are broken off at every one of their steps. Together they pass every step of every verb."""

from __future__ import annotations

from tests.real.faults import Scenario

__all__ = ["SCENARIOS"]

CREATE = ("create", "web")
SMALL = ("--memory", "64M", "--cpus", "1")
ADDRESS = ("--ip", "192.168.122.50")
RUN_ENDED = ("domain/web/state", "processes", "interfaces", "name/var/log/libvirt/qemu/")
"""A guest that was stopped stays stopped: what was in its memory is gone."""


KEPT = frozenset({"prune"})
"""The step of an image that takes another's place."""
MEDIA = ("fetch", "media")
"""Steps of guests that are made from media."""
IMPORTED = "volumes seed address start"
EXPORT, NONE = "/var/lib/libvirt/images/web.inn", ("--compress", "none")
WRITTEN = frozenset({"write.done", "publish", "publish.done"})
"""What is whole stays."""


def create(name: str, *argv: str, prepare: str = "image", without: str = "", more: bool = False) -> Scenario:
    words = (*CREATE, *argv)
    passed = {*without.split(), *(() if "--location" in argv else MEDIA)}
    passed |= set() if "--import" in argv else {"files"}
    return Scenario(
        f"create {name}", "guest.create", words, (prepare,) if prepare else (), frozenset(passed), more=more
    )


SCENARIOS = [
    create(
        "disk", "--disk", "default/spare.qcow2", "--no-start", prepare="disk", without="seed address start"
    ),
    create("image", "--image", "blank", *SMALL, without="seed address", more=True),
    create("full copy", "--image", "blank", "--full", "--no-start", without="seed address start", more=True),
    create("cloud-init and address", "--image", "cloud", *SMALL, *ADDRESS),
    create("uefi", "--image", "blank", "--firmware", "uefi", *SMALL, without="seed address"),
    create("three", "--image", "cloud", "--count", "3", *SMALL, without="address"),
    create(
        "kernel",
        *("--location", "FILES/tree", "--disk-size", "16M", *SMALL),
        prepare="",
        without="seed address",
    ),
    create(
        "two by a kernel",
        *("--location", "FILES/tree", "--diskless", "--count", "2", "--no-start"),
        prepare="",
        without="seed address start",
        more=True,
    ),
    create("import", "--import", "FILES/web.inn", "--no-start", prepare="bundle", without=IMPORTED),
    Scenario(
        "export", "guest.export", ("export", "web", EXPORT, *NONE), ("made",), frozenset({"copy"}), WRITTEN
    ),
    Scenario(
        "export running",
        "guest.export",
        ("export", "web", EXPORT, *NONE),
        ("small", "running"),
        forward=WRITTEN,
        ignore=("file/var/lib/libvirt/qemu/nvram",),
    ),
    Scenario("delete", "guest.delete", ("delete", "web"), ("plain",), more=True),
    Scenario("delete autostart", "guest.delete", ("delete", "web"), ("plain", "autostart"), more=True),
    Scenario("delete made", "guest.delete", ("delete", "web"), ("made",), more=True),
    Scenario("delete uefi", "guest.delete", ("delete", "web"), ("uefi", "autostart")),
    Scenario(
        "delete running", "guest.delete", ("delete", "web", "--force"), ("plain", "running"), ignore=RUN_ENDED
    ),
    Scenario("undelete", "guest.undelete", ("undelete", "web"), ("plain", "autostart", "binned")),
    Scenario(
        "undelete as", "guest.undelete", ("undelete", "web", "--as", "www"), ("made", "binned"), more=True
    ),
    Scenario("purge", "guest.purge", ("purge", "web", "--yes"), ("made", "binned")),
    Scenario(
        "purge, disks kept",
        "guest.purge",
        ("purge", "web", "--yes", "--keep-disks"),
        ("made", "binned"),
        more=True,
    ),
    Scenario("rename", "guest.rename", ("rename", "web", "www"), ("made",), more=True),
    Scenario("rename uefi", "guest.rename", ("rename", "web", "www"), ("uefi",)),
    Scenario("protect", "guest.protect", ("protect", "web"), ("plain",)),
    Scenario(
        "set",
        "guest.set",
        ("set", "web", "--cpus", "2", "--memory", "64M", "--title", "t", "--label", "a=b", "--autostart"),
        ("plain",),
        without=frozenset({"live"}),
        more=True,
    ),
    Scenario(
        "set running",
        "guest.set",
        ("set", "web", "--cpus", "2", "--title", "t", "--label", "a=b", "--start-order", "3", "--autostart"),
        ("plain", "running"),
    ),
    Scenario("paste", "guest.paste", ("paste", "web", "x"), ("plain", "running")),
    Scenario("import first", "image.import", ("image", "import", "FILES/blank.qcow2"), without=KEPT),
    Scenario(
        "import",
        "image.import",
        ("image", "import", "FILES/blank.qcow2", "--name", "other"),
        ("image",),
        without=KEPT,
        more=True,
    ),
    Scenario(
        "import in place of another",
        "image.import",
        ("image", "import", "FILES/blank.qcow2", "--replace"),
        ("image",),
        without=frozenset({"convert", "publish"}),
        forward=frozenset({"prune", "prune.done"}),
    ),
    Scenario(
        "image of a guest",
        "image.make",
        ("image", "make", "web", "--name", "golden", "--keep-identity"),
        ("made",),
        without=frozenset({"clean", "prune"}),
    ),
    Scenario(
        "image of a guest in place of another",
        "image.make",
        ("image", "make", "web", "--name", "blank", "--keep-identity", "--replace"),
        ("made",),
        without=frozenset({"copy", "clean", "convert", "publish"}),
        forward=frozenset({"prune", "prune.done"}),
    ),
    Scenario(
        "remove image",
        "image.remove",
        ("image", "remove", "blank"),
        ("image",),
        forward=frozenset({"volumes.done"}),
    ),
    Scenario(
        "upload a volume",
        "volume.upload",
        ("volume", "upload", "default/fresh.qcow2", "FILES/blank.qcow2"),
    ),
]
