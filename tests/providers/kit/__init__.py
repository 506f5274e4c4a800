"""The kit: what every adapter must do, tested with the payloads and the simulator of each.

An adapter takes part by `tests/providers/<name>/case.py`. docs/providers.md says how.
"""
