"""What can go wrong on the one machine, said to the person at the terminal."""


class EmbeddedError(Exception):
    """A part could not start or go on; the text is one sentence that says what to do."""
