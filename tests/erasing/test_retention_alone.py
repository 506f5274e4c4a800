"""What is of no conversation goes when its account keeps it no longer, and what is needed stays."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, update

from activities.retaining import forget_old
from database.engine import Sessions
from database.queries import batch_results, retention
from database.queries.consumers import with_phone
from database.tables import (
    Account,
    Batch,
    BatchRecipient,
    BatchUpload,
    Exchange,
    Invitation,
    Message,
    PartReport,
    PhoneCall,
)
from domain.erasure.kinds import ERASED
from domain.numbers.phone_numbers import phone_of
from media.opening import create_store
from media.store import MediaStore
from settings import MediaSettings
from tests.erasing.mortal import Died, Mortal
from tests.erasing.remains import in_tables
from tests.fixtures.brand import Brand

NUMBER = "+15550301977"
NOW = datetime.now(UTC)
OLD, NEW = NOW - timedelta(days=800), NOW - timedelta(days=3)
LATELY = NOW - timedelta(days=20)
MONTH = 30 * 24 * 3600


def store_in(folder: Path) -> MediaStore:
    return create_store(MediaSettings(media_folder=folder))


@pytest.fixture
async def consumer_id(session_factory: Sessions, brand: Brand) -> UUID:
    async with session_factory.begin() as session:
        await session.execute(update(Account).values(retention_days=7))
        return (await with_phone(session, brand.account_id, phone_of(NUMBER))).id


async def written(sessions: Sessions, brand: Brand, consumer_id: UUID, **more: Any) -> UUID:
    """Write a text without a conversation, with what a provider said of it."""
    of_account = {"account_id": brand.account_id, "line_id": brand.line_id}
    values = {"id": uuid4(), "author": "system", "status": "delivered", "text": "a quokka"}
    values |= {"consumer_id": consumer_id, "provider_message_id": "SM1", **more}
    text = {"message_id": values["id"], "provider_message_id": "SM1"}
    said = {
        "kind": "report",
        "method": "POST",
        "url": "",
        "milliseconds": 1,
        "request": "a quokka",
        "answer": "",
    }
    source = {"connector_id": f"{brand.account_id}-twilio", "id": uuid4(), "at": OLD}
    async with sessions.begin() as session:
        await session.execute(insert(Message).values(**of_account, **values))
        await session.execute(insert(PartReport).values(**text, number=1, status="delivered"))
        await session.execute(insert(Exchange).values(**of_account, **text, **said, **source))
    return cast(UUID, values["id"])


async def invited(
    sessions: Sessions,
    brand: Brand,
    message_id: UUID,
    consumer_id: UUID,
    seconds: int,
    **more: str,
) -> None:
    """Let a text wait for a reply: a notification to one consumer, unless `more` says otherwise."""
    at = {"account_id": brand.account_id, "line_id": brand.line_id, "skill_id": brand.support}
    what: dict[str, Any] = {
        "kind": "notification",
        "title": "Of a quokka",
        "context": {"a": "quokka"},
    }
    what |= {"origin_id": str(message_id)} | more
    whom = {"message_id": message_id, "consumer_id": consumer_id, "invited_at": LATELY}
    async with sessions.begin() as session:
        row = insert(Invitation).values(**at, **what, **whom, look_back_seconds=seconds)
        await session.execute(row)


async def texts(sessions: Sessions) -> Mapping[UUID, str]:
    async with sessions() as session:
        return {one.id: one.text for one in await session.scalars(select(Message))}


async def old(sessions: Sessions, brand: Brand) -> Mapping[str, int]:
    async with sessions() as session:
        counted = await retention.count_old(session, brand.account_id, 7, datetime.now(UTC))
        return {kind: count for kind, count in counted.items() if count}


async def forgotten(sessions: Sessions, folder: Path) -> Mapping[str, int]:
    gone = await forget_old(sessions, store_in(folder))
    return {kind: count for kind, count in gone.items() if count}


async def test_an_old_text_to_which_nobody_replied_is_forgotten_with_all_that_was_said_of_it(
    session_factory: Sessions, brand: Brand, consumer_id: UUID, tmp_path: Path
) -> None:
    gone = await written(session_factory, brand, consumer_id, written_at=OLD)
    await invited(session_factory, brand, gone, consumer_id, 3600)
    assert await old(session_factory, brand) == {"messages": 1}
    lives = 0
    while await old(session_factory, brand):
        lives += 1
        mortal = cast(Sessions, Mortal(session_factory, lives))
        with pytest.raises(Died):
            await forget_old(mortal, store_in(tmp_path))
    assert lives > 1
    assert await in_tables(session_factory, ["quokka"]) == {}
    assert await texts(session_factory) == {gone: ERASED}
    assert await forgotten(session_factory, tmp_path) == {}
    async with session_factory() as session:
        assert (await session.scalars(select(Message.status))).all() == ["delivered"]


async def test_what_the_brand_calls_a_batch_stays_with_its_old_texts(
    session_factory: Sessions, brand: Brand, consumer_id: UUID, tmp_path: Path
) -> None:
    sent = await written(session_factory, brand, consumer_id, written_at=OLD)
    batch = {"origin_id": str(uuid4()), "title": "Spring"}
    await invited(session_factory, brand, sent, consumer_id, 3600, **batch)
    assert await forgotten(session_factory, tmp_path) == {"messages": 1}
    async with session_factory() as session:
        row = await session.get_one(Invitation, sent)
    assert (row.title, row.context) == ("Spring", {})


async def test_texts_that_are_new_on_their_way_or_wait_for_a_reply_stay(
    session_factory: Sessions, brand: Brand, consumer_id: UUID, tmp_path: Path
) -> None:
    await written(session_factory, brand, consumer_id, written_at=NEW)
    for status in ("queued", "sending"):
        await written(session_factory, brand, consumer_id, written_at=OLD, status=status)
    asked = {"status": "sent", "look_up_at": NOW}
    await written(session_factory, brand, consumer_id, written_at=OLD, **asked)
    waits = await written(session_factory, brand, consumer_id, written_at=LATELY)
    await invited(session_factory, brand, waits, consumer_id, MONTH)
    assert await old(session_factory, brand) == {}
    assert await forgotten(session_factory, tmp_path) == {}
    assert set((await texts(session_factory)).values()) == {"a quokka"}
    async with session_factory.begin() as session:
        await session.execute(update(Message).values(look_up_at=None))
        await session.execute(update(Invitation).values(look_back_seconds=3600))
    assert await forgotten(session_factory, tmp_path) == {"messages": 2}


async def test_an_account_that_keeps_everything_for_good_loses_no_text(
    session_factory: Sessions, brand: Brand, consumer_id: UUID, tmp_path: Path
) -> None:
    await written(session_factory, brand, consumer_id, written_at=OLD)
    async with session_factory.begin() as session:
        await session.execute(update(Account).values(retention_days=None))
    assert await forgotten(session_factory, tmp_path) == {}
    assert list((await texts(session_factory)).values()) == ["a quokka"]


async def batch_of(
    sessions: Sessions, brand: Brand, status: str, ended_at: datetime | None, **recipients: str
) -> UUID:
    """Make a batch that began long ago, with recipients of some statuses."""
    batch_id, where = uuid4(), {"account_id": brand.account_id, "line_id": brand.line_id}
    batch = {"id": batch_id, "title": "Spring", "text": "Hi", "status": status, **where}
    ends = {"created_at": OLD, "ended_at": ended_at, "skill_id": brand.support}
    text = {"text": "a quokka", "segments": 1, "forced_by": "", "zone": "", "evidence": "quokka"}
    async with sessions.begin() as session:
        await session.execute(insert(Batch).values(**batch, **ends, look_back_seconds=60))
        for place, (number, its) in enumerate(recipients.items(), 1):
            who = {"batch_id": batch_id, "place": place, "phone": number, "number": number}
            why = {"status": its, "left_out": "opted_out" if its == "left_out" else None}
            await session.execute(insert(BatchRecipient).values(**who, **text, **why))
    return batch_id


async def test_recipients_of_a_batch_that_ended_long_ago_are_forgotten_and_its_results_stay(
    session_factory: Sessions, brand: Brand, consumer_id: UUID, tmp_path: Path
) -> None:
    sent = await written(session_factory, brand, consumer_id, written_at=OLD)
    batch_id = await batch_of(
        session_factory, brand, "done", OLD, wombat="left_out", numbat="under_way", dingo="queued"
    )
    async with session_factory.begin() as session:
        numbat = update(BatchRecipient).where(BatchRecipient.number == "numbat")
        await session.execute(numbat.values(message_id=sent))
    before = await results(session_factory, batch_id)
    assert await old(session_factory, brand) == {"messages": 1, "batch_texts": 3}
    assert await forgotten(session_factory, tmp_path) == {"messages": 1, "batch_texts": 3}
    words = ["quokka", "wombat", "numbat", "dingo"]
    assert await in_tables(session_factory, words) == {}
    assert await results(session_factory, batch_id) == before
    assert await forgotten(session_factory, tmp_path) == {}


async def results(sessions: Sessions, batch_id: UUID) -> Sequence[Mapping[str, Any]]:
    async with sessions() as session:
        return await batch_results.counts(session, batch_id, NOW, NOW)


@pytest.mark.parametrize(
    ("status", "ended_at", "latest"),
    [
        ("paused", None, {"due_at": NEW}),
        ("running", None, {"due_at": OLD}),
        ("draft", None, {"send_from": NOW + timedelta(days=300)}),
        ("draft", None, {"created_at": NEW}),
        ("done", NEW, {}),
    ],
)
async def test_recipients_of_a_batch_that_goes_on_or_ended_lately_stay(
    session_factory: Sessions,
    brand: Brand,
    consumer_id: UUID,
    tmp_path: Path,
    status: str,
    ended_at: datetime | None,
    latest: Mapping[str, datetime],
) -> None:
    await batch_of(session_factory, brand, status, ended_at, wombat="waiting", numbat="left_out")
    if latest:
        async with session_factory.begin() as session:
            await session.execute(update(Batch).values(**latest))
    assert await old(session_factory, brand) == {}
    assert await forgotten(session_factory, tmp_path) == {}
    async with session_factory() as session:
        found = await session.scalars(select(BatchRecipient.status))
        assert sorted(found) == ["left_out", "waiting"]


@pytest.mark.parametrize("status", ["draft", "paused"])
async def test_recipients_of_a_batch_that_nobody_touches_any_more_are_forgotten(
    session_factory: Sessions, brand: Brand, consumer_id: UUID, tmp_path: Path, status: str
) -> None:
    batch_id = await batch_of(session_factory, brand, status, None, wombat="waiting")
    upload = {"number": 1, "digest": b"", "name": "List", "encoding": "CSV", "uploaded_at": NEW}
    async with session_factory.begin() as session:
        await session.execute(insert(BatchUpload).values(batch_id=batch_id, **upload))
    assert await forgotten(session_factory, tmp_path) == {}
    async with session_factory.begin() as session:
        await session.execute(update(BatchUpload).values(uploaded_at=OLD))
    assert await old(session_factory, brand) == {"batch_texts": 1}
    assert await forgotten(session_factory, tmp_path) == {"batch_texts": 1}
    assert await in_tables(session_factory, ["wombat", "quokka"]) == {}
    async with session_factory() as session:
        [left] = (await session.scalars(select(BatchRecipient))).all()
    assert (left.status, left.left_out) == ("left_out", "erased")


async def called(sessions: Sessions, brand: Brand, number: str, **more: Any) -> None:
    """Let somebody have called, long ago."""
    where = {"account_id": brand.account_id, "line_id": brand.line_id, "skill_id": brand.support}
    call = {"caller": number, "language": "en", "look_back_seconds": 60, "own_text": "quokka"}
    asked = {"by": "speech", "heard": "quokka"}
    values = {"began_at": OLD, "asked_at": OLD, "asked": asked, **more}
    async with sessions.begin() as session:
        await session.execute(insert(PhoneCall).values(**where, **call, **values))


async def test_who_called_long_ago_is_forgotten_unless_a_text_is_due_or_on_its_way(
    session_factory: Sessions, brand: Brand, consumer_id: UUID, tmp_path: Path
) -> None:
    texted = await written(session_factory, brand, consumer_id, written_at=OLD)
    leaves = await written(
        session_factory, brand, consumer_id, written_at=OLD, status="queued", text="Hi"
    )
    await called(session_factory, brand, "wombat")
    await called(session_factory, brand, "numbat", message_id=texted)
    await called(session_factory, brand, "dingo", message_id=leaves)
    await called(session_factory, brand, "bilby", text_due_at=NOW)
    await called(session_factory, brand, "potoroo", began_at=NEW)
    assert await old(session_factory, brand) == {"messages": 1, "calls": 2}
    assert await forgotten(session_factory, tmp_path) == {"messages": 1, "calls": 2}
    async with session_factory() as session:
        callers = sorted(await session.scalars(select(PhoneCall.caller)))
        words = await session.scalars(select(PhoneCall.own_text).where(PhoneCall.asked.is_(None)))
        assert list(words) == [None, None]
    assert callers == ["bilby", "dingo", "erased", "erased", "potoroo"]
    assert await forgotten(session_factory, tmp_path) == {}


async def test_what_a_number_of_days_would_erase_is_counted_before_it_holds(
    session_factory: Sessions, brand: Brand, consumer_id: UUID, tmp_path: Path
) -> None:
    await written(session_factory, brand, consumer_id, written_at=OLD)
    await batch_of(session_factory, brand, "done", OLD, wombat="left_out", numbat="left_out")
    await called(session_factory, brand, "dingo")
    async with session_factory.begin() as session:
        await session.execute(update(Account).values(retention_days=None))
    told = {"messages": 1, "batch_texts": 2, "calls": 1}
    assert await would_go(session_factory, brand, 30) == told
    assert await would_go(session_factory, brand, 1000) == {}
    assert await would_go(session_factory, brand, None) == {}
    assert await would_go(session_factory, brand, 30, brand.support) == {}
    async with session_factory.begin() as session:
        await session.execute(update(Account).values(retention_days=30))
    assert await forgotten(session_factory, tmp_path) == told


async def test_no_more_of_each_kind_is_counted_than_somebody_waits_for(
    session_factory: Sessions, brand: Brand, consumer_id: UUID
) -> None:
    for _ in range(3):
        await written(session_factory, brand, consumer_id, written_at=OLD)
        await called(session_factory, brand, "dingo")
    await batch_of(session_factory, brand, "done", OLD, wombat="left_out", numbat="left_out")
    async with session_factory() as session:
        now = datetime.now(UTC)
        found = await retention.would_go(session, brand.account_id, None, 30, now, most=2)
    assert found.counts == {"conversations": 0, "messages": 2, "batch_texts": 2, "calls": 2}
    assert found.at_least == {"messages", "calls"}


async def test_texts_that_stay_are_not_looked_through_without_end(
    session_factory: Sessions, brand: Brand, consumer_id: UUID
) -> None:
    for _ in range(3):
        await written(session_factory, brand, consumer_id, written_at=LATELY, status="queued")
    async with session_factory() as session:
        now = datetime.now(UTC)
        found = await retention.would_go(session, brand.account_id, None, 7, now, most=2)
        whole = await retention.would_go(session, brand.account_id, None, 7, now, most=3)
    assert found.counts["messages"] == 0
    assert found.kinds == {"messages"}
    assert whole.kinds == set()


async def would_go(
    sessions: Sessions, brand: Brand, days: int | None, skill_id: str | None = None
) -> Mapping[str, int]:
    async with sessions() as session:
        now = datetime.now(UTC)
        found = await retention.would_go(session, brand.account_id, skill_id, days, now, most=9)
        return {kind: found.counts[kind] for kind in found.kinds}
