"""What is refused before any verb is asked: by the number of HTTP's status."""

TEXT = {
    "http.400": "the request is malformed: {detail}",
    "http.400.remedy": "see the description of the API at /api/openapi.json",
    "http.401": "who asks is not known: {detail}",
    "http.401.remedy": "sign in, or send a token: Authorization: Bearer TOKEN",
    "http.403": "not allowed: {detail}",
    "http.403.remedy": "ask whoever runs this server for the right to do it",
    "http.404": "there is nothing at {path}",
    "http.404.remedy": "see what there is: /api",
    "http.405": "{path} cannot be asked by {method}",
    "http.405.remedy": "the answer's header Allow names what can",
    "http.406": "none of what the header Accept takes can be had here",
    "http.406.remedy": "accept one of: {detail}",
    "http.413": "the body of the request is too large",
    "http.413.remedy": "send 4 MiB of JSON at most; files go by upload",
    "http.415": "a body of that media type is not understood here",
    "http.415.remedy": "send JSON, with the header Content-Type: application/json",
    "http.429": "too many requests",
    "http.429.remedy": "wait for as long as the answer's header Retry-After says",
}
