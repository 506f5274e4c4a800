"""All conversations there ever were: found, counted, and kept as views."""
