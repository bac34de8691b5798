"""cloud-init's NoCloud seed: a small disk labelled `cidata` with user-data and meta-data.

https://cloudinit.readthedocs.io/en/latest/reference/datasources/nocloud.html
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from innkeeper.errors import Invalid
from innkeeper.machine import local
from innkeeper.tools import xorriso

__all__ = ["LABEL", "Answers", "make_seed", "refuse_user_data"]

LABEL = "cidata"
_HEAD = "#cloud-config\n"
_LARGEST = 1024 * 1024


@dataclass(frozen=True)
class Answers:
    """What a guest is told at its first boot."""

    instance: str
    """changes when the guest is another one: its UUID"""
    hostname: str
    user: str | None = None
    ssh_keys: tuple[str, ...] = ()
    password: str | None = None
    user_data: str | None = None
    """whole user data of the user's own, instead of ours"""

    @property
    def files(self) -> dict[str, str]:
        """Name → content. Written as JSON, which quotes whatever is in a name or a password."""
        meta = {"instance-id": self.instance, "local-hostname": self.hostname}
        return {
            "meta-data": _yaml(meta),
            "user-data": self.user_data or _HEAD + _yaml(self._config()),
        }

    def _config(self) -> dict[str, object]:
        user: dict[str, object] = {
            "name": self.user or "inn",
            "shell": "/bin/bash",
            "sudo": "ALL=(ALL) NOPASSWD:ALL",
            "lock_passwd": self.password is None,
        }
        if self.ssh_keys:
            user["ssh_authorized_keys"] = list(self.ssh_keys)
        if self.password is not None:
            user["plain_text_passwd"] = self.password
        return {
            "users": [user],
            "ssh_pwauth": False,
            "disable_root": True,
            "growpart": {"mode": "auto", "devices": ["/"]},
            "resize_rootfs": True,
        }


def _yaml(value: object) -> str:
    """JSON is YAML, but for characters that YAML 1.1 takes for line ends or refuses to read (§5.1, §5.4)."""
    text = json.dumps(value, indent=1, ensure_ascii=False) + "\n"
    return re.sub("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]", lambda one: f"\\u{ord(one[0]):04x}", text)


def refuse_user_data(text: str, path: str) -> None:
    """User data begins with a line cloud-init knows (`#cloud-config`, `#!`, MIME …), else it would be ignored silently.

    Raises `Invalid("guest.user_data")`.
    """
    known = (
        "#cloud-config",
        "#!",
        "#include",
        "#cloud-boothook",
        "#part-handler",
        "## template:",
        "Content-Type:",
        "MIME-",
    )
    if len(text) > _LARGEST or not text.startswith(known):
        raise Invalid("guest.user_data", path=path)


def make_seed(answers: Answers, directory: str) -> str:
    """The seed as an ISO image in that (private) directory of this computer; its path."""
    files = local().files
    source, target = f"{directory}/{answers.instance}", f"{directory}/{answers.instance}.iso"
    files.make_dir(source, 0o700)
    for name, content in answers.files.items():
        files.write(f"{source}/{name}", content.encode(), 0o600)
    files.remove(target)
    xorriso.make_iso(local(), source, target, LABEL)
    return target
