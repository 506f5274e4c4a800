"""The operators' room: the status of the whole installation, of no account."""
