"""Media that boot the kernel of the image tiny: a CD for BIOS and UEFI, a directory for network boot, an install tree;
and a disk whose boot sector says so. Made inside a world that has the image."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.world import Inside

__all__ = ["DISK_LINE", "FOLDER", "HEARTBEAT", "log_of", "make", "wait_for_log"]

FOLDER = "/var/lib/media"
HEARTBEAT = "innkeeper-tiny: user space"
DISK_LINE = "booted from the disk"
ARGUMENTS = "console=ttyS0 quiet panic=-1 cryptomgr.notests"

SCRIPT = r"""
set -e
images=/var/lib/libvirt/innkeeper-images
mkdir -p "$1" && cd "$1"
mkdir -p cd/isolinux cd/boot tftp/pxelinux.cfg tree/images/pxeboot
cp $images/tiny.kernel cd/boot/kernel && cp $images/tiny.initrd cd/boot/initrd
cp /usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32 cd/isolinux/
entry() { printf 'DEFAULT tiny\nPROMPT 0\nLABEL tiny\n KERNEL %s\n INITRD %s\n APPEND %s\n' "$@"; }
entry /boot/kernel /boot/initrd "$2" >cd/isolinux/isolinux.cfg
truncate -s 32M efi.img && mkfs.vfat -n EFI efi.img >/dev/null
export MTOOLS_SKIP_CHECK=1
mmd -i efi.img ::EFI ::EFI/BOOT ::loader ::loader/entries
mcopy -i efi.img /usr/lib/systemd/boot/efi/systemd-bootx64.efi ::EFI/BOOT/BOOTX64.EFI
printf 'timeout 0\ndefault tiny.conf\n' | mcopy -i efi.img - ::loader/loader.conf
printf 'title tiny\nlinux /kernel\ninitrd /initrd\noptions %s\n' "$2" | mcopy -i efi.img - ::loader/entries/tiny.conf
mcopy -i efi.img cd/boot/kernel ::kernel && mcopy -i efi.img cd/boot/initrd ::initrd
cp efi.img cd/boot/efi.img
xorrisofs -quiet -volid TINY -joliet -rock -output tiny.iso -b isolinux/isolinux.bin -c isolinux/boot.cat \
    -no-emul-boot -boot-load-size 4 -boot-info-table -eltorito-alt-boot -e boot/efi.img -no-emul-boot cd
mkdir -p data && echo drivers >data/file && xorrisofs -quiet -volid DRIVERS -joliet -output drivers.iso data
cp cd/boot/kernel tree/images/pxeboot/vmlinuz && cp cd/boot/initrd tree/images/pxeboot/initrd.img
cp /usr/lib/PXELINUX/pxelinux.0 /usr/lib/syslinux/modules/bios/ldlinux.c32 cd/boot/kernel cd/boot/initrd tftp/
entry kernel initrd "$2" >tftp/pxelinux.cfg/default
chmod -R a+rX "$1"
"""

SECTOR = """
import sys
said = sys.argv[2].encode() + b"\\r\\n\\0"
# 16-bit: each character of the text behind the code goes to COM1 (int 14h), then the processor rests.
code = bytes.fromhex("31c08ed8be007c83c61eac84c0740cb40131d230dbcd14ebf1f4ebfd")
code = code.ljust(0x1e, b"\\x90") + said
with open(sys.argv[1], "wb") as disk:
    disk.write(code.ljust(510, b"\\0") + b"\\x55\\xaa")
    disk.truncate(1 << 20)
"""


def make(world: Inside) -> str:
    """All of it below the folder that is returned."""
    world.run(["sh", "-c", SCRIPT, "sh", FOLDER, ARGUMENTS], check=True)
    world.python(SECTOR, f"{FOLDER}/disk.raw", DISK_LINE, check=True)
    return FOLDER


def log_of(world: Inside, name: str) -> str:
    """What the guest has printed on its serial port so far."""
    path = world.inn_json("show", name)["serial_log"]
    return world.run(["cat", str(path)]).stdout


def wait_for_log(world: Inside, name: str, wanted: str | Callable[[str], bool], timeout: float = 240) -> str:
    """Until that is in the guest's log; the log."""
    path = str(world.inn_json("show", name)["serial_log"])
    deadline = time.monotonic() + timeout
    while True:
        said = world.run(["cat", path]).stdout
        if wanted in said if isinstance(wanted, str) else wanted(said):
            return said
        assert time.monotonic() < deadline, f"{wanted} did not come: {said[-3000:]}"
        time.sleep(0.2)
