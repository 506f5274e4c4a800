"""Exports: their rows, what they read, and what they leave in the media store."""
