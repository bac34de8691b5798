"""One handler for each verb, all made from the table of routes.

What only looks answers 200 with the view and its tag. A verb with steps answers 202 and its operation, or with
`Prefer: wait=SECONDS` 200 and the view, as far as it ends in that time. `?dry_run=true` answers the plan.
"""

from __future__ import annotations

import re
from typing import Any

import anyio
import anyio.to_thread
import msgspec
from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from innkeeper.errors import Invalid
from innkeeper.schema.operation import ENDED, OperationView
from innkeeper.server import etags, listing, problems
from innkeeper.server.asking import MOST, Asked, accepted, asked
from innkeeper.server.keeper import Keeper
from innkeeper.server.operations import LONGEST_WAIT, ended
from innkeeper.server.routes import API, OWN_HANDLERS, ROUTES, Route
from innkeeper.verbs import verb

__all__ = ["HANDLERS", "MEDIA", "answer_look"]

Http = Request[Any, Any, Any]

_JSON = "application/json"
MEDIA = {"guest.document": (_JSON, "application/xml"), "guest.screenshot": (_JSON, "image/png")}
"""verb → the media types of its answer, where JSON is not the only one"""
_RAW = {"guest.document": "document", "guest.screenshot": "data"}
"""verb → the field of its view that is the whole answer in the other media type"""
_SLOW = frozenset(
    {"backup.verify", "guest.exec", "guest.logs", "guest.screenshot", "guest.ssh", "guest.top", "host.check"}
)
"""Verbs without steps that may take long all the same, some as long as who asks likes."""
_SLOW_AT_ONCE = anyio.CapacityLimiter(24)
"""Threads that they take; the others are for what is quick."""
_WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?([0-9]{1,9})\"?\s*(?:$|[,;])", re.ASCII | re.IGNORECASE)
_KEY = re.compile(r"[\x21-\x7e]{1,128}", re.ASCII)


def _handler(name: str, route: Route) -> HTTPRouteHandler:
    path = API + route.path
    for field in route.fields:
        path = path.replace(f"{{{field}}}", f"{{{field}:str}}")

    async def perform(request: Http) -> Response[bytes]:
        media = accepted(request, MEDIA.get(name, (_JSON,)))
        want = await asked(request, verb(name).request, route)
        if want.dry_run:
            _refuse_words(want)
            keeper: Keeper = request.app.state.keeper
            return _json(await anyio.to_thread.run_sync(keeper.plan, name, want.request))
        if route.method == "GET":
            return await _look(request, name, want, media)
        _refuse_words(want)
        return await _change(request, name, route, want.request)

    methods = ["GET", "HEAD"] if route.method == "GET" else [route.method]
    made = HTTPRouteHandler(
        path,
        http_method=methods,  # type: ignore[arg-type]  # of six words
        status_code=200,
        name=name,
        request_max_body_size=MOST,
    )
    return made(perform)


def _refuse_words(want: Asked, allowed: tuple[str, ...] = ("dry_run",)) -> None:
    for word in want.rest:
        raise Invalid("request.parameter", field=word, choices=", ".join(allowed))


async def _look(http: Http, name: str, want: Asked, media: str) -> Response[bytes]:
    keeper: Keeper = http.app.state.keeper
    if listing.row_of(name) is not None and not getattr(want.request, "available", False):
        answered = await listing.answer(keeper, name, want)
        links = {"Link": _link(http, answered.next)} if answered.next else {}
        headers = {"X-Total-Count": str(answered.total)} | links
        return answer_look(http, answered.body, answered.tag, headers=headers)
    _refuse_words(want, (*verb(name).request.__struct_fields__, "dry_run"))
    about = etags.resource(ROUTES[name], http.path_params) if name in etags.TAGGED else None
    limiter = _SLOW_AT_ONCE if name in _SLOW else None
    view, stored = await anyio.to_thread.run_sync(keeper.look, name, want.request, about, limiter=limiter)
    body = msgspec.json.encode(view)
    if media != _JSON:
        whole = getattr(view, _RAW[name])
        body = whole.encode() if isinstance(whole, str) else whole
        media = getattr(view, "media_type", media)
    tag = etags.join(stored, body)
    return answer_look(http, body, tag, media, {"Vary": "Accept"} if name in MEDIA else {})


def answer_look(
    http: Http, body: bytes, tag: str, media: str = _JSON, headers: dict[str, str] | None = None
) -> Response[bytes]:
    """The answer with its tag, or 304 when the client has it already."""
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"} | (headers or {})
    if etags.is_known(http.headers.get("if-none-match", ""), tag):
        return Response(b"", status_code=304, headers=headers, media_type=media)
    return Response(body, headers=headers, media_type=media)


async def _change(http: Http, name: str, route: Route, request: Any) -> Response[bytes]:
    keeper: Keeper = http.app.state.keeper
    about = etags.resource(route, http.path_params)
    said = http.headers.get("if-match")
    if said is not None and about is None:
        raise Invalid("request.no_condition", method=route.method, path=http.url.path)
    condition = etags.condition(said, about)
    if not verb(name).steps:
        limiter = _SLOW_AT_ONCE if name in _SLOW else None
        ask = (name, request, http.user.name, condition)
        view = await anyio.to_thread.run_sync(keeper.perform, *ask, limiter=limiter)
        if name == "token.remove":
            http.app.state.access.forget()  # it is known no more from this moment
        return _json(view)
    key = http.headers.get("idempotency-key")
    if key is not None and not _KEY.fullmatch(key):
        raise Invalid("request.key", key=repr(key[:40]))
    who = http.user.name
    operation = await anyio.to_thread.run_sync(keeper.submit, name, request, who, key, condition)
    return await _operation(http, operation)


async def _operation(http: Http, operation: OperationView) -> Response[bytes]:
    """What became of it, when the client waits for that and it came to be; else where to follow it."""
    seconds = _wait(http)
    applied = {"Preference-Applied": f"wait={int(seconds)}"} if seconds is not None else {}
    headers = {"Location": f"{API}/operations/{operation.id}"} | applied
    if seconds is not None and operation.state not in ENDED:
        operation = await ended(http, operation.id, seconds)
    if seconds is None or operation.state not in ENDED:
        return _json(operation, 202, headers)
    if operation.problem is not None:
        return problems.answer(problems.of_operation(operation, problems.language_of(http)), headers)
    return _json(operation.result, 200, headers)


def _wait(http: Http) -> float | None:
    """Seconds of `Prefer: wait=` (RFC 7240)."""
    found = _WAIT.search(http.headers.get("prefer", "")[:1000])
    return min(float(found[1]), LONGEST_WAIT) if found else None


def _link(http: Http, after: str) -> str:
    """To the next page (RFC 8288): the same question, behind the last row."""
    from urllib.parse import urlencode

    words = [
        (name, value) for name, value in http.query_params.multi_items() if name not in ("after", "offset")
    ]
    return f'<{http.url.path}?{urlencode([*words, ("after", after)])}>; rel="next"'


def _json(view: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response[bytes]:
    headers = {"Cache-Control": "no-store"} | (headers or {})
    return Response(msgspec.json.encode(view), status_code=status, headers=headers, media_type=_JSON)


HANDLERS: list[Any] = [_handler(name, route) for name, route in ROUTES.items() if name not in OWN_HANDLERS]
