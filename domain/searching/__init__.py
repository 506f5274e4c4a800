"""Searching: the words of texts, and how what a person types is read."""
