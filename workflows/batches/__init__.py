"""Batches: one durable workflow for each, with a child for each slice of recipients."""
