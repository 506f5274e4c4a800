"""The names of all providers, which are the names of their folders. Add a new provider here."""

NAMES: tuple[str, ...] = ("twilio", "telnyx", "openmarket")
