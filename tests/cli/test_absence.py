"""What commands say when a service does not answer."""

from psycopg import OperationalError, errors
from temporalio.service import RPCError, RPCStatusCode

from cli.absence import sentence_for
from domain.errors import Unavailable


def test_a_database_that_took_too_long_is_not_told_as_one_that_cannot_be_reached() -> None:
    slow = sentence_for(errors.QueryCanceled())
    assert slow == "The database took too long to answer. Try again in a moment."
    away = sentence_for(OperationalError("connection refused"), "The database")
    assert away == "The database cannot be reached: connection refused"


def test_a_server_that_does_not_know_or_allow_a_question_is_not_told_as_away() -> None:
    told = {}
    for status in (RPCStatusCode.UNIMPLEMENTED, RPCStatusCode.PERMISSION_DENIED):
        error = Unavailable()
        error.__cause__ = RPCError("refused", status, b"")
        told[status] = sentence_for(error, "Temporal")
    assert "does not know what it was asked" in told[RPCStatusCode.UNIMPLEMENTED]
    assert "does not allow it" in told[RPCStatusCode.PERMISSION_DENIED]
