"""What a restored database says of the time that it has lost."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy import text as sql

from database.engine import Sessions
from database.queries.events import NewEvent, append
from database.restored import STATEMENTS
from database.tables import Restore
from domain.conversation.kinds import EventKind
from tests.fixtures.brand import Brand
from tests.fixtures.clocks import OFF


async def test_an_event_by_a_clock_that_was_ahead_hides_nothing_that_was_lost(
    session_factory: Sessions, brand: Brand
) -> None:
    now = datetime.now(UTC)
    async with session_factory.begin() as session:
        ahead = NewEvent(EventKind.conversation_opened, now + OFF, None, None, {})
        await append(session, brand.account_id, [ahead])
    async with session_factory.begin() as session:
        for statement in STATEMENTS:
            await session.execute(sql(statement))
    async with session_factory() as session:
        [restored] = (await session.scalars(select(Restore))).all()
    assert restored.back_to < now < restored.restored_at
