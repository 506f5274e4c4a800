"""A carrier for development and tests: Twilio's wire on one side, phones on the other."""
