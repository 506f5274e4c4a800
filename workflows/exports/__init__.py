"""Exports: one durable workflow for each, and one for each run of a schedule."""
