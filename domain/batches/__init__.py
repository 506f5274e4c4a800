"""Batches: how rows of recipients are read, and what can become of each."""
