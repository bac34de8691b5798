"""The description of REST."""

TEXT = {
    "rest.title": "Innkeeper: REST",
    "rest.page": "All that can be asked of this server. PATH describes it for programs (OpenAPI 3.1).",
    "rest.reference": "Made from the server's own description of its API, /api/openapi.json; the field descriptions are the source's.",
    "rest.about.units": "Sizes are in bytes, times are Unix seconds. A guest's {name} in a path is its name or its UUID.",
    "rest.about.problems": "Every refusal and failure is a problem document (RFC 9457) with a stable `code`, a `remedy`, and an `outcome` that says whether anything changed: `refused`, `failed`, `unknown` or `timeout`.",
    "rest.about.long": "Long verbs answer 202 with an operation and its `Location`. Follow it there, in its `/log`, or by the events; or say `Prefer: wait=SECONDS`, and its result is the answer if it ends in that time. `?dry_run=true` answers what any verb would do, and touches nothing.",
    "rest.about.lists": "Lists are plain arrays; `X-Total-Count` says how many rows there are, `Link` with `rel=\"next\"` leads to the next page. Fields of a row filter: `state=running`, said again for any of several; `state!=running`; `name~=web` for a part of a text; `memory>=1073741824` and `<=`; `labels.env=prod` for a field with keys; `title=` for what has none.",
    "rest.about.tags": "`If-None-Match` saves sending what is as it was. With `If-Match` a change is refused (412) when the guest, image or backup is not as it was when you looked.",
    "rest.about.keys": "`Idempotency-Key` goes with what makes an operation: the same key with the same request is the same operation, for as long as that is remembered (30 days); with another request it is refused (422).",
    "rest.about.files": "No path of the host is taken: where a field names a file it takes `upload:ID` of an upload, or POOL/VOLUME; a result that is a file is `download:ID`.",
    "rest.reference.parameter": "parameter",
    "rest.reference.field": "field of the body",
    "rest.reference.type": "type",
    "rest.reference.meaning": "meaning",
    "rest.reference.answers": "Answers: {answers}",
    "rest.reference.example": "Example:",
    "rest.reference.list": "`limit`, `offset`, `after`, `sort`, `fields`, and each field of a row",
    "rest.reference.headers": "Headers: {headers}",
}
