"""Consumers from a file of another system, checked first; and all consumers as a file."""
