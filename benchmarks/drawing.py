"""The first picture of a guest's screen: through the server, ticket included, and by noVNC connected to QEMU itself."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.browsing import visitor
from benchmarks.measure import Comparison, in_turns, run
from benchmarks.served import Served
from lxml import etree
from playwright.sync_api import Page

from tests.browser.chromium import browser_in
from tests.world import ROOT

__all__ = ["compare"]

_NOVNC = ROOT / "web" / "node_modules" / "@novnc" / "novnc"
_GUEST, _MOST, _PATIENCE = "drawn", 1.5, 60.0
_DOCUMENT = """<domain type='qemu'><name>drawn</name><memory unit='MiB'>32</memory>
<os><type arch='x86_64'>hvm</type></os><devices>
<graphics type='vnc' autoport='yes' websocket='-1'><listen type='address' address='127.0.0.1'/></graphics>
<video><model type='vga'/></video></devices></domain>"""
"""Its firmware finds nothing to boot, and says so on the screen: a picture that stands still."""
_CLOCK = """
const draw = CanvasRenderingContext2D.prototype.drawImage, ask = window.fetch;
CanvasRenderingContext2D.prototype.drawImage = function (...all) {
  draw.apply(this, all);
  if (window.drawnAt || !this.canvas.isConnected || !this.canvas.width) return;
  const seen = this.getImageData(0, 0, this.canvas.width, this.canvas.height).data;
  for (let at = 0; at < seen.length; at += 4) if (seen[at] > 60) { window.drawnAt = performance.now(); return; }
};
window.fetch = (address, ...more) => {
  if (String(address).endsWith("/console")) window.askedAt ??= performance.now();
  return ask(address, ...more);
};
"""
"""In either page: when it began to connect, and when there was something on the canvas that is seen."""
_PAGE = """<!doctype html><title>noVNC</title><div id="screen" style="position: fixed; inset: 0"></div>
<script type="module">
import RFB from "./core/rfb.js";
window.askedAt = performance.now();
const rfb = new RFB(document.getElementById("screen"), "ws://127.0.0.1:PORT/");
rfb.scaleViewport = true;
</script>"""


def compare(rounds: int) -> Iterator[Comparison]:
    """From before either page connects, its scripts being loaded, until something is drawn."""
    with _guest() as port, tempfile.TemporaryDirectory(dir="/var/lib") as directory:
        place = Path(directory)
        with (
            _direct(place / "page", port) as direct,
            Served("qemu:///system", place / "state") as served,
            browser_in(os.getpid(), place) as browser,
            visitor(browser) as page,
        ):
            served.until_connected(1)
            page.add_init_script(_CLOCK)
            page.goto(served.link())
            page.get_by_role("navigation").first.wait_for()
            ours = f"http://127.0.0.1:{served.port}/console/{_GUEST}/vnc"
            ways = {"ours": partial(_first, page, ours), "direct": partial(_first, page, direct)}
            times = in_turns(ways, rounds, warm=2)
    yield Comparison(
        "vnc", "first frame, ticket included", "noVNC at QEMU", "times", _MOST, times["ours"], times["direct"]
    )


def _first(page: Page, address: str) -> float:
    page.goto(address)
    deadline = time.monotonic() + _PATIENCE
    while not (drawn := page.evaluate("window.drawnAt || 0")):
        if time.monotonic() > deadline:
            raise RuntimeError(f"{address}: nothing was drawn")
        time.sleep(0.02)
    asked: float = page.evaluate("window.askedAt")
    page.goto("about:blank")
    return float((drawn - asked) / 1000)


@contextmanager
def _guest() -> Iterator[str]:
    """The port of its own WebSocket."""
    with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
        file.write(_DOCUMENT)
        file.flush()
        run("virsh", "create", file.name)
    try:
        document = etree.fromstring(run("virsh", "dumpxml", _GUEST))
        yield str(document.xpath("string(devices/graphics/@websocket)"))
    finally:
        run("virsh", "destroy", _GUEST)


@contextmanager
def _direct(place: Path, port: str) -> Iterator[str]:
    """The address of a page with noVNC as it is published, and nothing else."""
    place.mkdir()
    (place / "index.html").write_text(_PAGE.replace("PORT", port), encoding="utf-8")
    for part in ("core", "vendor"):
        (place / part).symlink_to(_NOVNC / part)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(place)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """No line for each file."""
