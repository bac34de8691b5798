"""Every page of the web UI, and a world that are worth looking at."""

from __future__ import annotations

import time

from tests.server import Server

__all__ = ["BARE", "GUEST", "LONG_NAME", "PLACES", "TABS", "begin_what_lasts", "furnish", "measure", "places"]

GUEST = "web1"
LONG_NAME = "reporting-database-of-the-accounting-department-2026-replica-2"
TABS = ("overview", "console", "metrics", "hardware", "backups", "xml", "history", "notes")
"""of a guest's page"""
PLACES = {
    "overview": "/",
    "guests": "/guests",
    "create": "/create",
    "images": "/images",
    "storage": "/storage",
    "networks": "/networks",
    "host": "/host",
    "operations": "/operations",
    "bin": "/bin",
    "settings": "/settings",
    "nowhere": "/no/such/page",
}
"""name → path, of pages that are there in every world"""
BARE = {"console-vnc": f"/console/{GUEST}/vnc", "console-serial": f"/console/{GUEST}/serial"}
"""those without the shell around them"""


def places(filled: bool) -> dict[str, str]:
    """All of them; with the pages of single things where `furnish` made some."""
    if not filled:
        return PLACES
    of_one = {f"guest-{tab}": f"/guests/{GUEST}/{tab}" for tab in TABS}
    of_one |= {"guest-long-name": f"/guests/{LONG_NAME}", "guest-gone": "/guests/nobody"}
    of_one |= {"storage-pool": "/storage/default", "network": "/networks/default"}
    return PLACES | of_one


def furnish(server: Server) -> None:
    """Guests that run, pause and are off, one in the bin; a backup; operations, one of which failed."""
    for line in (
        f"create {GUEST} --image tiny",
        f"create {LONG_NAME} --image tiny --no-start",
        "create paused --image tiny",
        "create crashed --image tiny --no-start",
        "create old-web --image tiny --no-start",
        "suspend paused",
        "delete old-web",
        f"set {GUEST} --title Shop --autostart --label team=web --label stage=production",
        f"set {LONG_NAME} --label team=accounting",
    ):
        server.world.inn(*line.split(), check=True)
    _operate(server, "PATCH", f"guests/{LONG_NAME}", title="Accounting, second copy")
    _operate(server, "POST", "backups", name=LONG_NAME)
    _operate(server, "POST", "images/pull", name="debian-12")  # from a world without a way out


def begin_what_lasts(server: Server) -> None:
    """An operation that is under way for ten minutes, and a schedule."""
    server.world.inn("create", "stubborn", "--pxe", "--diskless", check=True)  # nothing in it powers off
    server.client.post("/api/v1/guests/stubborn/stop", json={"timeout": 600}).raise_for_status()
    schedule = {"name": "nightly", "cron": "30 2 * * *", "action": "backup", "guest": LONG_NAME, "keep": 7}
    server.client.post("/api/v1/schedules", json=schedule).raise_for_status()


def measure(server: Server) -> None:
    """Looks at the host's charts until they show something: it is measured only while somebody looks."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        told = (
            server.client.get("/api/v1/hosts/local/samples", params={"span": "minutes"})
            .raise_for_status()
            .json()
        )
        if sum(value is not None for value in told["disk_read"]) > 3:
            return
        time.sleep(2)


def _operate(server: Server, method: str, path: str, **fields: object) -> None:
    """Through the server, until it ended: so that it is in the list of operations."""
    begun = server.client.request(method, f"/api/v1/{path}", json=fields)
    if begun.status_code != 202:
        return
    operation, deadline = begun.json(), time.monotonic() + 60
    while operation["state"] in ("queued", "running", "waiting") and time.monotonic() < deadline:
        time.sleep(0.1)
        operation = server.client.get(f"/api/v1/operations/{operation['id']}").json()
