"""Texts and replies against a Switchboard whose processes are killed and frozen meanwhile."""
