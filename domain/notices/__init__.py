"""Notices: what a person is told without looking, and how."""
