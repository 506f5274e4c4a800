"""Conversations whose database and workflow were restored to one moment tell nobody twice."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import text as sql

from database.restored import STATEMENTS
from database.tables import AutomaticTimer, Message
from domain.consent.keyword import Keyword
from outgoing.signed_posts import SignedPosts
from tests.fixtures.bots import says, served_by_bot
from tests.fixtures.centre import Centre, eventually, working
from tests.fixtures.moments import Moment, moment_of, put_back
from tests.fixtures.receiver import Receiver
from tests.workflows.test_batches import cannot_look_up
from tests.workflows.test_bots import bot, posts
from workflows.conversation.commands import Reply

__all__ = ["bot", "posts"]

REMINDER = "consumer_silent"


@pytest.mark.parametrize("lists", [True, False], ids=["a list", "no list"])
async def test_a_reminder_that_was_due_before_the_restore_reaches_the_consumer_once(
    idle_centre: Centre, monkeypatch: pytest.MonkeyPatch, lists: bool
) -> None:
    centre = idle_centre
    async with working(centre):
        moment = await answered(centre, reminded_after=5)
        reminder = await left(centre, REMINDER)
    if not lists:
        cannot_look_up(monkeypatch)
    await restored(centre, moment)
    async with working(centre):
        again = await settled(centre, REMINDER)
    assert (await centre.phone()).count(reminder.text) == 1
    # Where nobody can look it up, its agent decides.
    assert (again.provider_message_id, again.failure_code) == (
        (reminder.provider_message_id, None) if lists else (None, "unconfirmed")
    )


async def test_a_reminder_that_is_due_after_the_restore_leaves_where_no_text_can_be_looked_up(
    idle_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre = idle_centre
    cannot_look_up(monkeypatch)
    async with working(centre):
        moment = await answered(centre, reminded_after=15)
    await restored(centre, moment)
    async with working(centre):
        await is_heard(centre, await left(centre, REMINDER))


async def test_what_a_bot_answered_before_the_restore_reaches_the_consumer_once(
    idle_centre: Centre, bot: Receiver, posts: SignedPosts
) -> None:
    """The consumer's text is fetched again from the provider's list."""
    centre = idle_centre
    await served_by_bot(centre.sessions, centre.brand, bot.url)
    bot.usual = says(1, "We open at nine.")
    moment = await moment_of(url_of(centre))
    async with working(centre, posts=posts):
        texted_at = datetime.now(UTC)
        await centre.text("When do you open?")
        await left(centre, "bot")
    await restored(centre, moment)
    async with working(centre, posts=posts):
        await centre.text("When do you open?", sent_at=texted_at)
        await settled(centre, "bot")
    assert [text for text in await centre.phone() if "We open at nine." in text] == [
        (await settled(centre, "bot")).text
    ]


async def test_the_answers_to_a_text_that_is_fetched_again_reach_the_consumer_once(
    idle_centre: Centre,
) -> None:
    """A keyword's, and the name of the agent for whom the consumer had waited."""
    centre, ann = idle_centre, idle_centre.brand.ann
    moment = await moment_of(url_of(centre))
    async with working(centre):
        texted_at = datetime.now(UTC)
        await centre.text("hello")
        await centre.assign(ann.agent_id, "Ann")
        await centre.text("HELP", keyword=Keyword.help)
        first = [await left(centre, kind) for kind in ("agent_joined", "help")]
    await restored(centre, moment)
    async with working(centre):
        await centre.text("hello", sent_at=texted_at)
        await centre.assign(ann.agent_id, "Ann")
        await centre.text("HELP", keyword=Keyword.help, sent_at=texted_at)
        for kind in ("agent_joined", "help"):
            await settled(centre, kind)
    heard = await centre.phone()
    assert [heard.count(one.text) for one in first] == [1, 1]


async def test_the_answers_to_a_text_that_comes_after_the_restore_leave_without_a_look_up(
    idle_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre = idle_centre
    cannot_look_up(monkeypatch)
    async with working(centre):
        moment = await answered(centre, reminded_after=60)
    await restored(centre, moment)
    async with working(centre):
        await centre.text("HELP", keyword=Keyword.help)
        await left(centre, "help")


async def answered(centre: Centre, *, reminded_after: int) -> Moment:
    """Return the moment at which a consumer was answered, and is reminded in so many seconds."""
    await is_answered(centre, reminded_after=reminded_after)
    return await moment_of(url_of(centre))


async def is_answered(centre: Centre, *, reminded_after: int) -> None:
    """Let a consumer be answered, who is reminded in so many seconds."""
    async with centre.sessions.begin() as session:
        timer = {"event": REMINDER, "delay_seconds": reminded_after, "repeats": 1}
        session.add(AutomaticTimer(account_id=centre.brand.account_id, **timer))
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    await centre.give(Reply(key="1", actor=centre.brand.ann, text="Hi"))


async def restored(centre: Centre, moment: Moment) -> None:
    """Put both databases back to a moment while nobody works, and do what the runbook says."""
    await centre.client.get_workflow_handle(centre.thread.workflow_id).terminate()
    await put_back(url_of(centre), moment)
    async with centre.sessions.begin() as session:
        for statement in STATEMENTS:
            await session.execute(sql(statement))
    if await centre.all_conversations():
        # It adopts the step of then, and knows no more, as one does that was restored as well.
        await centre.conversations.look_again(centre.thread)


async def left(centre: Centre, kind: str) -> Message:
    """Wait until a text has left. `kind`: of an automatic message, or its author."""
    return await _found(centre, kind, lambda text: text.provider_message_id is not None)


async def is_heard(centre: Centre, message: Message) -> None:
    """Wait until a text that has left is on the phone: its carrier brings it in its own time."""

    async def is_there() -> bool:
        return message.text in await centre.phone()

    await eventually(is_there)


async def settled(centre: Centre, kind: str) -> Message:
    """Wait until a text has left, or will not leave by itself."""
    return await _found(
        centre, kind, lambda text: text.provider_message_id is not None or text.status == "unknown"
    )


async def _found(centre: Centre, kind: str, is_so: Callable[[Message], bool]) -> Message:
    async def found() -> Message | None:
        ours = [one for one in await centre.transcript() if kind in (one.automatic, one.author)]
        return ours[-1] if ours and is_so(ours[-1]) else None

    message = await eventually(found)
    assert message is not None
    return message


def url_of(centre: Centre) -> str:
    return str(centre.settings.database.database_url)
