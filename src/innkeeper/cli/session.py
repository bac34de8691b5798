"""One run of `inn`: what was said on its command line, the host it speaks to, and how verbs are performed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import click

from innkeeper import messages
from innkeeper.cli.output import tell
from innkeeper.errors import Invalid, Unsupported

if TYPE_CHECKING:
    from innkeeper.client import Client
    from innkeeper.host import Host
    from innkeeper.verbs import Plan, Verb

__all__ = ["Session"]


class Session:
    """The options that all commands share, and the connection, opened when first needed."""

    def __init__(self) -> None:
        self.uri: str | None = None
        self.server: str | None = None
        self.json = False
        self.quiet = False
        self.dry_run = False
        self.explain = False
        self._host: Host | None = None
        self._client: Client | None = None
        self._plan: Plan | None = None
        self._changed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """A host that went away meanwhile cannot be closed, and need not be."""
        host, self._host = self._host, None
        if host is not None and error is None:
            host.close()
        if self._client is not None:
            self._client.close()

    @property
    def where(self) -> Host | Client:
        """Where verbs are performed: the server that is meant, else the host."""
        return self.client or self.host_here()

    @property
    def client(self) -> Client | None:
        """The server of `--server` or of the settings; where nothing names a host, the one signed in to last."""
        if self._client is None and (url := self._server()):
            from innkeeper.client.servers import client_of

            self._client = client_of(url)
        return self._client

    def _server(self) -> str | None:
        if self.uri:
            if self.server:
                raise Invalid("request.together", first="--connect", second="--server")
            return None
        from innkeeper import config

        named = self.server or config.get("server")
        if named or self._was_named() or not config.is_signed_in():
            return named
        from innkeeper.client import servers

        return servers.read().current

    @property
    def host(self) -> Host:
        """The host, for what no server does. Raises `Unsupported("client.host_needed")` where a server is meant."""
        if self.client is not None:
            ctx = click.get_current_context(silent=True)
            raise Unsupported("client.host_needed", what=ctx.command_path if ctx else "inn")
        return self.host_here()

    def host_here(self) -> Host:
        """The host of `--connect`, or the one that Innkeeper chooses; an automatic session is said."""
        if self._host is None:
            from innkeeper.host import Host, choose_uri

            uri = self.uri or choose_uri()
            if uri == "qemu:///session" and not self._was_named() and not self.quiet:
                tell(messages.text("cli.session_chosen"))
            self._host = Host(uri)
        return self._host

    def _was_named(self) -> bool:
        from innkeeper import config

        return bool(self.uri or os.environ.get("LIBVIRT_DEFAULT_URI") or config.get("uri"))

    def look(self, name: str, /, **fields: Any) -> Any:
        """Perform a verb that only looks; with `--dry-run` show how it would, and leave. Fields that are None are left
        to their defaults."""
        verb, request = _request(name, fields)
        if self.dry_run:
            self._show_planned(verb, request)
            raise click.exceptions.Exit(0)
        return verb.perform(self.where, request, on_plan=self._keep_plan if self.explain else None)

    def change(self, name: str, /, **fields: Any) -> Any:
        """Perform a changing verb with its progress on stderr; with `--dry-run` only show what it would do.

        Returns the view, or None after a dry run.
        """
        from innkeeper.cli.progress import watch

        verb, request = _request(name, fields)
        if self.dry_run:
            self._show_planned(verb, request)
            return None
        self._changed = True
        with watch(quiet=self.quiet or (self.json and not sys.stderr.isatty())) as report:
            return verb.perform(self.where, request, report, self._keep_plan if self.explain else None)

    def _show_planned(self, verb: Verb[Any, Any], request: Any) -> None:
        from innkeeper.cli import planning

        planning.show(verb.planned(self.where, request), self, everything=self.explain)

    def _keep_plan(self, plan: Plan) -> None:
        self._plan = plan

    def explain_now(self) -> None:
        """Tell what `--explain` owes where no view is printed: to stderr, since the output is the guest's."""
        if self._plan is not None:
            for line in self._plan.commands:
                tell(line)
            self._plan = None

    def check(self, name: str, /, **fields: Any) -> None:
        """Refuse now what would be refused later: before a question is asked."""
        verb, request = _request(name, fields)
        self.where.checked(verb, request)

    def answer(self, view: Any, draw: Callable[[Any], None]) -> None:
        """Print a view: as JSON when asked, else drawn; then what `--explain` owes. None prints nothing, and `--quiet`
        nothing of what was changed."""
        if view is None:
            return
        if self.json:
            from innkeeper.schema.base import to_json

            told = {"result": view, "plan": self._plan} if self._plan else view
            sys.stdout.write(to_json(told).decode() + "\n")
            return
        if not (self.quiet and self._changed):
            draw(view)
        if self._plan is not None:
            from innkeeper.cli import planning

            planning.show(self._plan, self, everything=True)


def _request(name: str, fields: dict[str, Any]) -> tuple[Verb[Any, Any], Any]:
    from innkeeper.schema.base import build
    from innkeeper.verbs import verb

    found = verb(name)
    return found, build(found.request, {key: value for key, value in fields.items() if value is not None})
