"""One guest's page: what it shows, what can be changed there, and that nothing that was typed is lost."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.chromium import PHONE, visit
from tests.server import Server

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def guest(server: Server) -> str:
    made = server.world.inn("create", "web1", "--image", "tiny", "--memory", "256M", "--wait", "ip")
    assert made.returncode == 0, made.stderr
    return "web1"


def opened(page: Page, server: Server, name: str, tab: str = "") -> None:
    page.get_by_role("banner").first.wait_for()
    page.goto(f"{server.url}/guests/{name}/{tab}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def document(server: Server, name: str) -> str:
    answer = server.client.get(f"/api/v1/guests/{name}/document")
    assert answer.status_code == 200, answer.text
    text: str = answer.json()["document"]
    return text


def editor(page: Page, name: str) -> Locator:
    return page.get_by_role("textbox", name=f"XML of {name}")


def write(page: Page, name: str, text: str) -> None:
    """Replaces all that stands in the editor, as by pasting."""
    editor(page, name).click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def test_what_it_is_and_what_others_do_with_it(server: Server, page: Page, guest: str) -> None:
    opened(page, server, guest)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Running")
    screen = page.get_by_role("img", name=f"The screen of {guest}")
    expect(screen).to_be_visible()
    assert screen.evaluate("image => image.naturalWidth") > 100
    address = server.world.inn_json("show", guest)["nics"][0]["addresses"][0]
    expect(page.get_by_text(address)).to_be_visible()
    expect(page.get_by_text("No agent runs in it.")).to_be_visible()
    server.world.virsh("destroy", guest)
    expect(heading).not_to_contain_text("Running")
    expect(page.get_by_text("It is off: start it to see its screen.")).to_be_visible()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(heading).to_contain_text("Running")


def test_memory_is_changed_now_or_at_the_next_start(server: Server, page: Page, guest: str) -> None:
    opened(page, server, guest, "hardware")
    memory = page.get_by_label("Memory", exact=True)
    expect(memory).to_have_value("256")
    memory.fill("128")
    expect(page.get_by_text("Takes effect at once.")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Memory: 256M → 128M, at once")).to_be_visible()
    assert "<currentMemory unit='KiB'>131072</currentMemory>" in document(server, guest)
    memory.fill("512")
    expect(page.get_by_text(re.compile("at the next start: while it runs it can have"))).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(re.compile("Memory: 128M → 512M, at the next start"))).to_be_visible()
    expect(page.get_by_text("At its next start: Memory 512 MiB")).to_be_visible()
    memory.fill("half a gigabyte")
    expect(page.get_by_text("A number, at least 1 MiB.")).to_be_visible()
    save = page.get_by_role("button", name="Save", exact=True)
    expect(save).to_have_attribute("aria-disabled", "true")
    page.get_by_role("button", name="Discard changes").click()
    expect(memory).to_have_value("512")
    switch = page.get_by_label("Start it with the host")
    switch.check(force=True)
    expect(page.get_by_role("tab", name="Hardware not saved yet")).to_be_visible()
    switch.uncheck(force=True)
    expect(page.get_by_role("tab", name="Hardware", exact=True)).to_be_visible()


def test_what_was_typed_stays(server: Server, page: Page, guest: str) -> None:
    """While others change it, and while one looks elsewhere."""
    opened(page, server, guest, "notes")
    page.get_by_label("Title").fill("typed by me")
    assert server.world.inn("set", guest, "--notes", "written by others").returncode == 0
    expect(page.get_by_role("textbox", name="Notes")).to_have_value("written by others")
    expect(page.get_by_label("Title")).to_have_value("typed by me")
    page.get_by_role("tab", name="Metrics").click()
    expect(page.get_by_role("tab", name="Notes not saved yet")).to_be_visible()
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Guests").click()
    expect(page).to_have_url(re.compile("/guests$"))
    page.go_back()
    page.get_by_role("tab", name="Notes").click()
    expect(page.get_by_label("Title")).to_have_value("typed by me")
    assert server.world.inn("set", guest, "--title", "typed by others").returncode == 0
    expect(
        page.get_by_text("Somebody else changed this meanwhile; it is now: typed by others")
    ).to_be_visible()
    page.get_by_role("button", name="Add a label").click()
    page.get_by_label("Label 1", exact=True).fill("env")
    page.get_by_label("Value of label 1", exact=True).fill("prod")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Title: typed by others → typed by me, at once")).to_be_visible()
    seen = server.world.inn_json("show", guest)
    assert (seen["title"], seen["notes"], seen["labels"]) == (
        "typed by me",
        "written by others",
        {"env": "prod"},
    )


def test_xml_edited_badly_and_well(server: Server, page: Page, guest: str) -> None:
    opened(page, server, guest, "xml")
    expect(editor(page, guest)).to_contain_text("<name>web1</name>")
    before = document(server, guest)
    save = page.get_by_role("button", name="Save …")
    expect(save).to_have_attribute("aria-disabled", "true")

    write(page, guest, before.replace("</name>", "</nam>", 1))
    expect(save).to_have_attribute("aria-disabled", "true")
    save.hover()
    expect(page.get_by_text("Correct line 2 first: it is not well-formed.")).to_be_visible()

    write(page, guest, before.replace("<on_reboot>restart<", "<on_reboot>sideways<"))
    save.click()
    problem = page.get_by_text(re.compile("libvirt refuses the XML of web1"))
    expect(problem.first).to_be_visible()
    expect(page.get_by_role("tab", name="XML not saved yet")).to_be_visible()  # nothing typed is lost
    expect(editor(page, guest).locator(".cm-lintRange-error")).to_contain_text("sideways")  # at its line
    assert document(server, guest) == before

    write(page, guest, before.replace("<on_reboot>restart<", "<on_reboot>destroy<"))
    save.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("region", name="What is changed")).to_contain_text(
        "+  <on_reboot>destroy</on_reboot>"
    )
    assert document(server, guest) == before  # it was only looked at
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Its document: at the next start")).to_be_visible()
    assert "<on_reboot>destroy</on_reboot>" in document(server, guest)


def test_xml_that_somebody_else_changed(server: Server, page: Page, guest: str) -> None:
    opened(page, server, guest, "xml")
    expect(editor(page, guest)).to_contain_text("<name>web1</name>")
    write(page, guest, document(server, guest).replace("<on_crash>destroy<", "<on_crash>restart<"))
    assert server.world.inn("set", guest, "--start-order", "7").returncode == 0
    expect(page.get_by_text("Somebody else changed web1 meanwhile")).to_be_visible()
    page.get_by_role("button", name="Save …").click()  # not over it
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Compare with what is there now").click()
    taken_back = page.get_by_role("button", name="Take back")
    expect(taken_back).to_have_count(2)
    taken_back.first.click()  # mine knows nothing of the order: theirs stays
    expect(taken_back).to_have_count(1)
    page.get_by_role("button", name="Save …").click()
    page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Its document: at the next start")).to_be_visible()
    after = document(server, guest)
    assert "<on_crash>restart</on_crash>" in after
    assert server.world.inn_json("show", guest)["start_order"] == 7


def test_backed_up_checked_restored_and_removed(server: Server, page: Page, guest: str) -> None:
    opened(page, server, guest, "backups")
    expect(page.get_by_text("There is no backup of it yet")).to_be_visible()
    page.get_by_role("button", name="Back up now").click()
    page.get_by_role("dialog").get_by_role("button", name="Back up").click()
    row = page.get_by_role("grid", name="Backups").get_by_role("row").nth(1)
    expect(row).to_contain_text("Running")
    row.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Check that it can be read").click()
    expect(page.get_by_text("all checksums are right")).to_be_visible()
    row.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Restore").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("In its place").check()
    expect(dialog.get_by_role("button", name="Restore")).to_have_attribute("aria-disabled", "true")  # it runs
    dialog.get_by_label("As another guest beside it").check()
    dialog.get_by_label("Name of the new guest").fill("web2")
    dialog.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("Restore backup web2: done")).to_be_visible()
    assert server.world.inn_json("show", "web2")["state"] == "stopped"
    row.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Remove").click()
    expect(page.get_by_role("dialog")).to_contain_text("There is no way back.")
    page.get_by_role("dialog").get_by_role("button", name="Remove the backup").click()
    expect(page.get_by_text("There is no backup of it yet")).to_be_visible()


def test_history_and_log(server: Server, page: Page, guest: str) -> None:
    opened(page, server, guest, "history")
    done = page.get_by_role("grid", name="What was done to it").get_by_role("row")
    expect(done.filter(has_text="Edit XML of").first).to_contain_text("Done")
    log = page.get_by_role("region", name="Serial port")
    expect(log).to_contain_text("innkeeper-tiny: user space")
    page.get_by_role("button", name="QEMU", exact=True).click()
    expect(page.get_by_role("region", name="QEMU")).to_contain_text("starting up libvirt version")


def test_charts_say_what_they_draw(server: Server, page: Page, guest: str) -> None:
    count = 120
    samples = {
        name: [None] * (count - 4) + [0, 0, 0, 0] for name in ("disk_read", "disk_write", "net_rx", "net_tx")
    }
    samples |= {
        "cpu": [None] * (count - 4) + [10, 90, 25, 50],
        "memory": [None] * (count - 4) + [64 * MIB] * 4,
    }

    def answer(route: Route) -> None:
        route.fulfill(
            content_type="application/json", body=json.dumps({"begins": 1790000000, "step": 30, **samples})
        )

    page.route("**/samples?*", answer)
    opened(page, server, guest, "metrics")
    cpu = page.get_by_role("img", name=re.compile("^CPU. CPU: 50% now, 90% at most"))
    expect(cpu).to_be_visible()
    pixels = "c.getContext('2d').getImageData(0, 0, c.width, c.height).data"
    drawn = f"at => {{ const c = at.querySelector('canvas'); return new Set({pixels}).size }}"
    assert cpu.evaluate(drawn) > 3
    figure = page.get_by_role("figure").filter(has_text="CPU").first
    cpu.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(figure).to_contain_text("90%")
    page.keyboard.press("Escape")
    expect(figure).to_contain_text("50%")
    expect(page.get_by_role("img", name=re.compile("Memory: 64 MiB now"))).to_be_visible()


def test_one_that_is_not_there_and_a_phone(server: Server, browser: Browser, guest: str) -> None:
    with visit(browser, server.fresh_link(), size=PHONE) as page:
        page.get_by_role("banner").first.wait_for()
        page.goto(f"{server.url}/guests/nobody")
        expect(page.get_by_role("heading", name="There is no guest nobody")).to_be_visible()
        expect(page.get_by_role("link", name="Look into the bin")).to_be_visible()
        for tab in ("", "metrics", "hardware", "xml", "history", "backups", "notes"):
            opened(page, server, guest, tab)
            page.get_by_role("tabpanel").wait_for()
            expect(page.get_by_role("tab", selected=True)).to_be_in_viewport()
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], tab
