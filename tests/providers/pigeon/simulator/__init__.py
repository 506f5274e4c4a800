"""Pigeon post within the simulated carrier."""
