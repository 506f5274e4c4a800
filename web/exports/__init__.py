"""Exports: their list with progress and downloads, and a form for a new one."""
