"""A complete small provider: all that adding one takes, besides its name in the registry."""
