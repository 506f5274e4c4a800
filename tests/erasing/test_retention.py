"""Old conversations lose their content, as account and skill say, and what figures need stays."""

from datetime import UTC, datetime, timedelta
from typing import cast

from sqlalchemy import select, update

from activities.retaining import forget_old
from database.engine import Sessions
from database.queries import retention
from database.tables import Account, Consumer, Conversation, Message, Skill
from domain.erasure.kinds import ERASED
from media.opening import create_store
from tests.erasing.mortal import Died, Mortal
from tests.erasing.remains import in_tables
from tests.erasing.test_erasing import NUMBER, told
from tests.fixtures.centre import Centre


async def test_what_is_older_than_its_skill_keeps_is_forgotten_once_and_the_rest_stays(
    centre: Centre,
) -> None:
    story = await told(centre)
    old, present = await story.centre.all_conversations()
    await _keeps(centre, account=30, skill=90)
    await _closed_ago(centre, old, days=60)
    assert await _would_go(centre, days=7) == 0
    assert await _would_go(centre, days=45, skill_id=centre.brand.support) == 1
    store = create_store(centre.settings.media)
    assert (await forget_old(centre.sessions, store)).total() == 0
    await _keeps(centre, account=30, skill=None)
    await _dies(centre)
    assert (await forget_old(centre.sessions, store)).total() == 0
    words = ["zebrafinch", "axolotl", "bandicoot"]
    assert await in_tables(centre.sessions, words) == {}
    assert set(await in_tables(centre.sessions, ["pangolin", "narwhal"])) >= {"message", "inbound"}
    async with centre.sessions() as session:
        rows = {one.id: one for one in await session.scalars(select(Conversation))}
        assert (rows[old.id].forgotten_at is None, rows[present.id].forgotten_at) == (False, None)
        assert rows[old.id].survey_score == 5
        kept = await session.scalars(select(Message).where(Message.conversation_id == old.id))
        assert [one.text for one in kept] == [ERASED] * old.message_count
        assert list(await session.scalars(select(Consumer.number))).count(NUMBER) == 1


async def _keeps(centre: Centre, *, account: int, skill: int | None) -> None:
    async with centre.sessions.begin() as session:
        await session.execute(update(Account).values(retention_days=account))
        support = Skill.id == centre.brand.support
        await session.execute(update(Skill).where(support).values(retention_days=skill))


async def _closed_ago(centre: Centre, row: Conversation, *, days: int) -> None:
    async with centre.sessions.begin() as session:
        at = datetime.now(UTC) - timedelta(days=days)
        change = update(Conversation).where(Conversation.id == row.id)
        await session.execute(change.values(closed_at=at))


async def _would_go(centre: Centre, *, days: int, skill_id: str | None = None) -> int:
    async with centre.sessions() as session:
        account_id = centre.brand.account_id
        now = datetime.now(UTC)
        found = await retention.would_go(session, account_id, skill_id, days, now, most=9)
        return found.counts["conversations"]


async def _dies(centre: Centre) -> None:
    """Forget with workers that die a little later each time."""
    store, lives = create_store(centre.settings.media), 0
    while True:
        lives += 1
        try:
            await forget_old(cast(Sessions, Mortal(centre.sessions, lives)), store)
        except Died:
            continue
        return
