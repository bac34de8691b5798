"""Consoles over the network."""

TEXT = {
    "console.too_many": "{most} consoles are open, which is the most",
    "console.too_many.remedy": "close one",
    "console.readers": "{most} watch this console, which is the most",
    "console.readers.remedy": "wait until one of them leaves",
    "console.tickets": "{most} tickets for consoles wait to be used, which is the most",
    "console.tickets.remedy": "wait half a minute",
    "console.ticket": "no such ticket: used, too old, or somebody else's",
    "console.ticket.remedy": "ask for another one",
    "console.ended": "the console ended",
    "console.ended.remedy": "see whether the guest still runs, and open it again",
}
