"""What commands say when a service does not answer."""

from psycopg import OperationalError, errors

from cli.absence import sentence_for


def test_a_database_that_took_too_long_is_not_told_as_one_that_cannot_be_reached() -> None:
    slow = sentence_for(errors.QueryCanceled())
    assert slow == "The database took too long to answer. Try again in a moment."
    away = sentence_for(OperationalError("connection refused"), "The database")
    assert away == "The database cannot be reached: connection refused"
