"""What a command says when the database or Temporal did not answer it."""

from database.away import is_cut_short


def sentence_for(error: BaseException, who: str = "The database or Temporal") -> str:
    """Return why a command cannot look; `who` it asked."""
    if is_cut_short(error):
        return "The database took too long over this. Try again in a moment."
    return f"{who} cannot be reached."
