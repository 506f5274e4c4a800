"""The sentences of a command that got no answer from the database or Temporal."""

from database.away import is_cut_short


def sentence_for(error: BaseException, who: str = "The database or Temporal") -> str:
    """Return why a command failed. `who`: the service that did not answer."""
    if is_cut_short(error):
        return "The database took too long to answer. Try again in a moment."
    return f"{who} cannot be reached."
