"""The SQLSTATE of an error tells whether PostgreSQL is away, gave up, or we erred."""

from collections.abc import Awaitable, Callable

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import exc, text

from database.away import NOT_DONE, is_away, is_cut_short, state_of
from database.engine import Sessions

Question = Callable[[Sessions, str], Awaitable[object]]


async def ask(sessions: Sessions, statement: str) -> object:
    async with sessions.begin() as session:
        return await session.execute(text(statement))


async def ask_directly(sessions: Sessions, statement: str) -> object:
    return await sessions.direct.fetch_one(statement.encode(), {})


both_ways = pytest.mark.parametrize("question", [ask, ask_directly])

RAISED = "DO $$ BEGIN RAISE EXCEPTION 'as told' USING ERRCODE = '{state}'; END $$"
STATES = ("08006", "25006", "53100", "53300", "57P01", "57P02", "57P03", "58030")
CUT_SHORT = ("40001", "40P01", "55P03", "57014")
MISTAKES = ("22012", "42P01", "54001", "XX000", "25P02", "P0001")


async def failure(sessions: Sessions, question: Question, statement: str) -> Exception:
    with pytest.raises((psycopg.Error, exc.DBAPIError)) as caught:
        await question(sessions, statement)
    return caught.value


@both_ways
async def test_a_server_that_accepts_no_work_is_away(
    session_factory: Sessions, question: Question
) -> None:
    for state in STATES:
        error = await failure(session_factory, question, RAISED.format(state=state))
        assert (is_away(error), is_cut_short(error)) == (True, False)
        assert isinstance(error, NOT_DONE)


@both_ways
async def test_a_server_that_gives_a_statement_up_is_not_away(
    session_factory: Sessions, question: Question
) -> None:
    for state in CUT_SHORT:
        error = await failure(session_factory, question, RAISED.format(state=state))
        assert (is_away(error), is_cut_short(error)) == (False, True)
        assert isinstance(error, NOT_DONE)


@both_ways
async def test_a_mistake_of_ours_is_neither(session_factory: Sessions, question: Question) -> None:
    for state in MISTAKES:
        error = await failure(session_factory, question, RAISED.format(state=state))
        assert (is_away(error), is_cut_short(error)) == (False, False)


async def test_a_statement_that_takes_too_long_is_cut_short(session_factory: Sessions) -> None:
    async with session_factory() as session:
        await session.execute(text("SET LOCAL statement_timeout = '50ms'"))
        with pytest.raises(exc.OperationalError) as caught:
            await session.execute(text("SELECT pg_sleep(60)"))
    assert state_of(caught.value) == "57014"
    assert (is_away(caught.value), is_cut_short(caught.value)) == (False, True)


@both_ways
async def test_a_session_that_was_ended_is_away(
    session_factory: Sessions, question: Question
) -> None:
    ended = await failure(
        session_factory, question, "SELECT pg_terminate_backend(pg_backend_pid())"
    )
    assert is_away(ended)


def test_an_error_that_only_the_client_raises_is_away() -> None:
    lost = psycopg.OperationalError("the connection is lost")
    assert is_away(lost)
    assert is_away(exc.OperationalError("SELECT 1", {}, lost))
    assert is_away(exc.TimeoutError())
    assert not is_away(errors.UniqueViolation())
    assert not is_away(ValueError())
