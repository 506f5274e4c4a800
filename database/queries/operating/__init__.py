"""What operators see of the whole installation: ids, counts and times, never a number or a text."""
