"""Figures group by group, each with its one definition."""
