"""Read models for finding conversations and for figures, written by a follower of events."""
