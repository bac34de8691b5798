"""The server's database."""

TEXT = {
    "database.url": "the setting database is no URL of a database that can be used",
    "database.url.remedy": "give sqlite:////absolute/path.db or postgresql://user@host/name",
    "database.newer": "database {database} is of version {version}, and this Innkeeper knows versions up to {newest}",
    "database.newer.remedy": "start the newer Innkeeper that it belongs to, or name another database",
    "database.foreign": "{database} is no database of Innkeeper: {detail}",
    "database.foreign.remedy": "name another file or database in the setting database, or move that one away",
    "database.owned": "database {database} belongs to the server on {host}",
    "database.owned.remedy": "give this server a database of its own: CREATE DATABASE, and the setting database; where {host} is gone for good and this host takes its place: DELETE FROM innkeeper.owner",
    "database.unreachable": "database {database} cannot be used: {detail}",
    "database.unreachable.remedy": "see that it runs, and that the setting database and its rights are as they should be",
}
