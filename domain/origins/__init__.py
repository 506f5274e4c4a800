"""How conversations begin besides a plain text, and what is known of it."""
