"""The host's packet filter as a packet meets it: rules read from the kernel, and walked with packets of guests."""
