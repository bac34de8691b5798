"""QEMU."""

TEXT = {
    "qemu.system.there": "QEMU {version} runs guests of {arches}",
    "qemu.system.old": "QEMU {version} is older than {oldest}, with which Innkeeper is tried",
    "qemu.system.old.means": "some features of guests may be refused",
    "qemu.system.old.remedy": "take a newer release of the distribution when it suits",
    "qemu.system.threads": "QEMU {version} runs guests of {arches}; older than {safe}, it crashes now and then when it emulates several processors",
    "qemu.system.threads.means": "an emulated guest gets one processor unless more are asked for; guests on KVM are not concerned",
    "qemu.system.threads.remedy": "leave it at one, or take QEMU {safe} or later when it suits",
    "qemu.system.missing": "there is no QEMU for this processor ({arch})",
    "qemu.system.missing.means": "no guest can run",
    "qemu.system.broken": "{program} does not start: {detail}",
    "qemu.system.broken.means": "no guest can run",
    "qemu.system.broken.remedy": "install its package again",
    "qemu.img.there": "qemu-img is there ({program})",
    "qemu.img.missing": "qemu-img is not installed",
    "qemu.img.missing.means": "images cannot be looked at, made or imported",
}
