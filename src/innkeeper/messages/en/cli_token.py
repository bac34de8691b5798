"""`inn token`."""

TEXT = {
    "cli.token": "Tokens and links that let programs and browsers call the server",
    "cli.token.create": "Make a token for a program.\nIt is printed this one time; what is kept cannot be turned back into it. A viewer looks, an operator also starts, stops and uses guests, an admin does everything.",
    "cli.token.create.name": "what it is called, such as the program that it is for",
    "cli.token.create.role": "what it may: viewer, operator or admin",
    "cli.token.create.days": "days until it expires; 90 when nothing is said",
    "cli.token.create.forever": "it never expires",
    "cli.token.list": "List tokens: what they may, and when they were last used.",
    "cli.token.remove": "Remove a token: it is known no more within two seconds.",
    "cli.token.remove.name": "the token's name",
    "cli.token.link": "Make a link that lets a browser in, once, within ten minutes.\nFor a server that runs as a service, whose own link nobody sees.",
    "cli.token.never": "never",
    "cli.token.made": "Token {name}: {role}, expires {expires}. It is not shown again.",
    "cli.token.removed": "Removed token {name}.",
    "cli.column.role": "ROLE",
    "cli.column.created": "CREATED",
    "cli.column.expires": "EXPIRES",
    "cli.column.used": "LAST USED",
}
