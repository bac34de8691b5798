"""Settings: /etc/innkeeper/config.toml or $XDG_CONFIG_HOME/innkeeper/config.toml, each key also as INNKEEPER_KEY."""

from __future__ import annotations

import os
from functools import cache

from innkeeper.errors import Invalid
from innkeeper.machine import local

__all__ = ["KEYS", "get", "is_signed_in", "servers_file"]

KEYS = {
    "uri": "",
    "pool": "default",
    "network": "default",
    "proxy": "",
    "backup_dir": "",
    "images_keep": "1",
    "catalogues": "",
    "database": "",
    "operations_at_once": "4",
    "mirrors": "",
    "server": "",
    "server_ca": "",
    "server_fingerprint": "",
    "requests_per_second": "1000",
    "server_names": "",
    "stop_guests_then": "save",
    "stop_guests_timeout": "120",
    "urls_local": "no",
}
"""key → value when nobody set it"""


def get(key: str) -> str:
    """The value of a key of `KEYS`: from the environment, else the file, else its default."""
    return os.environ.get(f"INNKEEPER_{key.upper()}") or _file().get(key) or KEYS[key]


def servers_file() -> str:
    """Where `inn login` keeps servers and tokens; most have none."""
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return f"{home}/innkeeper/servers.json"


def is_signed_in() -> bool:
    """Whether some server was signed in to; who it was is known to `innkeeper.client.servers`."""
    return local().files.exists(servers_file())


@cache
def _file() -> dict[str, str]:
    path = "/etc/innkeeper/config.toml"
    if not local().is_root:
        path = f"{os.environ.get('XDG_CONFIG_HOME') or os.path.expanduser('~/.config')}/innkeeper/config.toml"
    if not local().files.exists(path):
        return {}
    import tomllib

    try:
        values = tomllib.loads(local().files.read(path).decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Invalid("host.config", path=path, reason=str(error)) from error
    unknown = sorted(set(values) - set(KEYS))
    if unknown or not all(isinstance(value, str) for value in values.values()):
        raise Invalid(
            "host.config", path=path, reason=f"unknown or not text: {', '.join(unknown) or 'a value'}"
        )
    return values
