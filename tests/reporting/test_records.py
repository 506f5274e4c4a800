"""A record says of its conversation what it is found by, whatever happened to it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from database.partitions.catalogue import RECORDS
from database.partitions.making import make_ahead
from database.queries.records.filters import RecordFilters, conditions
from database.queries.records.words import asks
from database.queries.visibility import Viewer, visible, visible_records
from database.tables import (
    Conversation,
    ConversationLabel,
    ConversationRecord,
    Label,
    Mention,
    Message,
    Participation,
    QueueEntry,
)
from domain.conversation.kinds import Author, EventKind, Status
from domain.people.teams import Led
from domain.searching.transcripts import asked_in
from tests.reporting.recording import Recorder

MINUTE = timedelta(minutes=1)


async def test_a_record_tells_how_its_conversation_went(recorder: Recorder) -> None:
    ann, mia, brand = recorder.brand.ann, recorder.brand.mia, recorder.brand
    opened = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
    talk = await recorder.conversation(Status.assigned, agent=ann, opened_at=opened)
    await recorder.happens(talk, EventKind.conversation_queued, skill_id=brand.sales)
    await recorder.says(talk, "Where is my parcel?", at=opened)
    await recorder.says(talk, "Hello?", at=opened + MINUTE)
    note = await recorder.says(talk, "Ask Mia", ann, author=Author.note, at=opened + MINUTE)
    await recorder.says(talk, "It is on its way.", ann, at=opened + 5 * MINUTE)
    async with recorder.sessions.begin() as session:
        session.add(Participation(conversation_id=talk, agent_id=ann.agent_id))
        session.add(Mention(conversation_id=talk, message_id=note, agent_id=mia.agent_id))
        session.add(Label(id="l", account_id=brand.account_id, name="VIP", colour="red"))
        await session.flush()
        session.add(ConversationLabel(conversation_id=talk, label_id="l"))
    await recorder.record()
    (record,) = await recorder.records()
    assert (record.status, record.agent_id, record.took_part) == (
        *("assigned", ann.agent_id),
        [ann.agent_id],
    )
    assert record.skill_ids == [brand.sales, brand.support]
    assert record.label_ids == ["l"]
    assert (record.texts_in, record.texts_out, record.message_count) == (2, 1, 4)
    assert record.first_response_seconds == 300
    assert record.duration_seconds is record.is_late is None
    await recorder.change(
        talk,
        status=Status.closed.value,
        closed_at=opened + 10 * MINUTE,
        close_reason="agent",
        survey_outcome="completed",
        survey_score=5,
        survey_satisfied=True,
    )
    async with recorder.sessions.begin() as session:
        await session.execute(delete(ConversationLabel))
    await recorder.happens(talk, EventKind.conversation_closed)
    await recorder.record()
    (record,) = await recorder.records()
    assert (record.status, record.duration_seconds, record.survey_score) == ("closed", 600, 5)
    assert record.label_ids == []


async def test_words_are_found_in_their_forms_and_phrases_as_they_stand(
    recorder: Recorder,
) -> None:
    talk = await recorder.conversation(language="de")
    await recorder.says(talk, "Wo bleibt die Lieferung? Ich hätte sie gern.")
    await recorder.says(talk, "高い品質の商品です")
    await recorder.record()

    async def finds(query: str) -> bool:
        asked = asks(recorder.brand.account_id, asked_in(query, ["de", "en"]))
        async with recorder.sessions() as session:
            found = select(ConversationRecord.conversation_id)
            return bool(await session.scalar(found.where(ConversationRecord.words.op("@@")(asked))))

    for query in (
        "lieferungen",
        "hatte GERN",
        '"die Lieferung"',
        "lief",
        "品質",
        '"gern"',
        "品質の商",
    ):
        assert await finds(query), query
    for query in ('"Lieferung die"', '"die Lieferungen"', '"gern 高い品"', "Rechnung", "品商質"):
        assert not await finds(query), query
    other = await recorder.conversation(number="+15550124")
    async with recorder.sessions.begin() as session:
        moved = update(Message).where(Message.text.like("Wo%"))
        row = await session.get_one(Conversation, other)
        await session.execute(
            moved.values(conversation_id=other, consumer_id=row.consumer_id, line_id=row.line_id)
        )
    await recorder.happens(other, EventKind.message_added, carried_from=str(talk))
    await recorder.record()
    first, second = (one.conversation_id for one in await recorder.records())
    assert {first, second} == {talk, other}
    assert await finds("Lieferung")
    async with recorder.sessions.begin() as session:
        await session.execute(delete(Message))
    await recorder.happens(other, EventKind.label_removed)
    await recorder.record()
    assert not await finds("Lieferung")


async def test_a_phrase_of_a_script_without_spaces_is_found_wherever_it_stands(
    recorder: Recorder,
) -> None:
    talk = await recorder.conversation()
    for text in (
        "我的订单在哪里",
        "주문을 취소해 주세요",
        "ご注文の商品が届きません",
        "ส่งสินค้าแล้วครับ",
        "订单 number 4711",
    ):
        await recorder.says(talk, text)
    await recorder.record()

    async def finds(query: str) -> bool:
        asked = asks(recorder.brand.account_id, asked_in(query, []))
        async with recorder.sessions() as session:
            found = select(ConversationRecord.conversation_id)
            return bool(await session.scalar(found.where(ConversationRecord.words.op("@@")(asked))))

    for query in (
        *("订单", "订单在哪", "在哪里", "订", "订单 number", "number"),
        *("주문을 취소", "商品が届", "สินค้า"),
    ):
        assert await finds(f'"{query}"'), query
    for query in ("单订", "订单哪里", "주문 취소", "订 number", "numb"):
        assert not await finds(f'"{query}"'), query


async def test_a_language_with_a_region_is_found_by_its_language_alone(
    recorder: Recorder,
) -> None:
    there = await recorder.conversation(language="pt-BR")
    here = await recorder.conversation(language="pt", number="+15550124")
    await recorder.record()
    assert await found_by(recorder, RecordFilters(languages=("pt",))) == {here, there}
    assert await found_by(recorder, RecordFilters(languages=("pt-BR",))) == {there}
    assert await found_by(recorder, RecordFilters(languages=("p",))) == set()


async def test_a_survey_that_is_being_answered_is_not_none(recorder: Recorder) -> None:
    asked, now = Status.survey, datetime.now(UTC)
    await recorder.conversation(asked, survey_asked_at=now)
    await recorder.conversation(
        Status.closed, number="+15550124", survey_asked_at=now, survey_outcome="ignored"
    )
    without = await recorder.conversation(Status.closed, number="+15550125")
    await recorder.record()
    assert await found_by(recorder, RecordFilters(surveys=("none",))) == {without}


async def found_by(recorder: Recorder, filters: RecordFilters) -> set[UUID]:
    query = select(ConversationRecord.conversation_id)
    async with recorder.sessions() as session:
        its = conditions(recorder.brand.account_id, filters, datetime.now(UTC))
        return set(await session.scalars(query.where(*its)))


async def test_conversations_of_any_month_are_taken_and_move_into_its_partition(
    recorder: Recorder,
) -> None:
    old, late = datetime(2019, 12, 31, 23, 59, tzinfo=UTC), datetime(2190, 1, 1, tzinfo=UTC)
    await recorder.conversation(Status.closed, opened_at=old)
    await recorder.conversation(Status.closed, opened_at=late)
    await recorder.conversation()
    await recorder.record()
    assert len(await recorder.records()) == 3
    now = datetime.now(UTC)
    made = await make_ahead(recorder.sessions, now + timedelta(days=70))
    assert {RECORDS.name_of(old), RECORDS.name_of(late)} <= set(made.names)
    assert (await make_ahead(recorder.sessions, now)).names == []
    await recorder.happens((await recorder.records())[-1].conversation_id, EventKind.label_added)
    await recorder.record()
    assert [one.opened_at for one in await recorder.records()][::2] == [late, old]


async def test_records_are_seen_by_those_who_see_their_conversations(recorder: Recorder) -> None:
    brand, account_id = recorder.brand, recorder.brand.account_id
    ann, ben, mia = brand.ann.agent_id, brand.ben.agent_id, brand.mia.agent_id
    closed, waiting = Status.closed, Status.waiting
    rows: list[tuple[Status, dict[str, Any]]] = [
        (Status.assigned, {"agent_id": ann}),
        (closed, {"agent_id": ben}),
        (closed, {"skill_id": brand.sales}),
        (waiting, {"skill_id": brand.sales}),
        (waiting, {"skill_id": brand.support}),
        (waiting, {"skill_id": None}),
        (waiting, {"skill_id": brand.support, "offered_agent_id": ben}),
        (waiting, {"skill_id": brand.support}),
        (Status.survey, {"agent_id": mia}),
    ]
    made = [
        await recorder.conversation(status, number=f"+155501{place:05}", **row)
        for place, (status, row) in enumerate(rows)
    ]
    note = await recorder.says(made[2], "@Ann", brand.ben, author=Author.note)
    async with recorder.sessions.begin() as session:
        session.add(Participation(conversation_id=made[1], agent_id=ann))
        session.add(Mention(conversation_id=made[2], message_id=note, agent_id=ann))
        session.add(
            QueueEntry(
                conversation_id=made[7],
                ticket=1,
                account_id=account_id,
                workflow_id="w",
                skill_id=brand.support,
                requested_agent_id=ben,
                entered_at=datetime.now(UTC),
            )
        )
    await recorder.record()
    teams = Led(frozenset({brand.sales}), frozenset({mia, ben}))
    viewers = [
        Viewer(account_id, mia, sees_all=True),
        *(Viewer(account_id, one, sees_all=False) for one in (ann, ben, mia, None)),
        *(Viewer(account_id, one, sees_all=False, led=teams) for one in (mia, ann)),
        Viewer("another", ann, sees_all=True),
        Viewer("another", ann, sees_all=False),
    ]
    table = ConversationRecord
    for viewer in viewers:
        async with recorder.sessions() as session:
            live = set(await session.scalars(select(Conversation.id).where(visible(viewer))))
            query = select(table.conversation_id).where(visible_records(viewer))
            assert set(await session.scalars(query)) == live, viewer
            assert (len(live) == 9) == (viewer is viewers[0]), "it would prove nothing"
