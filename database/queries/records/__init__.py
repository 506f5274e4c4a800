"""Records of conversations: written by their follower, found by any of their filters."""
