"""Typing on a guest's keyboard: keys by name, and text."""

from __future__ import annotations

import shlex
import time
from typing import TYPE_CHECKING, NamedTuple

from innkeeper.errors import Conflict, Failed, Invalid, Refused, Unsupported
from innkeeper.guest.naming import find
from innkeeper.guest.screen import key_codes, layouts
from innkeeper.libvirtxml import Domain
from innkeeper.schema.guest_screen import GuestPaste, GuestSendKeys, KeysSent, Pasted
from innkeeper.verbs import Plan, Verb
from innkeeper.virt import screen

if TYPE_CHECKING:
    from innkeeper.host import Host
    from innkeeper.operation import Operation
    from innkeeper.virt import domains

__all__ = ["VERBS"]

_HEARS = ("running", "sleeping")
"""QEMU drops what is typed on a guest that is suspended (ui/input.c)."""
_PC = ("i686", "x86_64")


class _Sent(NamedTuple):
    domain: domains.Domain
    chords: list[list[int]]


class _Text(NamedTuple):
    domain: domains.Domain
    strokes: list[tuple[tuple[int, ...], ...]]
    """character by character"""


def _typable(host: Host, name: str) -> domains.Domain:
    """The guest, when it runs and has a keyboard."""
    domain = find(host, name)
    if not domain.active:
        raise Conflict("guest.not_running", name=domain.name)
    if domain.state not in _HEARS:
        raise Conflict("guest.keys_unheard", name=domain.name, state=domain.state)
    document = Domain.from_xml(domain.xml(live=True))
    built_in = document.os.arch in _PC and document.features.ps2 is not False
    if not built_in and not any(device.type == "keyboard" for device in document.devices.inputs):
        raise Unsupported("guest.no_keyboard", name=domain.name)
    return domain


def _check_keys(host: Host, request: GuestSendKeys) -> _Sent:
    chords = [key_codes.chord(keys, request.codeset) for keys in request.keys]
    return _Sent(_typable(host, request.name), chords)


def _send_keys(_host: Host, request: GuestSendKeys, operation: Operation) -> KeysSent:
    sent: _Sent = operation.decided
    for codes in sent.chords:
        _press(sent.domain, codes, request.hold, request.codeset)
    named = (tuple(key_codes.canonical(code, request.codeset) for code in codes) for codes in sent.chords)
    return KeysSent(name=sent.domain.name, keys=tuple(named))


def _press(domain: domains.Domain, codes: list[int], hold: int, codeset: str = "linux") -> None:
    """And wait until QEMU has done it: it holds 1,024 events at most and drops what comes above (ui/input.c)."""
    screen.send_key(domain, codes, hold, codeset)
    time.sleep(_seconds(codes, hold))


def _seconds(codes: list[int] | tuple[int, ...], hold: int) -> float:
    """What QEMU takes for it: a pause behind each press and each release."""
    return 2 * len(codes) * hold / 1000


def _check_paste(host: Host, request: GuestPaste) -> _Text:
    wrong = layouts.untypable(request.text, request.layout)
    if wrong:
        shown = " ".join(map(_named, wrong[:10]))
        others = layouts.layouts_for(request.text)
        if others:
            raise Invalid(
                "guest.untypable_here", characters=shown, layout=request.layout, layouts=", ".join(others)
            )
        raise Invalid("guest.untypable", characters=shown, layout=request.layout)
    strokes = [pressed for _character, pressed in layouts.keystrokes(request.text, request.layout)]
    return _Text(_typable(host, request.name), strokes)


def _named(character: str) -> str:
    return character if character.isprintable() else f"U+{ord(character):04X}"


def _paste(_host: Host, request: GuestPaste, operation: Operation) -> Pasted:
    text: _Text = operation.decided
    typed, total = 0, len(text.strokes)
    with operation.step("type"):
        try:
            for pressed in text.strokes:
                operation.check_cancel()
                operation.progress("guest.progress.typing", typed / total, typed=typed, total=total)
                for codes in pressed:
                    _press(text.domain, list(codes), request.hold)
                typed += 1
        except (Refused, Failed, KeyboardInterrupt) as error:
            why = str(error) or "^C"
            facts = {"typed": typed, "total": total, "reason": why}
            raise Failed("guest.paste_broken", name=text.domain.name, **facts) from error
    return Pasted(name=text.domain.name, characters=total, layout=request.layout)


def _plan_keys(_host: Host, request: GuestSendKeys, sent: _Sent) -> Plan:
    return Plan(
        [f"press {' '.join(request.keys)} on {sent.domain.name}"],
        {},
        [_virsh(sent.domain.name, codes, request.hold, request.codeset) for codes in sent.chords],
    )


def _plan_paste(_host: Host, request: GuestPaste, text: _Text) -> Plan:
    """What is typed is told only when it is no secret."""
    summary = [f"type {len(text.strokes)} characters on {text.domain.name} (keyboard {request.layout})"]
    if request.secret:
        return Plan(summary, {}, [])
    strokes = [codes for pressed in text.strokes for codes in pressed]
    return Plan(summary, {}, [_virsh(text.domain.name, list(codes), request.hold) for codes in strokes])


def _virsh(name: str, codes: list[int], hold: int, codeset: str = "linux") -> str:
    """With the pause that lets QEMU keep up."""
    keys = [key_codes.canonical(code, codeset) for code in codes]
    command = ["virsh", "send-key", name, "--codeset", codeset, "--holdtime", str(hold), *keys]
    return f"{shlex.join(command)} && sleep {_seconds(codes, hold):g}"


VERBS = {
    "guest.send_keys": Verb(
        "guest.send_keys", GuestSendKeys, KeysSent, _check_keys, _send_keys, plan=_plan_keys
    ),
    "guest.paste": Verb(
        "guest.paste", GuestPaste, Pasted, _check_paste, _paste, steps=("type",), plan=_plan_paste
    ),
}
