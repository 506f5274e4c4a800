"""Texts that nobody tries to send are found; those that rightly wait are not taken for them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, update

from database.queries.watches import HEALED_AFTER
from database.tables import Message
from routing.watches import Watches
from tests.database.transcripts import new_message
from tests.routing.scenario import Scenario
from tests.routing.test_watches import LONG, ago, runs, watches

__all__ = ["watches"]

PHONE = "+15550123"


async def unsent(
    scenario: Scenario, since: timedelta, number: str = PHONE, /, **values: object
) -> UUID:
    """Leave a text unsent for so long; returns its conversation, whose workflow runs."""
    message = await new_message(scenario.sessions, scenario.brand, number=number)
    async with scenario.sessions.begin() as session:
        row = (await session.scalars(select(Message).where(Message.id == message))).one()
        changes = update(Message).where(Message.id == message)
        never_tried = {"written_at": ago(since), "attempted_at": None}
        await session.execute(changes.values(never_tried | values))
    assert row.conversation_id is not None
    await runs(scenario, row.conversation_id)
    return row.conversation_id


async def test_a_conversation_with_a_text_nobody_tries_to_send_looks_what_stands(
    scenario: Scenario, watches: Watches
) -> None:
    conversation = await unsent(scenario, LONG)
    await watches.repair()
    assert scenario.conversations.looked == [await scenario.workflow(conversation)]


async def test_a_text_nobody_tries_any_more_to_send_counts_as_unsent(
    scenario: Scenario, watches: Watches
) -> None:
    conversation = await unsent(scenario, 2 * LONG, attempted_at=ago(LONG))
    await watches.repair()
    assert scenario.conversations.looked == [await scenario.workflow(conversation)]


@pytest.mark.parametrize(
    ("since", "changes"),
    [
        (HEALED_AFTER / 2, {}),
        (LONG, {"status": "sending"}),
        (LONG, {"status": "delivered"}),
    ],
)
async def test_a_text_on_its_way_is_left_alone(
    scenario: Scenario, watches: Watches, since: timedelta, changes: dict[str, object]
) -> None:
    await unsent(scenario, since, **changes)
    await watches.repair()
    assert scenario.conversations.looked == []


async def test_a_text_that_was_tried_lately_is_left_alone(
    scenario: Scenario, watches: Watches
) -> None:
    await unsent(scenario, LONG, attempted_at=ago(HEALED_AFTER / 2))
    await watches.repair()
    assert scenario.conversations.looked == []


@pytest.mark.parametrize("planned", ["look_up_at", "leaves_at"])
async def test_a_text_that_waits_for_its_next_attempt_or_for_room_on_its_line_is_left_alone(
    scenario: Scenario, watches: Watches, planned: str
) -> None:
    tried = {"attempted_at": ago(LONG), planned: datetime.now(UTC) + timedelta(hours=1)}
    await unsent(scenario, 2 * LONG, **tried)
    await watches.repair()
    assert scenario.conversations.looked == []


async def test_a_text_that_waits_behind_another_is_left_alone(
    scenario: Scenario, watches: Watches
) -> None:
    await unsent(scenario, LONG)
    async with scenario.sessions.begin() as session:
        first = (await session.scalars(select(Message))).one()
        kept = {
            column: getattr(first, column)
            for column in ("account_id", "line_id", "consumer_id", "conversation_id", "author")
        }
        behind = {"id": uuid4(), "position": 2, "written_at": first.written_at}
        await session.execute(insert(Message).values(**kept, **behind, text="b", status="queued"))
        in_doubt = {"status": "unknown", "look_up_at": datetime.now(UTC)}
        await session.execute(update(Message).where(Message.id == first.id).values(**in_doubt))
    await watches.repair()
    assert scenario.conversations.looked == []
