"""REST, events and consoles on one port. What touches the host is behind `keeper`; all else here is the web side."""
