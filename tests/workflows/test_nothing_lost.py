"""Texts that race with the close, come twice, or come while no worker runs."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import func, select

from database.tables import Conversation, Message
from domain.consent.keyword import Keyword
from domain.conversation.inputs import ReceivedText
from temporal.conversations import Thread
from tests.fixtures.brand import new_thread
from tests.fixtures.centre import Centre, eventually, working
from workflows.conversation.commands import Close, Reply

RACERS = 30
TEXTS_EACH = 10


async def all_taken(centre: Centre, expected: int) -> Counter[UUID]:
    """Wait until transcripts have so many consumer texts; return how often each is there."""

    async def look() -> list[UUID] | None:
        async with centre.sessions() as session:
            ids = list(
                await session.scalars(select(Message.id).where(Message.author == "consumer"))
            )
        return ids if len(ids) >= expected else None

    found = await eventually(look, seconds=60)
    assert found is not None
    return Counter(found)


async def test_hundreds_of_texts_that_race_with_a_closing_are_each_taken_once(
    centre: Centre,
) -> None:
    """HELP opens and closes at once: each text meets a conversation that is about to close."""
    texted: list[str] = []

    async def race(number: int) -> None:
        thread = await new_thread(centre.sessions, centre.brand, f"+1555020{number:04}")
        for _ in range(TEXTS_EACH):
            texted.append(await _help(centre, thread))

    await asyncio.gather(*(race(number) for number in range(RACERS)))
    taken = await all_taken(centre, RACERS * TEXTS_EACH)
    assert taken == Counter({UUID(message): 1 for message in texted})
    async with centre.sessions() as session:
        open_ones = select(func.count()).where(Conversation.status != "closed")
        assert await session.scalar(open_ones) == 0


async def _help(centre: Centre, thread: Thread) -> str:
    return await centre.text("help", keyword=Keyword.help, provider_handled=True, thread=thread)


async def test_a_text_that_races_with_an_agents_close_is_in_one_conversation(
    centre: Centre,
) -> None:
    async def one_try(number: int) -> list[str]:
        thread = await new_thread(centre.sessions, centre.brand, f"+1555030{number:04}")
        here = centre.on(thread)
        first = await here.text("hello")
        await here.assign(centre.brand.ann.agent_id, "Ann")
        _, raced = await asyncio.gather(
            here.give(Close(key=f"close-{number}", actor=centre.brand.ann)), here.text("one more")
        )
        return [first, raced]

    texted = [text for pair in await asyncio.gather(*map(one_try, range(12))) for text in pair]
    taken = await all_taken(centre, len(texted))
    assert taken == Counter({UUID(message): 1 for message in texted})


async def test_a_text_signalled_twice_is_one_message_even_after_the_closing(
    centre: Centre,
) -> None:
    signal = ReceivedText(
        message_id="0f0e0d0c-0000-4000-8000-000000000001",
        text="help",
        received_at=datetime(2026, 1, 1, tzinfo=UTC),
        keyword=Keyword.help,
        provider_handled=True,
    )
    await centre.conversations.hand_over(centre.thread, [signal])
    await centre.when("closed")
    await centre.conversations.hand_over(centre.thread, [signal])
    handle = centre.client.get_workflow_handle(centre.thread.workflow_id)
    assert (await handle.result())["messages"] == 1
    assert len(await centre.all_conversations()) == 1


async def test_texts_sent_while_no_worker_lives_are_taken_in_order_when_one_comes(
    idle_centre: Centre,
) -> None:
    sent = [await idle_centre.text(f"text {number}") for number in range(5)]
    async with working(idle_centre):
        await all_taken(idle_centre, 5)
    transcript = await idle_centre.transcript()
    assert [str(m.id) for m in transcript if m.author == "consumer"] == sent


async def test_texts_that_come_together_open_a_conversation_and_stand_in_their_order(
    centre: Centre,
) -> None:
    sent = await centre.texts("one", "two", "three")
    await all_taken(centre, 3)
    sent += await centre.texts("four", "five")
    await all_taken(centre, 5)
    transcript = await centre.transcript()
    assert [str(m.id) for m in transcript if m.author == "consumer"] == sent
    assert len(await centre.all_conversations()) == 1


async def test_a_text_that_comes_again_with_later_ones_is_one_message(centre: Centre) -> None:
    first = await centre.texts("one", "two")
    await all_taken(centre, 2)
    every = await centre.texts("one", "two", "three", again=first)
    taken = await all_taken(centre, 3)
    assert taken == Counter({UUID(message): 1 for message in every})


async def test_a_text_of_a_closed_conversation_does_not_hold_up_a_later_one(centre: Centre) -> None:
    old = await _help(centre, centre.thread)
    await centre.when("closed")
    *_, new = await centre.texts("help", "hello", again=[old])
    taken = await all_taken(centre, 2)
    assert taken == Counter({UUID(message): 1 for message in (old, new)})
    first, second = await centre.all_conversations()
    assert (first.status, second.status) == ("closed", "waiting")


async def test_a_text_that_comes_again_after_its_workflow_was_terminated_is_one_message(
    centre: Centre,
) -> None:
    [old] = await centre.texts("one")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    await centre.client.get_workflow_handle(centre.thread.workflow_id).terminate()
    [new] = await centre.texts("two")
    await all_taken(centre, 2)
    *_, last = await centre.texts("one", "three", again=[old])
    taken = await all_taken(centre, 3)
    assert taken == Counter({UUID(message): 1 for message in (old, new, last)})
    assert len(await centre.all_conversations()) == 1


async def test_a_command_sent_again_with_its_key_is_done_once(centre: Centre) -> None:
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    command = Reply(key="same", actor=centre.brand.ann, text="Once.")
    answers = [await centre.give(command) for _ in range(3)]
    assert len({answer.message_id for answer in answers}) == 1
    assert [text for author, text in await centre.spoken() if author == "agent"] == ["Once."]
