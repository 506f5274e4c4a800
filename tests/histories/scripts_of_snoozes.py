"""A scripted conversation that is put away and comes back: see `scripts.py`."""

from datetime import UTC, datetime, timedelta

from tests.fixtures.centre import Centre, eventually
from tests.histories.scripts import record
from workflows.conversation.commands import Close, EndSnooze, Reply, Snooze


async def test_snoozed_and_closed_with_a_reason(centre: Centre) -> None:
    brand = centre.brand

    async def awake() -> bool:
        return (await centre.conversation()).snoozed_at is None

    until = datetime.now(UTC) + timedelta(hours=20)
    await centre.text("hello")
    await centre.assign(brand.ann.agent_id, "Ann")
    await centre.give(Reply(key="1", actor=brand.ann, text="Hi"))
    await centre.give(Snooze(key="2", actor=brand.ann, until=until))
    await centre.text("hello?")
    await eventually(awake)
    await centre.give(Snooze(key="3", actor=brand.ann))
    await centre.give(EndSnooze(key="4", actor=brand.ann))
    reason = {"closing_reason_id": "acme-solved", "closing_reason": "Solved"}
    await centre.give(Close(key="5", actor=brand.ann, asks_rating=False, **reason))
    await centre.when("closed")
    await record(centre, "snoozed_and_closed_with_a_reason")
