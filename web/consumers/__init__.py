"""The page of consumers: everybody one has a conversation with, found by name or number."""
