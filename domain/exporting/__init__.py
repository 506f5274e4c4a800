"""Exports: what can be exported, as what, and how a row is written. Pure rules."""
