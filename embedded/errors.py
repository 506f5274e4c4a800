"""The error of `switchboard up`, for the person at the terminal."""


class EmbeddedError(Exception):
    """A part could not start or continue. The text is one sentence that says what to do."""
