"""A carrier for development and tests: the providers' wires on one side, phones on the other."""
