"""A reply to a text without a conversation opens one that shows it, once, with the text's skill."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from database.queries.delivery import report
from database.queries.invitations import NewInvitation, invite
from database.queries.standalone import NewText
from database.tables import Invitation, Message
from domain.delivery.message_status import MessageStatus
from domain.origins.kinds import OriginKind
from domain.origins.origin import Context
from tests.fixtures.centre import Centre, eventually
from tests.workflows.test_taking import reasons
from workflows.conversation.commands import Close

PARCEL = "Your parcel is here."
HOUR = timedelta(hours=1)


async def invited(
    centre: Centre,
    text: str = PARCEL,
    *,
    ago: timedelta = timedelta(minutes=5),
    status: str = "sent",
    look_back: timedelta = HOUR,
) -> UUID:
    """Have a text without a conversation sent, which waits for a reply; returns its id."""
    at, message_id = datetime.now(UTC) - ago, uuid4()
    brand = centre.brand
    new = NewText(
        id=message_id,
        account_id=brand.account_id,
        line_id=brand.line_id,
        consumer_id=UUID(centre.thread.consumer_id),
        text=text,
        written_at=at,
    )
    async with centre.sessions.begin() as session:
        assert await invite(
            session,
            NewInvitation(
                text=new,
                kind=OriginKind.notification,
                origin_id="batch-1",
                title="Parcels",
                skill_id=brand.sales,
                look_back=look_back,
                context=Context(reference="4711"),
            ),
        )
        left = {"status": status, "attempted_at": at, "look_up_at": None}
        await session.execute(update(Message).where(Message.id == message_id).values(**left))
    return message_id


async def invitation(centre: Centre, message_id: UUID) -> Invitation:
    async with centre.sessions() as session:
        return await session.get_one(Invitation, message_id)


async def told(centre: Centre, kind: str) -> list[dict[str, object]]:
    return [event.data for event in await centre.events() if event.kind == kind]


@pytest.mark.parametrize("status", ["sending", "unknown", "sent"])
async def test_a_reply_opens_a_conversation_that_begins_with_the_text_and_goes_to_its_skill(
    centre: Centre, status: str
) -> None:
    message_id = await invited(centre, status=status)
    await centre.text("Where exactly?")
    row = await centre.when("waiting")
    assert (row.skill_id, row.origin, row.origin_id) == (
        centre.brand.sales,
        "notification",
        "batch-1",
    )
    assert row.origin_data["context"] == {"reference": "4711"}
    assert await centre.spoken() == [("system", PARCEL), ("consumer", "Where exactly?")]
    first = (await centre.transcript())[0]
    assert (first.id, first.position, first.status) == (message_id, 1, status)
    assert await reasons(centre) == [("skill", 'The first text answers "Parcels".')]
    assert (await told(centre, "conversation_opened"))[0]["origin_id"] == "batch-1"
    answered = await invitation(centre, message_id)
    assert answered.conversation_id == row.id
    assert answered.answered_at is not None
    await _delivered(centre, message_id)
    assert (await centre.transcript())[0].status == "delivered"
    assert await centre.phone() == []  # it is not sent again, and nobody is welcomed


async def _delivered(centre: Centre, message_id: UUID) -> None:
    status, at = MessageStatus.delivered, datetime.now(UTC)
    ask = centre.sessions.direct.fetch_one
    assert await report(ask, message_id, status, provider_message_id="SM1", at=at)


async def test_after_that_conversation_the_next_text_is_an_ordinary_one(centre: Centre) -> None:
    await invited(centre)
    await centre.text("Where exactly?")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    await centre.give(Close(key="1", actor=centre.brand.ann))
    await centre.when("survey")
    await centre.text("Hello, I have a question about my invoice, can you help me?")
    row = await centre.when("waiting")
    assert (row.origin, row.skill_id) == ("text", centre.brand.support)


async def test_thanks_wait_for_nobody_and_the_request_after_them_goes_to_the_skill(
    centre: Centre,
) -> None:
    message_id = await invited(centre)
    await centre.text("ok thanks")
    closed = await centre.when("closed")
    assert closed.closed_at_once
    assert (await invitation(centre, message_id)).answered_at is not None
    await centre.text("Where exactly is it?")
    row = await centre.when("waiting")
    assert (row.skill_id, row.origin_id) == (centre.brand.sales, "batch-1")
    assert (await invitation(centre, message_id)).conversation_id == row.id


@pytest.mark.parametrize(
    ("ago", "status", "text"),
    [
        (2 * HOUR, "sent", "hello"),
        (HOUR / 2, "queued", "hello"),
        (HOUR / 2, "undelivered", "hello"),
    ],
)
async def test_a_text_answers_only_what_has_arrived_within_the_look_back(
    centre: Centre, ago: timedelta, status: str, text: str
) -> None:
    message_id = await invited(centre, ago=ago, status=status)
    await centre.text(text)
    row = await centre.when("waiting")
    assert (row.origin, row.skill_id) == ("text", centre.brand.support)
    assert (await invitation(centre, message_id)).answered_at is None


async def test_a_keyword_answers_nothing(centre: Centre) -> None:
    message_id = await invited(centre)
    await centre.text("STOP", keyword="stop")
    assert (await centre.when("closed")).origin == "text"
    assert (await invitation(centre, message_id)).answered_at is None


async def test_a_reply_in_an_open_conversation_stays_there_and_marks_the_newest_text(
    centre: Centre,
) -> None:
    before = await invited(centre, "Before", ago=HOUR / 2, status="undelivered")
    await centre.text("hello")
    row = await centre.when("waiting")
    older, newest = [await invited(centre, ago=timedelta()) for _ in range(2)]
    await centre.text("Where exactly?")

    async def marked() -> bool:
        return (await invitation(centre, newest)).conversation_id == row.id

    await eventually(marked)
    data = {"message_id": str(newest), "origin": "notification", "origin_id": "batch-1"}
    assert await told(centre, "invitation_answered") == [data]
    await centre.text("Hello?")
    await centre.text("Where?")
    for other in (before, older):
        assert (await invitation(centre, other)).answered_at is None
    assert (await centre.spoken())[:3] == [
        ("consumer", "hello"),
        ("system", "first_welcome"),
        ("consumer", "Where exactly?"),
    ]
