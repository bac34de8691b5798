"""An example of each request: what stands in its query or body."""

from __future__ import annotations

from typing import Any

__all__ = ["EXAMPLES", "PATH"]

PATH = {"backup": "web1-20261122T101500Z", "id": "3f0c2a9b71de", "name": "web1"}
"""Field in a path → an example."""

GIB = 1 << 30

EXAMPLES: dict[str, dict[str, Any]] = {
    "backup.create": {"name": "web1", "freeze": True},
    "backup.list": {"name": "web1"},
    "backup.remove": {},
    "backup.restore": {"new_name": "web1-yesterday"},
    "backup.show": {},
    "backup.verify": {},
    "guest.console": {"kind": "serial"},
    "guest.cp": {"sources": ["upload:6f1d0c"], "target": "/root", "to_guest": True},
    "guest.create": {
        "name": "web1",
        "image": "debian-12",
        "cpus": 2,
        "memory": 2 * GIB,
        "disk_size": 20 * GIB,
        "ssh_keys": ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEexampleexampleexampleexampleexampleexam me"],
        "wait": "ip",
    },
    "guest.delete": {"force": True},
    "guest.document": {},
    "guest.edit": {"document": "<domain type='kvm'>…</domain>"},
    "guest.exec": {"command": ["uname", "-a"], "timeout": 30},
    "guest.export": {"file": "download:new", "compress": "zstd"},
    "guest.forget": {},
    "guest.list": {"long": True},
    "guest.logs": {"which": "serial", "lines": 50},
    "guest.paste": {"text": "hello\n", "layout": "us"},
    "guest.protect": {"protected": True},
    "guest.purge": {"keep_disks": False},
    "guest.reboot": {"wait": "boot"},
    "guest.rename": {"new_name": "www"},
    "guest.reset": {},
    "guest.restore": {},
    "guest.resume": {},
    "guest.save": {},
    "guest.screenshot": {},
    "guest.send_keys": {"keys": ["ctrl-alt-delete"]},
    "guest.set": {"cpus": 4, "autostart": True, "labels": {"env": "prod"}},
    "guest.show": {},
    "guest.ssh": {"wait": 30},
    "guest.ssh_config": {"names": ["web1", "web2"]},
    "guest.start": {"wait": "ip", "timeout": 120},
    "guest.stop": {"timeout": 60},
    "guest.suspend": {},
    "guest.top": {"interval": 1},
    "guest.undelete": {"new_name": "web1-again"},
    "guest.view": {},
    "host.check": {"only": ["daemon"]},
    "host.device_list": {"kind": ["pci", "usb"]},
    "host.setup": {"only": ["network.default"]},
    "host.show": {},
    "host.start_guests": {},
    "host.stop_guests": {"timeout": 120, "then": "save"},
    "image.build": {"recipe": "debian-12"},
    "image.import": {"file": "upload:6f1d0c", "name": "appliance"},
    "image.list": {"available": True},
    "image.make": {"guest": "web1", "name": "web-base"},
    "image.pull": {"name": "debian-12"},
    "image.remove": {},
    "image.show": {},
    "operation.clean": {},
    "operation.list": {},
    "operation.show": {},
    "schedule.create": {
        "name": "nightly",
        "action": "backup",
        "guest": "web1",
        "cron": "30 2 * * *",
        "keep": 7,
    },
    "schedule.list": {},
    "schedule.remove": {},
    "schedule.run": {},
    "schedule.show": {},
    "token.create": {"name": "backup-script", "role": "operator"},
    "token.link": {},
    "token.list": {},
    "token.remove": {},
}
"""verb → fields that do not stand in the path"""
