"""The providers there are, by the names of their folders. A new one is one more name here."""

NAMES: tuple[str, ...] = ("twilio",)
