"""Everything about a number: shown as counts, exported, and erased on request."""
