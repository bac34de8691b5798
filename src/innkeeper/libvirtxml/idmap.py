"""`<idmap>`: users and groups of a container, or of a shared directory, as others of the host."""

from __future__ import annotations

from innkeeper.libvirtxml.children import Children
from innkeeper.libvirtxml.element import View
from innkeeper.libvirtxml.values import Integer


class IdRange(View):
    """`count` numbers from `start` inside are those from `target` of the host."""

    TAG = "uid"
    start = Integer("@start", least=0)
    target = Integer("@target", least=0)
    count = Integer("@count", least=0)


class GroupIdRange(IdRange):
    """The same of groups."""

    TAG = "gid"


class IdMap(View):
    """The ranges of users and of groups."""

    TAG = "idmap"
    users = Children("uid", IdRange)
    groups = Children("gid", GroupIdRange)
