"""Who asks for what: the tools, the loop, and the analyst that needs no key."""
