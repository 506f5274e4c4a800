"""How far a search looks before it asks an index."""

RECENT = 2_000
"""The newest conversations among which a common number or name is found. Ours: what fewer than one
in a hundred of them have is looked up.
"""
