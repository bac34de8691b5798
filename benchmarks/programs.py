"""The programs that are compared; `script/bench` says where it installed them."""

from __future__ import annotations

import os

__all__ = ["IMAGES", "INN", "KCLI", "PYTHON"]

_PLACE = os.environ.get("BENCH_ENVIRONMENTS", "")

INN = f"{_PLACE}/innkeeper/bin/inn"
PYTHON = f"{_PLACE}/innkeeper/bin/python"
"""the one that runs `INN`"""
KCLI = f"{_PLACE}/kcli/bin/kcli"

IMAGES = "/var/lib/libvirt/images"
"""the directory of pool `default`"""
