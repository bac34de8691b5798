"""`inn serve`."""

TEXT = {
    "cli.serve": "Serve REST, events and consoles on one port.\nThe link that it prints lets its owner in.",
    "cli.serve.address": "the address to listen on",
    "cli.serve.port": "the port; 0 takes one that is free",
    "cli.serve.ready": "Innkeeper is ready: {url}",
}
