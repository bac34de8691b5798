"""Everything that can go wrong, in one tree.

    InnkeeperError
    ├── Refused                 nothing changed             exit 2
    │   ├── Invalid             the request makes no sense    HTTP 400
    │   ├── Denied              not allowed                   HTTP 403
    │   ├── NotFound            what it names is not there    HTTP 404
    │   ├── Conflict            what it names is in the way   HTTP 409
    │   ├── Busy                somebody else is at it        HTTP 423
    │   └── Unsupported         this host cannot do it        HTTP 422
    ├── Failed                  began, and was undone       exit 1, HTTP 500
    ├── OutcomeUnknown          nobody answered             exit 3, HTTP 502
    └── WaitTimeout             done, but the wait ran out  exit 4, HTTP 504

An error is a code (`guest.exists`) and facts (`name="web1"`); its words are in `innkeeper.messages`, one line that says
what happened (`guest.exists`) and one that says what to do (`guest.exists.remedy`).
"""

from __future__ import annotations

from innkeeper import messages

__all__ = [
    "Busy",
    "Conflict",
    "Denied",
    "Failed",
    "InnkeeperError",
    "Invalid",
    "NotFound",
    "OutcomeUnknown",
    "Refused",
    "Unsupported",
    "WaitTimeout",
]

_LONGEST = 400
"""Characters of a fact that are shown."""


class InnkeeperError(Exception):
    """Base of all errors that Innkeeper raises on purpose.

    `code` is stable and dotted; `facts` are the values its text names. `str()` is the English text, `text()` and
    `remedy()` speak the given language, or the user's when none is given.
    """

    outcome = "failed"
    exit_code = 1
    http_status = 500

    def __init__(self, code: str, /, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
        self.undone: list[str] = []
        self.left: list[str] = []

    def text(self, language: str | None = None) -> str:
        return messages.text(self.code, language, **self._shown())

    def remedy(self, language: str | None = None) -> str:
        return messages.text(f"{self.code}.remedy", language, **self._shown())

    def _shown(self) -> dict[str, object]:
        """The facts as they are read: what a user handed in may be of any length."""
        return {name: _cut(fact) if isinstance(fact, str) else fact for name, fact in self.facts.items()}

    def __str__(self) -> str:
        return self.text("en")


class Refused(InnkeeperError):
    """Refused before anything was touched."""

    outcome = "refused"
    exit_code = 2
    http_status = 400


class Invalid(Refused):
    """The request makes no sense as it stands."""


class Denied(Refused):
    """The asker may not do this."""

    http_status = 403


class NotFound(Refused):
    """What the request names does not exist."""

    http_status = 404


class Conflict(Refused):
    """What is there is in the way."""

    http_status = 409


class Busy(Refused):
    """Another operation holds what the request needs."""

    http_status = 423


class Unsupported(Refused):
    """This host, hypervisor or image cannot do it."""

    http_status = 422


class Failed(InnkeeperError):
    """It began and did not end well; `undone` and `left` say what became of what was made."""


class OutcomeUnknown(InnkeeperError):
    """The host stopped answering; whether it was done is not known."""

    outcome = "unknown"
    exit_code = 3
    http_status = 502


class WaitTimeout(InnkeeperError):
    """It was done, but what was waited for did not come in time; nothing is undone."""

    outcome = "timeout"
    exit_code = 4
    http_status = 504


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"
