"""A bot's record: what it did, and when it is paused and asked again."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from database.engine import Sessions
from database.queries import bots
from database.queries.bots import BotOutcome
from database.tables import BotRecord, Event
from domain.bots.health import FAILURES_IN_A_ROW, PAUSE
from domain.bots.kinds import BotProblem
from tests.fixtures.bots import served_by_bot
from tests.fixtures.brand import Brand

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


async def test_failures_in_a_row_pause_a_bot_once_and_an_answer_resumes_it(
    session_factory: Sessions, brand: Brand
) -> None:
    bot_id = await served_by_bot(session_factory, brand, None)

    async def happens(problem: BotProblem | None, minutes: int) -> BotRecord:
        outcome = BotOutcome(brand.account_id, bot_id, problem, NOON + timedelta(minutes=minutes))
        async with session_factory.begin() as session:
            await bots.count(session, outcome)
            return await session.get_one(BotRecord, bot_id)

    for minute in range(FAILURES_IN_A_ROW):
        await happens(BotProblem.asked, minute)  # no failure: it did what it should
        record = await happens(BotProblem.late, minute)
    assert record.paused_until == NOON + timedelta(minutes=FAILURES_IN_A_ROW - 1) + PAUSE
    record = await happens(BotProblem.paused, 6)
    assert record.failures == FAILURES_IN_A_ROW
    record = await happens(None, 20)
    assert (record.failures, record.paused_until, record.answered) == (0, None, 1)
    async with session_factory() as session:
        kinds = await session.scalars(select(Event.kind).order_by(Event.id))
    assert list(kinds) == ["bot_paused", "bot_resumed"]
