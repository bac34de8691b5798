"""Calls from one process to another over a UNIX socket: of a fixed list, with descriptors in their answers.

The side that is called has rights that the caller has not. So what it reads is plain data, and each argument is
converted to the type that its function names, or refused; what it answers comes as Python's objects.
"""

from __future__ import annotations

import contextlib
import inspect
import logging
import os
import pickle
import socket
import struct
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from operator import attrgetter
from typing import Any, NamedTuple, get_type_hints

import msgspec

from innkeeper.errors import InnkeeperError, Invalid, OutcomeUnknown
from innkeeper.verbs import verb

__all__ = ["Called", "Caller", "Handed"]

_HEAD = struct.Struct(">IB")
"""Bytes that follow, and whether a descriptor comes with them."""
_LONGEST = 64 << 20
"""Bytes of a message that is still read."""
_HANDS = 64
"""Calls that are worked on at once; those beyond wait."""
_ANSWER, _SOCKET, _HANDED, _ERROR, _PUSHED = range(5)
_log = logging.getLogger("innkeeper.server")


class Handed(NamedTuple):
    """An answer with an open descriptor, which becomes the caller's."""

    view: Any
    descriptor: int


class Called:
    """The side that works: the methods of `target` that `names` lists (`consoles.open` is one of its `consoles`), each
    parameter typed. A parameter `request` of any type is the request of the verb that the parameter `name` says. An
    answer may be a socket, or `Handed`."""

    def __init__(self, target: object, names: Iterable[str], end: socket.socket) -> None:
        self._functions = {name: attrgetter(name)(target) for name in names}
        self._types = {name: _parameters(function) for name, function in self._functions.items()}
        self._end = _End(end)
        self._hands = ThreadPoolExecutor(_HANDS, "call")

    def serve(self) -> None:
        """Until the other side closes its end, or says what no message is."""
        while (came := self._end.receive()) is not None:
            try:
                number, name, arguments = msgspec.msgpack.decode(came.data, type=tuple[int, str, list[Any]])
            except msgspec.MsgspecError:
                _log.exception("a message that is none")
                break
            self._hands.submit(self._work, number, name, arguments)
        self._hands.shutdown(wait=False, cancel_futures=True)
        self._end.close()

    def push(self, told: Any) -> None:
        """Tell the caller something it did not ask for."""
        self._end.send(pickle.dumps((_PUSHED, 0, told)))

    def _work(self, number: int, name: str, arguments: list[Any]) -> None:
        descriptor = None
        try:
            answer = self._functions[name](**_converted(self._types[name], arguments))
            kind, answer, descriptor = _form(answer)
            told = pickle.dumps((kind, number, answer))
        except InnkeeperError as error:
            told = pickle.dumps((_ERROR, number, error))
        except Exception as error:  # the caller has to hear of it, whatever it is
            _log.exception("call %s", name)
            told = pickle.dumps((_ERROR, number, RuntimeError(f"{type(error).__name__} in {name}")))
        with contextlib.suppress(OSError):  # nobody waits for it any more
            self._end.send(told, descriptor)


class Caller:
    """The side that asks. Its methods may be called from any thread; each waits for its answer."""

    def __init__(self, end: socket.socket, on_push: Callable[[Any], None]) -> None:
        self._end = _End(end)
        self._waiting: dict[int, Future[Any]] = {}
        self._lock = threading.Lock()
        self._last = 0
        self._on_push = on_push
        self._closed = False
        threading.Thread(target=self._listen, name="answers", daemon=True).start()

    def call(self, name: str, *arguments: Any) -> Any:
        """Raises what the function raised, and `OutcomeUnknown("server.keeper_gone")` when nobody answers any more."""
        waiting: Future[Any] = Future()
        with self._lock:
            if self._closed:
                raise OutcomeUnknown("server.keeper_gone")
            self._last += 1
            number = self._last
            message = _encoded(number, name, arguments)
            self._waiting[number] = waiting
        try:
            self._end.send(message)
        except OSError as error:
            raise OutcomeUnknown("server.keeper_gone") from error
        return waiting.result()

    def close(self) -> None:
        self._end.close()

    def _listen(self) -> None:
        while (came := self._end.receive()) is not None:
            kind, number, told = pickle.loads(came.data)  # of the side that has the rights
            if kind == _PUSHED:
                self._on_push(told)
                continue
            with self._lock:
                waiting = self._waiting.pop(number)
            if kind == _ERROR:
                waiting.set_exception(told)
            elif kind != _ANSWER and came.descriptor is None:
                waiting.set_exception(OSError("no descriptor came: too many are open"))
            else:
                waiting.set_result(_formed(kind, told, came.descriptor))
        with self._lock:
            left, self._waiting, self._closed = self._waiting, {}, True
        self._end.close()
        for waiting in left.values():
            waiting.set_exception(OutcomeUnknown("server.keeper_gone"))


class _Came(NamedTuple):
    data: bytes
    descriptor: int | None


class _End:
    """An end of the socket: whole messages, one after the other."""

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._sending = threading.Lock()

    def send(self, data: bytes, descriptor: int | None = None) -> None:
        """The descriptor is closed here when it was sent, or could not be."""
        given = () if descriptor is None else (descriptor,)
        try:
            with self._sending:
                socket.send_fds(self._socket, [_HEAD.pack(len(data), len(given))], given)
                self._socket.sendall(data)
        finally:
            if descriptor is not None:
                os.close(descriptor)

    def receive(self) -> _Came | None:
        """None when the other side is gone."""
        try:
            head, given, _flags, _address = socket.recv_fds(self._socket, _HEAD.size, 1)
            head += self._exactly(_HEAD.size - len(head)) if head else b""
            length, _handed = _HEAD.unpack(head)
            if length > _LONGEST:
                return None
            return _Came(self._exactly(length), given[0] if given else None)
        except (OSError, struct.error, EOFError):
            return None

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _exactly(self, size: int) -> bytes:
        data = bytearray(size)
        rest = memoryview(data)
        while rest:
            read = self._socket.recv_into(rest)
            if not read:
                raise EOFError
            rest = rest[read:]
        return bytes(data)


def _encoded(number: int, name: str, arguments: tuple[Any, ...]) -> bytes:
    try:
        return msgspec.msgpack.encode((number, name, arguments))
    except OverflowError as error:  # a number that nothing here is as large as
        raise Invalid("request.invalid", field="request", reason=str(error)) from error


def _form(answer: Any) -> tuple[int, Any, int | None]:
    if isinstance(answer, socket.socket):
        return _SOCKET, None, answer.detach()
    if isinstance(answer, Handed):
        return _HANDED, answer.view, answer.descriptor
    return _ANSWER, answer, None


def _formed(kind: int, told: Any, descriptor: int | None) -> Any:
    if kind == _ANSWER:
        return told
    assert descriptor is not None
    return socket.socket(fileno=descriptor) if kind == _SOCKET else Handed(told, descriptor)


def _parameters(function: Callable[..., Any]) -> dict[str, Any]:
    types = get_type_hints(function)
    return {name: types[name] for name in inspect.signature(function).parameters}


def _converted(types: dict[str, Any], arguments: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for (name, kind), value in zip(types.items(), arguments, strict=False):
        wanted = verb(found["name"]).request if name == "request" and kind is Any else kind
        found[name] = msgspec.convert(value, wanted)
    return found
