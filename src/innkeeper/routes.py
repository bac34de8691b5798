"""Which request is which verb: the method and path of every verb of the registry."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["API", "OWN_HANDLERS", "ROUTES", "Route"]

API = "/api/v1"
_HOST = "/hosts/local"


class Route(NamedTuple):
    """`{field}` in the path fills that field of the verb's request; `fixed` fills fields that the path stands for. The
    other fields come from the query of a GET or DELETE, and from the JSON body of the rest."""

    method: str
    path: str
    fixed: dict[str, object] = {}

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields of the request that stand in the path."""
        return tuple(re.findall(r"\{(\w+)\}", self.path))

    @property
    def has_body(self) -> bool:
        return self.method not in ("GET", "DELETE")


ROUTES = {
    "backup.create": Route("POST", "/backups"),
    "backup.list": Route("GET", "/backups"),
    "backup.remove": Route("DELETE", "/backups/{backup}"),
    "backup.restore": Route("POST", "/backups/{backup}/restore"),
    "backup.show": Route("GET", "/backups/{backup}"),
    "backup.verify": Route("POST", "/backups/{backup}/verify"),
    "guest.console": Route("POST", "/guests/{name}/console"),
    "guest.cp": Route("POST", "/guests/{name}/cp"),
    "guest.create": Route("POST", "/guests"),
    "guest.delete": Route("DELETE", "/guests/{name}"),
    "guest.document": Route("GET", "/guests/{name}/document"),
    "guest.edit": Route("PUT", "/guests/{name}/document"),
    "guest.exec": Route("POST", "/guests/{name}/exec"),
    "guest.export": Route("POST", "/guests/{name}/export"),
    "guest.forget": Route("POST", "/guests/{name}/forget"),
    "guest.list": Route("GET", "/guests"),
    "guest.logs": Route("GET", "/guests/{name}/logs"),
    "guest.paste": Route("POST", "/guests/{name}/paste"),
    "guest.protect": Route("POST", "/guests/{name}/protect"),
    "guest.purge": Route("POST", "/guests/{name}/purge"),
    "guest.reboot": Route("POST", "/guests/{name}/reboot"),
    "guest.rename": Route("POST", "/guests/{name}/rename"),
    "guest.reset": Route("POST", "/guests/{name}/reset"),
    "guest.restore": Route("POST", "/guests/{name}/restore"),
    "guest.resume": Route("POST", "/guests/{name}/resume"),
    "guest.save": Route("POST", "/guests/{name}/save"),
    "guest.screenshot": Route("GET", "/guests/{name}/screenshot"),
    "guest.send_keys": Route("POST", "/guests/{name}/keys"),
    "guest.set": Route("PATCH", "/guests/{name}"),
    "guest.show": Route("GET", "/guests/{name}"),
    "guest.ssh": Route("GET", "/guests/{name}/ssh"),
    "guest.ssh_config": Route("GET", f"{_HOST}/ssh-config"),
    "guest.start": Route("POST", "/guests/{name}/start"),
    "guest.stop": Route("POST", "/guests/{name}/stop"),
    "guest.suspend": Route("POST", "/guests/{name}/suspend"),
    "guest.top": Route("GET", f"{_HOST}/rates"),
    "guest.undelete": Route("POST", "/guests/{name}/undelete"),
    "guest.view": Route("GET", "/guests/{name}/screen"),
    "host.check": Route("GET", f"{_HOST}/findings"),
    "host.device_list": Route("GET", f"{_HOST}/devices"),
    "host.setup": Route("POST", f"{_HOST}/setup"),
    "host.show": Route("GET", _HOST),
    "host.start_guests": Route("POST", f"{_HOST}/start-guests"),
    "host.stop_guests": Route("POST", f"{_HOST}/stop-guests"),
    "host.support": Route("GET", f"{_HOST}/support"),
    "image.build": Route("POST", "/images/build"),
    "image.import": Route("POST", "/images/import"),
    "image.list": Route("GET", "/images"),
    "image.make": Route("POST", "/images/make"),
    "image.pull": Route("POST", "/images/pull"),
    "image.remove": Route("DELETE", "/images/{name}"),
    "image.show": Route("GET", "/images/{name}"),
    "network.list": Route("GET", f"{_HOST}/networks"),
    "network.show": Route("GET", f"{_HOST}/networks/{{name}}"),
    "operation.cancel": Route("POST", "/operations/{id}/cancel"),
    "operation.clean": Route("POST", "/operations/clean"),
    "operation.list": Route("GET", "/operations"),
    "operation.retry": Route("POST", "/operations/{id}/retry"),
    "operation.show": Route("GET", "/operations/{id}"),
    "pool.list": Route("GET", f"{_HOST}/pools"),
    "pool.show": Route("GET", f"{_HOST}/pools/{{name}}"),
    "schedule.create": Route("POST", "/schedules"),
    "schedule.list": Route("GET", "/schedules"),
    "schedule.remove": Route("DELETE", "/schedules/{name}"),
    "schedule.run": Route("POST", "/schedules/{name}/run"),
    "schedule.show": Route("GET", "/schedules/{name}"),
    "token.create": Route("POST", "/tokens"),
    "token.link": Route("POST", "/links"),
    "token.list": Route("GET", "/tokens"),
    "token.remove": Route("DELETE", "/tokens/{name}"),
    "volume.download": Route("GET", f"{_HOST}/pools/{{pool}}/volumes/{{name}}/content"),
    "volume.list": Route("GET", f"{_HOST}/pools/{{pool}}/volumes"),
    "volume.remove": Route("DELETE", f"{_HOST}/pools/{{pool}}/volumes/{{name}}"),
    "volume.upload": Route("POST", f"{_HOST}/pools/{{pool}}/volumes"),
}
"""verb → route, below `API`"""

OWN_HANDLERS = frozenset({"guest.console", "operation.cancel", "operation.retry", "volume.download"})
"""verbs whose route is answered by a handler of their own (`innkeeper.server`), not by the one that all share"""
