"""A text reaches the phone once, whatever happens on the way to the provider."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from database.queries import standalone
from database.queries.standalone import NewText
from database.tables import Message
from outgoing.standalone import Standalone
from tests.fixtures.brand import CARRIER
from tests.fixtures.centre import IMPATIENT, Centre, eventually, working
from workers.parts import create_sender
from workflows.conversation.commands import Close, Reply


async def reply_when(centre: Centre, *statuses: str, text: str = "Answer") -> Message:
    """Wait until the agent's reply has one of these statuses."""

    async def look() -> Message | None:
        found = [m for m in await centre.transcript() if m.text == text]
        return found[0] if found and found[0].status in statuses else None

    found = await eventually(look)
    assert found is not None
    return found


async def settled(centre: Centre) -> None:
    """Wait until the automatic messages are out: faults are for the next text."""

    async def look() -> bool:
        return len(await centre.phone()) == 2

    await eventually(look)


async def arrives_once(centre: Centre, text: str = "Answer") -> None:
    """Wait until the text is on the phone, then see that no second one follows."""

    async def look() -> bool:
        return text in await centre.phone()

    await eventually(look)
    await asyncio.sleep(1)
    assert (await centre.phone()).count(text) == 1


async def taken(centre: Centre, text: str = "Answer") -> Message:
    """Wait until the provider has the reply."""

    async def look() -> Message | None:
        found = [m for m in await centre.transcript() if m.text == text and m.provider_message_id]
        return found[0] if found else None

    found = await eventually(look)
    assert found is not None
    return found


async def test_an_answer_lost_after_the_provider_took_the_text_leaves_one_text(
    centre: Centre,
) -> None:
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    await settled(centre)
    await centre.fault("answer_lost", answer="drop")
    await centre.give(Reply(key="r", actor=centre.brand.ann, text="Answer"))
    message = await taken(centre)
    assert message.attempts == 1
    await arrives_once(centre)


async def test_a_500_after_the_provider_took_the_text_leaves_one_text(centre: Centre) -> None:
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    await settled(centre)
    await centre.fault("answer_lost", answer="error")
    await centre.give(Reply(key="r", actor=centre.brand.ann, text="Answer"))
    await taken(centre)
    await arrives_once(centre)


async def test_a_text_the_provider_never_took_ends_unknown_and_the_agent_is_told(
    centre: Centre,
) -> None:
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    await settled(centre)
    await centre.fault("server_error")
    await centre.give(Reply(key="r", actor=centre.brand.ann, text="Answer"))

    async def given_up() -> bool:
        message = await reply_when(centre, "unknown")
        return message.failure_code == "unconfirmed"

    await eventually(given_up)
    assert "Answer" not in await centre.phone()


async def test_a_busy_provider_is_asked_again_and_order_is_kept(centre: Centre) -> None:
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    await settled(centre)
    await centre.fault("too_many_requests", count=2, retry_after=1)
    for number in range(3):
        reply = Reply(key=f"r{number}", actor=centre.brand.ann, text=f"Answer {number}")
        await centre.give(reply)
    await taken(centre, "Answer 2")
    await arrives_once(centre, "Answer 2")
    assert (await centre.phone())[2:] == ["Answer 0", "Answer 1", "Answer 2"]


async def test_a_text_that_waited_while_the_consumer_opted_out_does_not_leave(
    idle_centre: Centre,
) -> None:
    centre = idle_centre
    async with working(centre):
        await centre.text("hello")
        await centre.assign(centre.brand.ann.agent_id, "Ann")
        await settled(centre)
        await centre.fault("too_many_requests", count=1000, retry_after=1)
        await centre.give(Reply(key="r", actor=centre.brand.ann, text="Answer"))

        async def was_tried() -> bool:
            return (await reply_when(centre, "queued", "sending")).attempts > 0

        await eventually(was_tried)
        await centre.opt_out()
        # An attempt that began before the opt-out ends refused; from then on it could leave.
        await reply_when(centre, "queued", "failed")
        await centre.http.delete(f"{CARRIER}/faults")
        message = await reply_when(centre, "failed")
    assert message.failure_code == "opted_out"
    assert "Answer" not in await centre.phone()


async def test_a_sender_killed_after_the_claim_does_not_send_again(centre: Centre) -> None:
    """The row says `sending` and nothing more is known: the list of the provider decides."""
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    await settled(centre)
    await centre.fault("slow_answer", seconds=0)
    await centre.give(Reply(key="r", actor=centre.brand.ann, text="Answer"))
    message = await taken(centre)
    await centre.forget_answer(message, back=timedelta(seconds=30))
    await centre.send_again(message)
    assert (await taken(centre)).provider_message_id == message.provider_message_id
    await arrives_once(centre)


async def test_texts_that_leave_together_are_each_sent_once_when_the_activity_runs_again(
    centre: Centre,
) -> None:
    """The sender dies after the first of them, and the second attempt skips what is settled."""
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    await settled(centre)
    await centre.give(Close(key="c", actor=centre.brand.ann))
    await centre.when("survey")
    closing, question = (await centre.transcript())[-2:]
    await taken(centre, closing.text)
    last = await taken(centre, question.text)
    await arrives_once(centre, question.text)
    await centre.forget_answer(last, back=timedelta(seconds=30))
    sent = await centre.send_again(closing, question)
    assert len(sent.statuses) == 2
    assert (await taken(centre, question.text)).provider_message_id == last.provider_message_id
    for text in (closing.text, question.text):
        assert (await centre.phone()).count(text) == 1


async def test_a_reply_in_doubt_holds_up_the_next_one_for_a_moment_only(centre: Centre) -> None:
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    await settled(centre)
    await centre.fault("server_error", body="plain")
    for text in ("Answer", "Another"):
        await centre.give(Reply(key=text, actor=centre.brand.ann, text=text))
    await taken(centre, "Another")
    assert (await reply_when(centre, "unknown")).provider_message_id is None


async def test_a_reply_whose_callbacks_are_lost_is_delivered_all_the_same(centre: Centre) -> None:
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    await settled(centre)
    await centre.give(Reply(key="r", actor=centre.brand.ann, text="Answer"))
    message = await taken(centre)

    async def delivered() -> bool:
        await centre.ask_now(message)
        return (await centre.transcript())[-1].status == "delivered"

    await eventually(delivered)


async def test_an_opt_out_told_of_a_text_without_a_conversation_ends_the_one_that_is_open(
    centre: Centre,
) -> None:
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    await settled(centre)
    await centre.fault("undelivered", error_code=21610)
    ids = (centre.brand.account_id, centre.brand.line_id, UUID(centre.thread.consumer_id))
    notice = NewText(uuid4(), *ids, "Notice", datetime.now(UTC))
    async with centre.sessions.begin() as session:
        await standalone.add(session, notice)
    sender = create_sender(centre.settings, centre.sessions, centre.http, IMPATIENT)
    # It waits while a text before it to the same phone is under way.
    await eventually(Standalone(centre.sessions, sender).send_due)
    async with centre.sessions() as session:
        message = await session.get_one(Message, notice.id)

    async def ended() -> bool:
        await centre.ask_now(message)
        return (await centre.conversation()).status == "closed"

    await eventually(ended)
    assert (await centre.conversation()).close_reason == "opt_out"
    assert "Notice" not in [text for _, text in await centre.spoken()]
