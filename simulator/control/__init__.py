"""How people and tests work the simulator."""
