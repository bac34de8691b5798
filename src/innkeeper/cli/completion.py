"""`inn completion`: the script that a shell sources; it asks `inn` itself what may follow."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from innkeeper.cli.framework import Argument, command
from innkeeper.cli.types import Choice

if TYPE_CHECKING:
    from innkeeper.cli.session import Session

__all__ = ["completion"]


@command("completion", Argument(["shell"], type=Choice("bash", "zsh", "fish")), planned=False)
def completion(_session: Session, shell: str) -> None:
    """Click's own template, filled in; its `source()` would start a shell to look at its version."""
    from click.shell_completion import get_completion_class

    from innkeeper.cli.tree import COMPLETE, root

    kind = get_completion_class(shell)
    assert kind is not None, shell
    asker = kind(root, {}, "inn", COMPLETE)
    sys.stdout.write(asker.source_template % asker.source_vars())
