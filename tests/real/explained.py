"""Commands whose explanation is taken at its word: what `--explain` prints is run in a second world, which must then be
as the first. Each story goes on in the worlds that its commands made."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["EXCEPTIONS", "STORIES", "Story"]

EXCEPTIONS = {
    "backup.remove": "names a backup by its time: tests/real/test_backup.py runs it",
    "host.check": "looks only: what it would have done is explained by host setup",
    "guest.console": "takes the terminal: tests/real/test_guest_life.py runs it",
    "guest.cp": "needs a guest with an agent: tests/real/test_agent.py takes its explanations at their word",
    "guest.exec": "likewise",
    "guest.ssh": "takes the terminal",
    "guest.ssh_config": "prints; nothing is to compare",
    "image.build": "takes minutes: tests/real/test_image_releases.py takes its explanation at its word",
    "image.pull": "needs a distributor: tests/real/test_image_pull.py takes its explanations at their word",
    "operation.cancel": "operations are Innkeeper's own: nothing else knows of them",
    "operation.clean": "operations are Innkeeper's own: nothing else knows of them",
    "operation.list": "operations are Innkeeper's own: nothing else knows of them",
    "operation.retry": "operations are Innkeeper's own: nothing else knows of them",
    "schedule.create": "schedules are Innkeeper's own: nothing else carries them out",
    "schedule.list": "likewise",
    "schedule.remove": "likewise",
    "schedule.run": "what it performs is explained where that is a verb of its own",
    "schedule.show": "likewise",
    "operation.show": "operations are Innkeeper's own: nothing else knows of them",
    "token.create": "tokens are Innkeeper's own: nothing else knows of them",
    "token.link": "likewise",
    "token.list": "likewise",
    "token.remove": "likewise",
}
"""Verb → why no command of others amounts to the same."""


class Story(NamedTuple):
    """`commands` of `inn`, one after the other; what stands behind `!` is run by a shell in both worlds. `DISK` is the
    path of a small qcow2 file. `tiny`: they need that image. `alike` are prefixes of what need not be alike, beyond
    times and ids."""

    name: str
    commands: tuple[str, ...]
    tiny: bool = False
    alike: tuple[str, ...] = ()


CD = """mkdir -p /var/lib/isos/open /var/lib/isos/tree && mkdir -m 700 /var/lib/isos/closed && cd /var/lib/isos &&
head -c 2048 /dev/zero >tree/boot.bin && touch -d @0 tree/boot.bin tree && SOURCE_DATE_EPOCH=0 xorrisofs -quiet
-output open/boot.iso -b boot.bin -no-emul-boot tree && cp open/boot.iso closed/""".replace("\n", " ")
"""One CD that QEMU can read, and a copy that it cannot."""
SMALL = "--disk-size 16M --memory 64M --network none --no-start"
KERNEL = "/var/lib/libvirt/innkeeper-images/tiny.kernel,/var/lib/libvirt/innkeeper-images/tiny.initrd"

STORIES = (
    Story(
        "a volume in, out and away",
        (
            "volume list default",
            "volume upload default/one.qcow2 DISK",
            "volume upload default/one.qcow2 DISK --replace",
            "volume download default/one.qcow2 /var/lib/libvirt/fetched",
            "volume remove default/one.qcow2",
        ),
    ),
    Story(
        "a guest off, from its image to its end",
        (
            "image import DISK --name blank",
            "image list",
            "image show blank",
            "image import DISK --name blank --replace",
            "image import DISK --name blank --replace",
            "image list --all",
            "create web --image blank --memory 64M --cpus 1 --network none --no-start",
            "list",
            "show web",
            "document web",
            "image make web --name made --keep-identity",
            "image make web --name made --keep-identity --replace",
            "image remove made",
            "rename web www",
            "delete www",
            "undelete www --as web",
            "delete web",
            "purge web --yes",
            "image remove blank",
        ),
    ),
    Story(
        "cloud-init, an address, a copy, three at once",
        (
            "image import DISK --name cloud --cloud-init --user me",
            "create web --image cloud --ip 192.168.122.50 --memory 64M --no-start",
            "create copy --image cloud --full --disk-size 64M --no-start",
            "create many --image cloud --count 3 --disk-size 1G --no-start",
            "delete web",
            "purge web --yes",
            "delete many-2",
            "purge many-2 --yes --keep-disks",
        ),
    ),
    Story(
        "UEFI and a disk that was there",
        (
            "create web --disk DISK --firmware uefi --memory 64M",
            "stop web --force",
            "rename web www",
            "delete www",
            "undelete www",
        ),
    ),
    Story(
        "a guest off, changed",
        (
            "create web --disk DISK --memory 64M --no-start",
            "set web --cpus 2 --memory 128M --title 'front door' --notes 'a <note> & more' --label role=web",
            "set web --autostart --start-order 2 --start-delay 5",
            "set web --no-title --label role- --max-cpus 4 --max-memory 256M",
            "protect web",
            "protect web --off",
            "!virsh dumpxml --inactive --security-info web | sed s/restart/destroy/ > /var/tmp/web.xml",
            "edit web --file /var/tmp/web.xml --yes",
            "delete web",
            "undelete web",
        ),
    ),
    Story(
        "where guests are: networks and pools",
        (
            "create web --disk DISK --memory 64M --no-start",
            "network list --all",
            "network show default",
            "pool list",
            "pool show default",
        ),
    ),
    Story(
        "the host",
        (
            "!virsh net-destroy default; virsh net-autostart --disable default",
            "host show",
            "host support",
            "host device list",
            "host setup --only network",
            "host setup --undo",
            "create one --disk DISK --memory 64M --network none --no-start",
            "set one --start-order 1 --autostart",
            "host start-guests",
            "host stop-guests --timeout 1 --then force",
        ),
        alike=("name/",),
    ),
    Story(
        "backups, and forgetting",
        (
            "create web --disk DISK --memory 64M --firmware uefi --no-start",
            "backup create web",
            "backup list",
            "backup show web",
            "backup verify web",
            "backup restore web --as www",
            "backup restore web --replace",
            "forget web",
            "set web --autostart",
        ),
    ),
    Story(
        "a guest exported, and imported beside itself",
        (
            "!mkdir -p /var/lib/isos",
            "create web --disk DISK --memory 64M --firmware uefi --no-start",
            "export web /var/lib/isos/web.inn",
            "create two --import /var/lib/isos/web.inn --no-start",
            "delete two",
            "purge two --yes",
        ),
    ),
    Story(
        "guests from media",
        (
            f"!{CD}",
            f"create cd --iso /var/lib/isos/open/boot.iso --count 2 {SMALL}",
            f"create far --iso /var/lib/isos/closed/boot.iso --drivers /var/lib/isos/open/boot.iso --bus usb {SMALL}",
            f"create win --iso /var/lib/isos/open/boot.iso --profile windows --firmware uefi {SMALL}",
            f"create old --iso /var/lib/isos/open/boot.iso --profile legacy --no-acpi --xml './title=A & B' {SMALL}",
            "create net --pxe --xml ./devices/rng= --disk-size 16M --memory 64M --no-start",
            f"create live --location {KERNEL} --kernel-args 'console=ttyS0 quiet' --diskless --memory 128M --no-start",
            f"create set-up --location {KERNEL} --disk-size 16M --memory 128M --cpus 1 --network none",
            "delete set-up --force",
            "purge set-up --yes",
        ),
        tiny=True,
    ),
    Story(
        "a guest that runs",
        (
            "create web --image tiny --wait boot",
            "show web",
            "screenshot web",
            "top --once",
            "logs web",
            "view web --print",
            "ssh-config",
            "send-keys web a enter",
            "paste web hello",
            "suspend web",
            "resume web",
            "set web --memory 96M --title live",
            "save web",
            "restore web",
            "reboot web --wait boot",
            "save web",
            "restore web --discard --yes",
            "start web",
            "reset web --wait boot",
            "stop web",
            "start web",
            "stop web --force",
            "start web",
            "delete web --force",
        ),
        tiny=True,
    ),
)
