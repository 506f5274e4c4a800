"""Scripted conversations that begin with more than a text, or that a bot serves: see `scripts`."""

from domain.origins.kinds import OriginKind
from domain.origins.origin import Context, Origin
from tests.fixtures.bots import posting, says, served_by_bot
from tests.fixtures.centre import Centre, eventually, working
from tests.fixtures.receiver import DRIPPING, receiver
from tests.histories.scripts import finished, record
from tests.workflows.test_invitations import invited
from workflows.conversation.commands import Close, OpenByAgent, Reply
from workflows.conversation.commands import TransferToSkill as ToSkill


async def test_opened_by_an_answer_and_resumed(centre: Centre) -> None:
    """A reply to a text without a conversation opens one; an agent continues it once closed."""
    brand = centre.brand
    await invited(centre)
    await centre.text("Where exactly?")
    await centre.assign(brand.ann.agent_id, "Ann")
    await centre.give(Reply(key="1", actor=brand.ann, text="At the door"))
    await centre.give(Close(key="2", actor=brand.ann))
    await centre.when("survey")
    await centre.text("5")
    closed = await centre.when("closed")
    context = Context(reason="Parcel", link="https://crm.example.com/1")
    origin = Origin(kind=OriginKind.follow_up, id=str(closed.id), context=context)
    again = OpenByAgent(
        key="3", actor=brand.ann, text="Found it?", skill_id=brand.support, origin=origin
    )
    await centre.conversations.open(centre.thread, again)
    await centre.text("yes")
    await centre.give(Close(key="4", actor=brand.ann))
    await centre.when("survey")
    await centre.text("4")
    await finished(centre)
    await record(centre, "opened_by_an_answer_and_resumed")


async def test_served_by_a_bot(idle_centre: Centre) -> None:
    """It answers, is asked once more for what came meanwhile, is late, and gets it again."""
    centre, brand = idle_centre, idle_centre.brand
    async with receiver() as bot, posting() as posts, working(centre, posts=posts):
        await served_by_bot(centre.sessions, brand, bot.url, deadline_seconds=2)
        bot.answers = [
            says(1, "Hello!"),
            DRIPPING,
            says(3, action={"kind": "person"}, notes="No idea."),
            says(4, "Bye.", action={"kind": "close"}),
        ]
        await centre.text("hello")
        await has_said(centre, "bot", 1)
        await centre.texts("are you there?", "hello?")
        await has_said(centre, "note", 1)
        await centre.assign(brand.ann.agent_id, "Ann")
        await centre.give(Reply(key="1", actor=brand.ann, text="Hi"))
        await centre.give(ToSkill(key="2", actor=brand.ann, skill_id=brand.support))
        await has_said(centre, "note", 2)
        await centre.assign(brand.ben.agent_id, "Ben")
        await centre.give(ToSkill(key="3", actor=brand.ben, skill_id=brand.support))
        await centre.when("closed")
        await finished(centre)
        await record(centre, "served_by_a_bot")


async def has_said(centre: Centre, author: str, times: int) -> None:
    async def stands() -> bool:
        return [one for one, _ in await centre.spoken()].count(author) == times

    await eventually(stands)
