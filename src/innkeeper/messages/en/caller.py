"""Who may ask the server, and how."""

TEXT = {
    "caller.unknown": "the server does not know who asks",
    "caller.unknown.remedy": "send a token that is known here and has not expired (inn token create), or sign in with a link (inn token link)",
    "caller.link": "this link lets nobody in",
    "caller.link.remedy": "it works once, within ten minutes; make another: inn token link",
    "caller.role": "{name} is {role}; this needs {needed}",
    "caller.role.remedy": "ask with a token of the role {needed}: inn token create NAME --role {needed}",
    "caller.too_often": "asked too often",
    "caller.too_often.remedy": "ask again in {seconds} seconds",
    "caller.host": "the server is not called {host}",
    "caller.host.remedy": "call it by its address or localhost, or add the name to the setting server_names",
    "caller.plain": "this port speaks https, and was asked by plain http",
    "caller.plain.remedy": "ask {url}",
    "caller.origin": "a page of another site asks: {origin}",
    "caller.origin.remedy": "open the server's own page, at the address that inn serve prints",
    "caller.csrf": "a browser asks for a change without the header {header}",
    "caller.csrf.remedy": "send in it what GET /api/v1/session answers as csrf",
    "caller.no_session": "there is no session {id}",
    "caller.no_session.remedy": "see GET /api/v1/sessions for those there are",
}
