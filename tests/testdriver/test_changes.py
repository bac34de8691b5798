"""Settings, protection, documents and power of guests, on libvirt's test driver."""

from __future__ import annotations

from typing import Any

import pytest

from innkeeper import guest
from innkeeper.errors import Conflict, Failed, Refused
from innkeeper.guest import metadata
from innkeeper.host import Host
from innkeeper.operation import journal, running
from innkeeper.verbs import verb
from innkeeper.virt import domains
from tests.testdriver.conftest import world

MIB = 1024**2


def stored(host: Host, name: str) -> str:
    return domains.lookup(host.virt, name).xml()


def test_suspend_and_resume(host: Host) -> None:
    assert guest.suspend(host, name="web1").state == "suspended"
    assert guest.resume(host, name="web1").state == "running"
    assert journal.read_all() == []


def test_save_and_wake(host: Host) -> None:
    assert guest.save(host, name="web1").state == "saved"
    assert [row.state for row in guest.list(host)] == ["stopped", "saved", "stopped"]
    woken = guest.restore(host, name="web1")
    assert woken.state == "running"
    assert not domains.lookup(host.virt, "web1").saved


def test_a_start_wakes_what_is_saved(host: Host) -> None:
    guest.save(host, name="web1")
    said: list[str] = []
    from innkeeper.schema.guest import GuestStart

    verb("guest.start").perform(host, GuestStart(name="web1"), lambda event: said.append(event.text))
    assert "guest.progress.waking" in said


def test_what_is_saved_can_be_dropped(host: Host) -> None:
    guest.save(host, name="web1")
    assert guest.restore(host, name="web1", discard=True).state == "stopped"
    assert not domains.lookup(host.virt, "web1").saved


def test_many_settings_at_once(host: Host) -> None:
    done = guest.set(
        host,
        name="web2",
        cpus=3,
        memory=96 * MIB,
        autostart=False,
        start_order=5,
        start_delay=7,
        title="Web <2>",
        notes="line one\nline & two",
        labels={"env": "prod", "team": "a=b"},
    )
    view = guest.show(host, name="web2")
    assert (view.cpus, view.max_cpus, view.memory, view.autostart) == (3, None, 96 * MIB, False)
    assert (view.title, view.notes, view.labels) == (
        "Web <2>",
        "line one\nline & two",
        {"env": "prod", "team": "a=b"},
    )
    assert (view.start_order, view.start_delay) == (5, 7)
    assert view.image == "tiny", "what else we know of it stays"
    assert {change.what for change in done.changes} == {
        *("cpus", "max_cpus", "memory", "max_memory", "autostart", "start_order", "start_delay"),
        *("title", "notes", "label env", "label team"),
    }
    assert "+  <title>Web &lt;2&gt;</title>" in done.difference
    assert guest.show(host, name="web2") == done.guest


def test_set_and_unset_leaves_nothing(host: Host) -> None:
    before = world(host)
    guest.set(host, name="a~b", title="x", notes="y", labels={"k": "v"}, start_order=1, start_delay=2)
    assert world(host) != before
    cleared = ("title", "notes", "start_order", "start_delay")
    guest.set(host, name="a~b", clear=cleared, remove_labels=("k",))
    assert world(host) == before


def test_what_is_so_already_changes_nothing(host: Host) -> None:
    before = world(host)
    done = guest.set(host, name="web2", cpus=2, autostart=True)
    assert (done.changes, done.difference) == ((), "")
    assert world(host) == before


def test_room_to_grow(host: Host) -> None:
    guest.set(host, name="web2", max_cpus=4, max_memory=256 * MIB)
    view = guest.show(host, name="web2")
    assert (view.cpus, view.max_cpus, view.memory, view.max_memory) == (2, 4, 128 * MIB, 256 * MIB)
    guest.set(host, name="web2", cpus=3, memory=200 * MIB)
    view = guest.show(host, name="web2")
    assert (view.cpus, view.max_cpus, view.memory, view.max_memory) == (3, 4, 200 * MIB, 256 * MIB)
    guest.set(host, name="web2", max_cpus=1, max_memory=64 * MIB)
    view = guest.show(host, name="web2")
    assert (view.cpus, view.max_cpus, view.memory, view.max_memory) == (1, None, 64 * MIB, None)


def redefine(host: Host, name: str, old: str, new: str) -> None:
    domain = domains.lookup(host.virt, name)
    text = domain.xml()
    assert old in text
    domain.redefine(text.replace(old, new))


def test_sockets_follow_the_number_of_processors(host: Host) -> None:
    redefine(host, "web2", "<os>", "<cpu><topology sockets='1' dies='1' cores='2' threads='1'/></cpu><os>")
    guest.set(host, name="web2", cpus=6)
    assert "sockets='3' dies='1' cores='2'" in stored(host, "web2")
    with pytest.raises(Refused) as caught:
        guest.set(host, name="web2", cpus=5)
    assert caught.value.code == "guest.topology"


def test_live_texts_of_a_running_guest(host: Host) -> None:
    guest.set(host, name="web1", title="one", labels={"a": "b"})
    view = guest.show(host, name="web1")
    assert (view.state, view.title, view.labels) == ("running", "one", {"a": "b"})
    guest.set(host, name="web1", remove_labels=("a",), clear=("title",))
    view = guest.show(host, name="web1")
    assert (view.title, view.labels) == (None, {})


def test_what_waits_for_the_next_start_is_said(host: Host) -> None:
    done = guest.set(host, name="web1", cpus=4, memory=128 * MIB)
    told = {change.what: (change.when, change.why) for change in done.changes}
    assert told["cpus"] == ("next", "guest.next.max_cpus")
    assert told["memory"] == ("next", "guest.next.max_memory")
    assert guest.show(host, name="web1").cpus == 1
    guest.stop(host, name="web1", force=True)
    assert guest.show(host, name="web1").cpus == 4


def test_an_undo_leaves_what_others_changed_since(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(journal, "discard", lambda _id: None)
        guest.set(host, name="web2", cpus=4, title="ours")
    guest.set(host, name="web2", title="theirs")
    (entry,) = journal.read_all()
    from innkeeper.operation.undo import apply_all

    assert apply_all(host, entry.undo)[1] == []
    view = guest.show(host, name="web2")
    assert (view.cpus, view.title) == (2, "theirs")
    journal.discard(entry.id)


DEEDS: dict[str, dict[str, Any]] = {
    "set": {
        "name": "web2",
        "cpus": 4,
        "memory": 64 * MIB,
        "title": "x",
        "labels": {"k": "v"},
        "autostart": False,
        "start_order": 3,
    },
    "protect": {"name": "web2"},
}
POINTS = [
    (deed, point)
    for deed in DEEDS
    for step in verb(f"guest.{deed}").steps
    for point in (step, f"{step}.done")
]


@pytest.mark.parametrize("name", ["web1", "web2"])
@pytest.mark.parametrize(("deed", "point"), POINTS)
def test_a_failure_at_any_point_leaves_no_trace(
    host: Host, monkeypatch: pytest.MonkeyPatch, deed: str, point: str, name: str
) -> None:
    """Of a guest that runs, and of one that does not."""
    before = world(host)

    def fail(at: str) -> None:
        if at == point:
            raise Failed("libvirt.failed", name=name, detail="on purpose", code=0)

    monkeypatch.setattr(running, "_stop_at", fail)
    with pytest.raises(Failed) as caught:
        verb(f"guest.{deed}")(host, **{**DEEDS[deed], "name": name})
    assert caught.value.left == []
    assert world(host) == before


def test_protection_covers_what_would_be_lost(host: Host) -> None:
    before = world(host)
    assert guest.protect(host, name="web2").protected
    for deed, fields in (("delete", {}), ("delete", {"force": True})):
        with pytest.raises(Refused) as caught:
            verb(f"guest.{deed}")(host, name="web2", **fields)
        assert caught.value.code == "guest.protected"
        assert "inn protect --off web2" in caught.value.remedy("en")
    guest.protect(host, name="web2", protected=False)
    assert world(host) == before


def test_a_guest_in_the_bin_is_kept_from_its_purge(host: Host) -> None:
    guest.delete(host, name="web2")
    guest.protect(host, name="web2")
    with pytest.raises(Refused) as caught:
        guest.purge(host, name="web2")
    assert caught.value.code == "guest.protected"


def test_the_long_list_tells_what_documents_hold(host: Host) -> None:
    guest.set(host, name="web2", labels={"env": "prod"}, title="t", start_order=2)
    guest.protect(host, name="web2")
    row = next(row for row in guest.list(host, long=True) if row.name == "web2")
    assert (row.autostart, row.protected, row.labels, row.title, row.start_order) == (
        *(True, True),
        {"env": "prod"},
        "t",
        2,
    )
    plain = next(row for row in guest.list(host) if row.name == "web2")
    assert plain.labels is None, "the short list reads no document"


def test_edit(host: Host) -> None:
    base = stored(host, "web2")
    text = base.replace("<vcpu placement='static'>2</vcpu>", "<vcpu placement='static'>3</vcpu><!-- why -->")
    done = guest.edit(host, name="web2", document=text, base=base)
    assert '-  <vcpu placement="static">2</vcpu>' in done.difference
    assert done.dropped == ("<!--why-->",)
    assert [(change.what, change.when) for change in done.changes] == [("document", "now")]
    assert guest.show(host, name="web2").cpus == 3
    assert guest.edit(host, name="web2", document=stored(host, "web2")).changes == ()


def test_passwords_survive_and_are_not_shown(host: Host) -> None:
    graphics = "<graphics type='vnc' port='5900' passwd='secret1'/>"
    redefine(host, "web2", "  <devices>", f"  <devices>{graphics}")
    base = stored(host, "web2")
    done = guest.edit(host, name="web2", document=base.replace("secret1", "secret2"), base=base)
    assert "passwd='secret2'" in stored(host, "web2")
    assert "secret" not in done.difference
    assert "another" in done.difference


def test_a_document_is_edited_elsewhere_without_its_passwords(host: Host) -> None:
    graphics = "<graphics type='vnc' port='5900' passwd='secret1'/>"
    redefine(host, "web2", "  <devices>", f"  <devices>{graphics}")
    shown = guest.document(host, name="web2")
    assert "secret1" not in shown.document
    text = shown.document.replace("</name>", "</name>\n  <title>elsewhere</title>")
    done = guest.edit(host, name="web2", document=text, base=shown.document)
    assert done.guest.title == "elsewhere"
    assert "passwd='secret1'" in stored(host, "web2")
    again = guest.document(host, name="web2").document
    guest.edit(host, name="web2", document=again.replace('passwd="********"', 'passwd="secret2"'))
    assert "passwd='secret2'" in stored(host, "web2")
    with pytest.raises(Conflict) as refused:
        guest.edit(host, name="web2", document=text, base=shown.document)
    assert refused.value.code == "guest.changed_meanwhile"


def edited(host: Host, name: str, old: str, new: str) -> dict[str, str]:
    base = stored(host, name)
    assert old in base
    return {"name": name, "document": base.replace(old, new)}


REFUSALS: list[tuple[str, dict[str, Any], str]] = [
    ("reset", {"name": "web2"}, "guest.not_running"),
    ("suspend", {"name": "web2"}, "guest.not_running"),
    ("resume", {"name": "web2"}, "guest.not_running"),
    ("resume", {"name": "web1"}, "guest.not_suspended"),
    ("save", {"name": "web2"}, "guest.not_running"),
    ("restore", {"name": "web1"}, "guest.not_saved"),
    ("restore", {"name": "web2"}, "guest.not_saved"),
    ("set", {"name": "web2"}, "guest.nothing_to_set"),
    ("set", {"name": "nobody", "cpus": 1}, "guest.unknown"),
    ("set", {"name": "web2", "cpus": 4, "max_cpus": 2}, "guest.over_most"),
    ("set", {"name": "web2", "cpus": 0}, "request.invalid"),
    ("set", {"name": "web2", "memory": 1000}, "guest.memory_small"),
    ("set", {"name": "web2", "title": "a\nb"}, "guest.text"),
    ("set", {"name": "web2", "title": "\x1b[31m"}, "guest.text"),
    ("set", {"name": "web2", "notes": "\x00"}, "guest.notes"),
    ("set", {"name": "web2", "labels": {"a b": "c"}}, "guest.label"),
    ("set", {"name": "web2", "labels": {"a": "c\n"}}, "guest.text"),
    ("set", {"name": "web2", "labels": {"a": "c"}, "remove_labels": ("a",)}, "request.together"),
    ("set", {"name": "web2", "title": "x", "clear": ("title",)}, "request.together"),
    ("set", {"name": "web2", "title": ""}, "request.empty"),
    ("set", {"name": "web2", "start_order": 0}, "request.invalid"),
    ("edit", {"name": "web2", "document": "<domain"}, "xml.malformed"),
    ("edit", {"name": "web2", "document": "<network/>"}, "xml.wrong_root"),
    ("edit", {"name": "web2", "document": "<domain><name>web2</name></domain>"}, "guest.edit_uuid"),
]


@pytest.mark.parametrize(("deed", "fields", "code"), REFUSALS)
def test_a_refusal_changes_nothing(host: Host, deed: str, fields: dict[str, Any], code: str) -> None:
    before = world(host)
    with pytest.raises(Refused) as caught:
        verb(f"guest.{deed}")(host, **fields)
    assert (caught.value.code, caught.value.exit_code) == (code, 2)
    assert caught.value.remedy("en") != f"{code}.remedy"
    assert world(host) == before


EDITS = [
    ("<name>web2</name>", "<name>web3</name>", "guest.edit_name"),
    ("00000002-0000", "00000009-0000", "guest.edit_uuid"),
    ("<os>", "<nonsense/><os>", "libvirt.xml"),
    ("<os>", "<memory>5</memory><os>", "libvirt.xml"),
]


@pytest.mark.parametrize(("old", "new", "code"), EDITS)
def test_a_refused_text_changes_nothing(host: Host, old: str, new: str, code: str) -> None:
    before = world(host)
    with pytest.raises(Refused) as caught:
        guest.edit(host, **edited(host, "web2", old, new))
    assert caught.value.code == code
    assert world(host) == before


def test_a_refused_text_is_refused_at_its_line(host: Host) -> None:
    fields = edited(host, "web2", "<os>", "<nonsense/><os>")
    with pytest.raises(Refused) as caught:
        guest.edit(host, **fields)
    line = fields["document"].partition("<nonsense/>")[0].count("\n") + 1
    assert (caught.value.facts["line"], caught.value.facts["element"]) == (line, "nonsense")


def test_a_document_that_others_changed_meanwhile_is_not_overwritten(host: Host) -> None:
    base = stored(host, "web2")
    guest.set(host, name="web2", title="theirs")
    before = world(host)
    with pytest.raises(Refused) as caught:
        guest.edit(host, name="web2", document=base.replace("hvm", "hvm"), base=base)
    assert caught.value.code == "guest.changed_meanwhile"
    assert world(host) == before


def test_disks_of_a_protected_guest_stay(host: Host) -> None:
    disk = "<disk type='file' device='disk'><source file='/d/a.img'/><target dev='vda' bus='virtio'/></disk>"
    redefine(host, "web2", "  <devices>", f"  <devices>{disk}")
    guest.protect(host, name="web2")
    with pytest.raises(Refused) as caught:
        guest.edit(host, **edited(host, "web2", "/d/a.img", "/d/b.img"))
    assert caught.value.code == "guest.protected_disks"
    assert "/d/a.img" in str(caught.value)
    guest.edit(host, **edited(host, "web2", "<vcpu placement='static'>2<", "<vcpu placement='static'>1<"))


def test_a_suspended_guest_is_not_reset_and_a_saved_one_not_resumed(host: Host) -> None:
    guest.suspend(host, name="web1")
    codes = []
    for deed in ("reset", "suspend"):
        with pytest.raises(Refused) as caught:
            verb(f"guest.{deed}")(host, name="web1")
        codes.append(caught.value.code)
    guest.resume(host, name="web1")
    guest.save(host, name="web1")
    for deed, fields in (
        *(("resume", {}), ("save", {}), ("restore", {"wait": "boot"})),
        *(("start", {"wait": "boot"}), ("restore", {"discard": True, "wait": "running"})),
    ):
        with pytest.raises(Refused) as caught:
            verb(f"guest.{deed}")(host, name="web1", **fields)
        codes.append(caught.value.code)
    assert codes == [
        *("guest.reset_suspended", "guest.suspended_already", "guest.resume_saved", "guest.saved_already"),
        *("guest.saved_no_boot", "guest.saved_no_boot", "request.together"),
    ]


def test_a_virsh_made_guest_comes_back_from_the_bin_as_it_was(host: Host) -> None:
    domains.lookup(host.virt, "a~b").autostart = True
    before = world(host)
    guest.delete(host, name="a~b")
    guest.undelete(host, name="a~b")
    assert world(host) == before
    assert metadata.of_domain(domains.lookup(host.virt, "a~b")) == metadata.Facts()
