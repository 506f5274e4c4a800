"""Keeps the catalogues of the interface: `python -m tests.catalogues`."""
