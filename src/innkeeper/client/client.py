"""A server, as a transport of verbs: a request becomes a route, an answer the verb's view, a problem the error."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from urllib.parse import quote, urlencode

import msgspec

from innkeeper import messages
from innkeeper.client.line import PATIENCE, Answer, Line, Lost
from innkeeper.client.problems import of_answer
from innkeeper.errors import InnkeeperError, OutcomeUnknown
from innkeeper.routes import API, ROUTES, Route

if TYPE_CHECKING:
    from innkeeper.operation import Reporter
    from innkeeper.verbs import Plan, Verb

__all__ = ["Client", "path_of"]

V = TypeVar("V")

_OWN_WAY = {
    "guest.console": "innkeeper.client.console:perform",
    "guest.cp": "innkeeper.client.copying:perform",
    "guest.exec": "innkeeper.client.commands:perform",
    "guest.export": "innkeeper.client.exports:perform",
    "guest.ssh": "innkeeper.client.ways:ssh",
    "guest.ssh_config": "innkeeper.client.ways:config",
    "volume.download": "innkeeper.client.volumes:perform",
}
"""verb → what performs it where more than a request and its answer has to travel: files, streams"""

_PLANNED = {
    "guest.cp": "innkeeper.client.copying:planned",
    "guest.export": "innkeeper.client.exports:planned",
    "volume.download": "innkeeper.client.volumes:planned",
}
"""… and what plans it"""

_STAGED = ("guest.create", "image.import", "volume.upload")
"""verbs that may name files of this computer"""

_LONG = 24 * 3600.0
"""Seconds that an answer may take where the server answers at the verb's end: it says so sooner if it can."""


class Client:
    """Verbs take it where they take a Host. Its methods may be called from several threads.

    `ca` is a file with certificates of authorities, `fingerprint` the SHA-256 of the server's own certificate, which is
    then believed without any. Nothing is sent before the first verb. Raises `Invalid("client.url")`,
    `Denied("client.plain")`.
    """

    def __init__(
        self, url: str, token: str | None = None, *, ca: str | None = None, fingerprint: str | None = None
    ) -> None:
        if fingerprint is not None:
            from innkeeper.client.certificates import plain

            fingerprint = plain(fingerprint)
        headers = {
            "Accept": "application/json, application/problem+json;q=0.9",
            "Accept-Language": messages.language_of_user(),
            "User-Agent": "innkeeper",
        }
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self.line = Line(url, headers, ca=ca, fingerprint=fingerprint)

    @property
    def uri(self) -> str:
        """The server's URL."""
        return self.line.url

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Drop the connections; what is under way on the server goes on."""
        self.line.close()

    def perform(
        self,
        verb: Verb[Any, V],
        request: Any,
        report: Reporter | None = None,
        on_plan: Callable[[Plan], None] | None = None,
    ) -> V:
        """Have the server do it, and wait for its end. `report` gets its progress.

        Raises what the verb raises there; `OutcomeUnknown` when the server is lost meanwhile.
        """
        if verb.name in _STAGED:
            return self._performed_staged(verb, request, report, on_plan)
        if on_plan:
            on_plan(self.planned(verb, request))
        if verb.name in _OWN_WAY:
            module, _, function = _OWN_WAY[verb.name].partition(":")
            return cast("V", getattr(import_module(module), function)(self, verb, request, report))
        return self.ask(verb, request, report)

    def planned(self, verb: Verb[Any, Any], request: Any) -> Plan:
        """What the verb would do there, or its refusal."""
        return self._planned(verb, request).asked(verb.name, request)

    def _planned(self, verb: Verb[Any, Any], request: Any) -> Plan:
        if verb.name in _STAGED:
            from innkeeper.client import staging

            return staging.planned(self, verb, request) or self.ask_plan(verb, request)
        if verb.name in _PLANNED:
            module, _, function = _PLANNED[verb.name].partition(":")
            planned: Plan = getattr(import_module(module), function)(self, verb, request)
            return planned
        return self.ask_plan(verb, request)

    def checked(self, verb: Verb[Any, Any], request: Any) -> None:
        """Raises what the verb would be refused for now."""
        self.planned(verb, request)

    def _performed_staged(
        self,
        verb: Verb[Any, V],
        request: Any,
        report: Reporter | None,
        on_plan: Callable[[Plan], None] | None,
    ) -> V:
        """With the files that it names sent first."""
        from innkeeper.client.staging import staged

        with staged(self, verb, request, report) as there:
            if on_plan:
                on_plan(self.ask_plan(verb, there).asked(verb.name, request))
            return self.ask(verb, there, report)

    def ask(self, verb: Verb[Any, V], request: Any, report: Reporter | None = None) -> V:
        """The request as it is, to its end."""
        answer = self.send(verb, request)
        if answer.status == 202 and verb.steps:  # a retry answers with the operation that it began
            from innkeeper.client.following import follow

            answer = follow(self, verb, answer, report)
        return self.read(verb, request, answer.body)

    def ask_plan(self, verb: Verb[Any, Any], request: Any) -> Plan:
        """The plan of the request as it is."""
        from innkeeper.verbs import Plan

        plan: Plan = self.decoded(self._of(verb.name, request, {"dry_run": "true"}).body, Plan)
        return plan

    def send(self, verb: Verb[Any, Any], request: Any, query: Mapping[str, str] | None = None) -> Answer:
        """What the server says to it at first: the end of a short verb, the beginning of a long one."""
        return self._of(verb.name, request, query or {}, key=bool(verb.steps))

    def get(self, path: str, query: Mapping[str, str] | None = None, patience: float = PATIENCE) -> Answer:
        """What stands at a path below the API. Raises what the server's problem says."""
        return self.asked("GET", API + path + (f"?{urlencode(query)}" if query else ""), patience=patience)

    def asked(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        patience: float = PATIENCE,
    ) -> Answer:
        """A request of any kind; a problem is raised as the error it is."""
        answer = self.line.ask(method, path, body, headers, patience)
        if answer.status >= 400:
            raise of_answer(answer, self.uri)
        return answer

    def decoded(self, body: bytes, kind: Any) -> Any:
        """Raises `OutcomeUnknown("client.strange")` for what is no such thing."""
        try:
            return msgspec.json.decode(body, type=kind)
        except msgspec.DecodeError as error:
            raise OutcomeUnknown("client.strange", url=self.uri, reason=str(error)) from error

    def read(self, verb: Verb[Any, V], request: Any, body: bytes) -> V:
        """The verb's view: one, or several where it made several."""
        kind: Any = verb.view
        if verb.name == "image.list":
            from innkeeper.schema.image import ImageView
            from innkeeper.schema.image_offers import AvailableImages

            kind = AvailableImages if request.available else list[ImageView]
        elif body.lstrip()[:1] == b"[" and isinstance(kind, type):
            kind = list[kind]
        return cast("V", self.decoded(body, kind))

    def _of(self, name: str, request: Any, query: Mapping[str, str], key: bool = False) -> Answer:
        route = ROUTES[name]
        fields: dict[str, Any] = msgspec.to_builtins(request)
        path = API + path_of(name, route, fields)
        headers: dict[str, str] = {}
        body = None
        words = list(query.items())
        if route.has_body:
            body, headers["Content-Type"] = msgspec.json.encode(fields), "application/json"
        else:
            words += _words(fields)
        if key:
            headers["Idempotency-Key"] = _new_key()
        try:
            return self.asked(
                route.method, path + (f"?{urlencode(words)}" if words else ""), body, headers, _LONG
            )
        except Lost as error:
            if route.method != "GET":
                raise
            raise _nothing_lost(error) from error


def _nothing_lost(error: InnkeeperError) -> InnkeeperError:
    """Who only looked can look again."""
    from innkeeper.errors import Unsupported

    return Unsupported("client.unreachable", **error.facts)


def _new_key() -> str:
    import uuid

    return str(uuid.uuid4())


def path_of(name: str, route: Route, fields: dict[str, Any]) -> str:
    """The route's path with the fields that stand in it, which leave the rest. Raises what a host says to a name that
    cannot be one."""
    path = route.path
    for field in route.fields:
        value = str(fields.pop(field))
        if "/" in value or value in ("", ".", ".."):
            raise _no_such(name, field, value)
        path = path.replace(f"{{{field}}}", quote(value, safe=""))
    for field in route.fixed:
        fields.pop(field, None)
    return path


def _no_such(name: str, field: str, value: str) -> InnkeeperError:
    """No name has a slash: what a host would say to it."""
    from innkeeper.errors import Denied, NotFound

    match name.partition(".")[0]:
        case "backup":
            return Denied("client.path", path=value)
        case "operation":
            return NotFound("operation.unknown", id=value)
        case "image":
            from innkeeper.schema.names import check_name

            check_name(value, "image")
    return NotFound("guest.unknown", name=value)


def _words(fields: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Fields as a query: several values one after the other, keys as `FIELD.KEY`."""
    for name, value in fields.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{key}", _word(inner)) for key, inner in value.items())
        elif isinstance(value, list | tuple):
            yield from ((name, _word(inner)) for inner in value)
        else:
            yield name, _word(value)


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
