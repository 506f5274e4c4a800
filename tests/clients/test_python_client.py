"""A program drives the running product with the generated client alone."""

import asyncio
from uuid import UUID, uuid4

import httpx2
import pytest

from switchboard_client import (
    BatchStatus,
    Client,
    ConversationClosed,
    EventKind,
    Malformed,
    MessageTooLong,
    Move,
    NewBatch,
    NewConversation,
    NewNote,
    NewReply,
    NewToken,
    NotAuthenticated,
    ProblemError,
    RecipientIn,
    RecipientsIn,
    ScopeMissing,
    SkillChange,
    Transfer,
)
from tests.api.conftest import Office, api_url, office, task_queue
from tests.fixtures.centre import Centre

__all__ = ["api_url", "office", "task_queue"]

NUMBER = "+12025550123"


def talk(client: Client, line: str) -> UUID:
    """Open a conversation, and do in it what an agent does; return it."""
    wanted = NewConversation(line=line, number=NUMBER, text="Your order is ready.")
    opened = client.open_conversation(wanted, idempotency_key="open-1207")
    again = client.open_conversation(wanted, idempotency_key="open-1207")
    assert again == opened
    conversation = opened.conversation_id
    assert conversation is not None

    reply, key = NewReply(text="Come any time."), "reply-1"
    first = client.send_reply(conversation, reply, idempotency_key=key)
    assert client.send_reply(conversation, reply, idempotency_key=key) == first
    client.add_note(conversation, NewNote(text="Prefers mornings."))
    with pytest.raises(MessageTooLong) as refused:
        client.send_reply(conversation, NewReply(text="x" * 2000))
    assert refused.value.problem.status == 422
    assert "1600" in refused.value.problem.detail

    texts = [one.text for one in client.iterate_transcript(conversation, limit=1)]
    assert texts == ["Your order is ready.", "Come any time.", "Prefers mornings."]
    page = client.show_transcript(conversation, limit=2)
    assert page.next
    assert [one.position for one in client.show_transcript(conversation, cursor=page.next).items]
    return conversation


def end(client: Client, conversation: UUID) -> None:
    """Close a conversation, which can then be neither closed nor answered."""
    assert [one.id for one in client.iterate_conversations(number=NUMBER)] == [conversation]
    assert client.show_conversation(conversation).status == "assigned"
    client.close_conversation(conversation)
    with pytest.raises(ConversationClosed):
        client.send_reply(conversation, NewReply(text="Too late."))
    kinds = {one.kind for one in client.iterate_conversation_events(conversation)}
    assert EventKind.conversation_closed in kinds


def text_many(admin: Client, line: str) -> None:
    """Make a batch, and cancel it before anybody is texted."""
    wanted = NewBatch(title="Spring", line=line, text="Hi {name}!")
    batch = admin.create_batch(wanted, idempotency_key="spring")
    assert admin.create_batch(wanted, idempotency_key="spring") == batch
    recipient = RecipientIn(number=NUMBER, values={"name": "Cleo"})
    added = admin.add_recipients(batch.id, RecipientsIn(recipients=[recipient]))
    assert (added.good, added.told) == (1, [])
    assert admin.check_batch(batch.id).gets_it == 1
    assert admin.move_batch(batch.id, Move.cancel).status == BatchStatus.cancelled
    [shown] = admin.iterate_recipients(batch.id, limit=1)
    assert (shown.number, shown.status) == (NUMBER, "left_out")
    assert NUMBER.encode() in admin.download_batch(batch.id, "results")


def look_around(admin: Client, url: str) -> None:
    """Meet problems of several kinds, change a setting, make a token with a scope."""
    with pytest.raises(Malformed) as wrong:
        admin.transfer_conversation(uuid4(), Transfer())
    assert wrong.value.problem.errors
    skill = next(admin.iterate_skills(limit=1))
    changed = admin.change_skill(skill.id, SkillChange(priority=7))
    assert (changed.name, changed.priority) == (skill.name, 7)
    made = admin.make_token(NewToken(name="Reader", role="agent", scopes=["settings:read"]))
    with Client(url, made.token) as reader:
        assert [one.id for one in reader.iterate_skills(limit=1)]
        with pytest.raises(ScopeMissing):
            reader.show_board()
    with Client(url, "swt_forged") as forger, pytest.raises(NotAuthenticated):
        forger.show_me()


async def test_a_program_talks_with_a_consumer_through_the_generated_client(
    office: Office, centre: Centre
) -> None:
    async with office.person(office.ada) as ada:
        body = {"name": "Orders", "role": "admin"}
        token = (await ada.post("/v1/tokens", json=body)).json()["token"]
    with Client(office.url, token) as admin:
        ann = admin.acting_for(office.brand.ann.agent_id)
        conversation = await asyncio.to_thread(talk, ann, office.brand.line_id)
        await asyncio.to_thread(end, ann, conversation)
        await asyncio.to_thread(text_many, admin, office.brand.line_id)
        await asyncio.to_thread(look_around, admin, office.url)


def test_an_answer_of_something_in_between_is_a_problem_as_well() -> None:
    away = httpx2.Response(502, text="<html>Bad Gateway</html>", headers={"Retry-After": "7"})
    error = ProblemError.of(away)
    assert type(error) is ProblemError
    assert (error.problem.status, error.retry_after) == (502, 7)
