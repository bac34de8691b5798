"""Network: what verbs of several nouns use of it."""
