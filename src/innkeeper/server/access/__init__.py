"""Who asks: links, sessions, tokens, and what a request must look like to be believed."""
