"""Waiting until a guest's first boot has installed it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from innkeeper.errors import WaitTimeout

if TYPE_CHECKING:
    from innkeeper.operation import Operation
    from innkeeper.virt.domains import Domain

__all__ = ["wait"]

TIMEOUT = 4 * 3600.0
"""Seconds, when nobody said."""
_PAUSE = 0.5


def wait(domain: Domain, timeout: float | None, operation: Operation) -> None:
    """Until the first run ended, by the installer's reboot or power-off; then start it from its disk.

    Raises `WaitTimeout("guest.install_ran_out")` after `timeout` seconds (four hours when None) and
    `WaitTimeout("guest.install_crashed")` when the run ended otherwise.
    """
    began = time.monotonic()
    while domain.active:
        elapsed = time.monotonic() - began
        operation.check_cancel()
        if elapsed > (timeout or TIMEOUT):
            raise WaitTimeout("guest.install_ran_out", name=domain.name, seconds=round(elapsed))
        operation.progress("guest.progress.installing", seconds=round(elapsed))
        time.sleep(_PAUSE)
    if domain.state == "crashed":
        raise WaitTimeout("guest.install_crashed", name=domain.name)
    domain.start()
