"""Sends texts and replies to a Switchboard while killing and freezing its processes."""
