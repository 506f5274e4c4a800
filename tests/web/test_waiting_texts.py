"""Agents read why their text has not been sent yet."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from database.engine import Sessions
from database.queries.sending import claim_at_once
from database.tables import Event, Message
from domain.conversation.kinds import Author, EventKind, Status
from domain.delivery.delays import BEFORE_SENDING
from domain.delivery.message_status import MessageStatus
from outgoing.submission import Submission
from outgoing.time_outs import TimeOuts
from tests.api.conftest import Office
from tests.database.transcripts import consumer_of, new_conversation
from tests.fixtures.brand import Brand
from tests.fixtures.links import LINKS
from tests.web.at_the_workspace import entries, following
from tests.web.conftest import Browsing
from tracing.trace import Trace


async def write(sessions: Sessions, brand: Brand, conversation_id: UUID, *words: str) -> list[UUID]:
    """Add an agent's texts that are to leave; returns their ids."""
    now = datetime.now(UTC)
    ids = [uuid4() for _ in words]
    consumer_id = await consumer_of(sessions, conversation_id)
    async with sessions.begin() as session:
        for position, (message_id, text) in enumerate(zip(ids, words, strict=True), start=1):
            of_both = {"account_id": brand.account_id, "conversation_id": conversation_id}
            message = Message(
                id=message_id,
                line_id=brand.line_id,
                consumer_id=consumer_id,
                position=position,
                author=Author.agent.value,
                agent_id=brand.ann.agent_id,
                text=text,
                written_at=now,
                status=MessageStatus.queued.value,
                **of_both,
            )
            data = {"message_id": str(message_id)}
            session.add(message)
            session.add(Event(kind=str(EventKind.message_added), data=data, at=now, **of_both))
    return ids


async def test_transcript_and_page_say_that_a_text_waits_for_the_one_before_it(
    office: Office, browsing: Browsing
) -> None:
    brand, sessions = office.brand, office.sessions
    conversation_id = await new_conversation(
        sessions, brand, Status.assigned, agent_id=brand.ann.agent_id
    )
    first, _ = await write(sessions, brand, conversation_id, "First", "Second")
    now = datetime.now(UTC)
    assert await claim_at_once(sessions.direct, first, now, now, now)
    async with browsing(brand.ann) as ann:
        path = f"/v1/conversations/{conversation_id}/transcript"
        shown = (await ann.get(path)).json()["items"]
        told = (await entries(ann, conversation_id)).entries
    assert [text["waiting_reason"] for text in shown] == [None, BEFORE_SENDING]
    assert [one.message and one.message.waiting_reason for one in told] == [None, BEFORE_SENDING]


async def test_an_open_page_is_told_when_a_text_begins_to_wait(
    office: Office, browsing: Browsing
) -> None:
    brand, sessions = office.brand, office.sessions
    conversation_id = await new_conversation(
        sessions, brand, Status.assigned, agent_id=brand.ann.agent_id
    )
    first, _ = await write(sessions, brand, conversation_id, "First", "Second")
    place = f"view=mine&conversation={conversation_id}"
    async with browsing(brand.ann) as ann, following(ann, place) as stream:
        await stream.begins()
        await doubted(sessions, first)
        came = (await stream.words("Not confirmed yet"))[-1]
    assert came.model_dump_json().count("is asking whether that text was sent") == 1


async def doubted(sessions: Sessions, text: UUID) -> None:
    """Leave a text as one whose answer was lost."""
    now = datetime.now(UTC)
    claimed = await claim_at_once(sessions.direct, text, now, now, now)
    assert claimed is not None
    submission = Submission(sessions, "http://api.test", TimeOuts(), LINKS, Trace(sessions))
    await submission.doubt(claimed, now)
