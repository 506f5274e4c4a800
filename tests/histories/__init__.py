"""Recorded histories of conversations: what open conversations look like to newer code.

Recorded from a real server with `python -m tests.histories.record`. A recorded file is never
changed: a new behaviour gets a new recording beside the old one.
"""
