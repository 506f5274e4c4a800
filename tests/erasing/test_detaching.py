"""The moment in which a number is taken away: what stays, and what is recognised later."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError

from database.engine import Sessions, create_engine, create_sessions
from database.erasing.suppression import setting_of
from database.queries import batch_slices, erasures
from database.queries.consumers import with_phone
from database.queries.installation import suppressed
from database.tables import Batch, BatchRecipient, Consent, Consumer, Erasure, Inbound, Message
from domain.numbers.phone_numbers import phone_of
from tests.fixtures.brand import Brand
from tests.fixtures.database import SUPPRESSION_KEY

FIRST, SECOND = "+15550123", "+15550124"


async def known(sessions: Sessions, brand: Brand, number: str = FIRST) -> UUID:
    async with sessions.begin() as session:
        return (await with_phone(session, brand.account_id, phone_of(number))).id


async def change(sessions: Sessions, consumer_id: UUID, **values: object) -> None:
    async with sessions.begin() as session:
        of_them = update(Consumer).where(Consumer.id == consumer_id)
        await session.execute(of_them.values(**values))


async def row(sessions: Sessions, consumer_id: UUID) -> Consumer:
    async with sessions() as session:
        return (await session.scalars(select(Consumer).where(Consumer.id == consumer_id))).one()


async def detached(sessions: Sessions, brand: Brand, consumer_id: UUID) -> bool:
    async with sessions.begin() as session:
        erasure = Erasure(
            id=uuid4(),
            account_id=brand.account_id,
            consumer_id=consumer_id,
            consumer_ids=[str(consumer_id)],
            reason="They asked",
            status="closing",
        )
        session.add(erasure)
        return await erasures.detach(session, erasure, [consumer_id], datetime.now(UTC))


async def test_other_numbers_of_the_consumer_keep_what_is_known_and_one_another(
    session_factory: Sessions, brand: Brand
) -> None:
    kept = await known(session_factory, brand)
    others = [await known(session_factory, brand, number) for number in (SECOND, "+15550125")]
    for one in (kept, *others):
        merged = None if one == kept else kept
        await change(session_factory, one, name="Ada", merged_into_id=merged)
    assert await detached(session_factory, brand, kept)
    heir, other = [await row(session_factory, one) for one in others]
    assert (heir.merged_into_id, heir.name, heir.number) == (None, "Ada", SECOND)
    assert (other.merged_into_id, other.name) == (heir.id, "Ada")
    assert (await row(session_factory, kept)).number == "erased"


async def test_a_text_on_its_way_is_waited_for(session_factory: Sessions, brand: Brand) -> None:
    consumer_id = await known(session_factory, brand)
    text = {"id": uuid4(), "consumer_id": consumer_id, "text": "hello"}
    where = {"account_id": brand.account_id, "line_id": brand.line_id}
    source = {"connector_id": f"{brand.account_id}-twilio", "provider_message_id": "SM1"}
    async with session_factory.begin() as session:
        await session.execute(insert(Inbound).values(**text, **where, **source))
    assert not await detached(session_factory, brand, consumer_id)
    assert (await row(session_factory, consumer_id)).number == FIRST


@pytest.mark.parametrize(("provider_id", "is_waited_for"), [(None, True), ("SM1", False)])
async def test_a_text_without_a_conversation_is_waited_for_until_its_provider_has_it(
    session_factory: Sessions, brand: Brand, provider_id: str | None, *, is_waited_for: bool
) -> None:
    """Some carriers never report more of a text than that it was taken."""
    consumer_id = await known(session_factory, brand)
    text = {"id": uuid4(), "consumer_id": consumer_id, "text": "Notice", "author": "system"}
    where = {"account_id": brand.account_id, "line_id": brand.line_id}
    stands = {"written_at": datetime.now(UTC), "status": "sending"}
    taken = {"provider_message_id": provider_id}
    async with session_factory.begin() as session:
        await session.execute(insert(Message).values(**text, **where, **stands, **taken))
    assert await detached(session_factory, brand, consumer_id) is not is_waited_for


async def test_a_batch_leaves_a_number_out_that_is_to_be_erased(
    session_factory: Sessions, brand: Brand
) -> None:
    """Else its next slice would make a consumer of it anew, and text them."""
    consumer_id = await known(session_factory, brand)
    batch_id = uuid4()
    batch = {"id": batch_id, "title": "Spring", "text": "Hi", "status": "sending"}
    where = {"account_id": brand.account_id, "line_id": brand.line_id, "skill_id": brand.support}
    async with session_factory.begin() as session:
        await session.execute(insert(Batch).values(**batch, **where, look_back_seconds=60))
        for place, number in enumerate((FIRST, SECOND), 1):
            recipient = {"batch_id": batch_id, "place": place, "status": "waiting"}
            text = {"text": "Hi", "segments": 1, "forced_by": "", "zone": ""}
            named = {"phone": phone_of(number).key, "number": number}
            await session.execute(insert(BatchRecipient).values(**recipient, **text, **named))
    assert await detached(session_factory, brand, consumer_id)
    async with session_factory.begin() as session:
        now = datetime.now(UTC) + timedelta(days=1)
        found = await batch_slices.next_recipients(session, batch_id, now, 10)
        assert [one.number for one in found] == [SECOND]


async def test_opt_outs_and_blocks_are_known_by_any_key_and_nobody_is_added_without_one(
    session_factory: Sessions, brand: Brand, database_url: str
) -> None:
    consumer_id = await known(session_factory, brand)
    await change(session_factory, consumer_id, blocked_at=datetime.now(UTC))
    async with session_factory.begin() as session:
        scopes = {"consumer_id": consumer_id, "is_opted_out": True}
        await session.execute(insert(Consent).values(**scopes, scope="account"))
    assert await detached(session_factory, brand, consumer_id)
    await rotated(session_factory, brand, database_url)
    engine = create_engine(database_url)
    with pytest.raises(DBAPIError, match="lacks the keys"):
        await known(create_sessions(engine), brand, "+15550126")
    await engine.dispose()


async def test_an_opt_out_whose_key_is_missing_is_counted(
    session_factory: Sessions, brand: Brand, database_url: str
) -> None:
    consumer_id = await known(session_factory, brand)
    await change(session_factory, consumer_id, blocked_at=datetime.now(UTC))
    assert await detached(session_factory, brand, consumer_id)
    for keys, unknown in (([b"new", SUPPRESSION_KEY], 0), ([b"new"], 1)):
        engine = create_engine(database_url, suppression_keys=setting_of(keys))
        found = await suppressed(create_sessions(engine).direct)
        assert (found.numbers, found.unknown) == (1, unknown)
        await engine.dispose()


async def rotated(sessions: Sessions, brand: Brand, database_url: str) -> None:
    """With a newer key in front, the number is recognised, and others are not."""
    engine = create_engine(database_url, suppression_keys=setting_of([b"new", SUPPRESSION_KEY]))
    newer = create_sessions(engine)
    again, other = await known(newer, brand), await known(newer, brand, SECOND)
    await engine.dispose()
    assert (await row(sessions, again)).blocked_at is not None
    assert (await row(sessions, other)).blocked_at is None
    async with sessions() as session:
        opted_out = await session.scalars(select(Consent.consumer_id).where(Consent.is_opted_out))
        assert again in list(opted_out)
