"""The sentences of a command whose servers do not answer, or are not installed."""

import typer

from database.away import is_cut_short, is_read_only, reason_of
from database.server import READ_ONLY
from domain.errors import Unavailable
from embedded.presence import ABSENT, has_servers
from temporal.conversations import FailingUnknown
from temporal.namespaces import lacks_namespace
from temporal.refusals import is_forbidden, is_misunderstood

NO_LIST = "This Temporal server does not know which workflows fail: 1.30 or later does."
"""Why workflows whose tasks fail are not listed."""


def require_servers() -> None:
    """Exit with 2, and a sentence, when this installation has no servers to start."""
    if not has_servers():
        typer.echo(ABSENT, err=True)
        raise typer.Exit(2)


def sentence_for(error: BaseException, who: str = "The database or Temporal") -> str:
    """Return why a command failed. `who`: the service, if the error does not say which.

    A password is in no message of the driver or of PostgreSQL.
    """
    if is_read_only(error):
        return READ_ONLY
    if is_cut_short(error):
        return "The database took too long to answer. Try again in a moment."
    if told := _refused_by_temporal(error):
        return told
    if reason := reason_of(error):
        return f"The database cannot be reached: {reason}"
    if isinstance(error, Unavailable):
        return "Temporal cannot be reached."
    return f"{who} cannot be reached."


def _refused_by_temporal(error: BaseException) -> str | None:
    """Return why Temporal, which answered, did not do what it was asked; None: it was not that."""
    if any(lacks_namespace(one) for one in (error, error.__cause__) if one):
        return "Temporal does not have the namespace that TEMPORAL_NAMESPACE names."
    if isinstance(error, FailingUnknown):
        return NO_LIST
    if is_misunderstood(error.__cause__):
        return "This Temporal server does not know what it was asked: 1.30 or later does."
    if is_forbidden(error.__cause__):
        return "Temporal does not allow it: look at the credentials and their rights."
    return None
