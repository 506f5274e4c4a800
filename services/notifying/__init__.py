"""Automated texts to consumers: to one, and to many."""
