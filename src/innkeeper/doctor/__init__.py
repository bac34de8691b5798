"""Is this host ready? Each finding is looked for, explained and, where it can be, repaired."""
