"""Texts that ask for nothing join the closed conversation, whatever became of its workflow."""

from uuid import UUID

from database.tables import Conversation
from tests.fixtures.centre import Centre, eventually
from tests.workflows.test_taking import set_account
from workflows.conversation.commands import Close, Reply

DRIVING = "I'm driving right now and will see your message later."


async def rated(centre: Centre) -> Conversation:
    """Return a conversation that is over: closed, rated, and its workflow has ended."""
    await centre.text("hello")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    await centre.give(Close(key="close", actor=centre.brand.ann))
    await centre.when("survey")
    await centre.text("5")
    over = await centre.when("closed")
    await ended(centre)
    return over


async def ended(centre: Centre) -> None:
    await centre.client.get_workflow_handle(centre.thread.workflow_id).result()


async def stand(centre: Centre, *ids: str) -> None:
    """Wait until texts stand in a transcript."""

    async def are_there() -> bool:
        found = {str(row.id) for row in await centre.transcript()}
        return found >= set(ids)

    await eventually(are_there)


async def explained(centre: Centre, over: Conversation) -> list[str]:
    events = [event for event in await centre.events() if event.conversation_id == over.id]
    return [event.data["courtesy"] for event in events if event.kind == "opened_nothing"]


async def test_thanks_after_the_end_stand_in_the_closed_conversation(centre: Centre) -> None:
    over = await rated(centre)
    thanks = await centre.text("Thank you!")
    await stand(centre, thanks)
    await ended(centre)
    tapback = await centre.text("Liked “Thanks for rating us.”")
    await stand(centre, tapback)
    await ended(centre)
    [row] = await centre.all_conversations()
    assert (row.id, row.status, row.survey_score) == (over.id, "closed", 5)
    texts = await centre.transcript(over.id)
    assert [text.text for text in texts[-2:]] == ["Thank you!", "Liked “Thanks for rating us.”"]
    assert row.message_count == len(texts)
    assert await explained(centre, over) == ["thanks", "reaction"]


async def test_the_same_thanks_handed_over_again_stand_once(centre: Centre) -> None:
    over = await rated(centre)
    thanks = await centre.text("Thank you!")
    await stand(centre, thanks)
    await ended(centre)
    await centre.text("Thank you!", message_id=thanks)
    await centre.text("Thank you!", message_id=thanks, again=True)
    await ended(centre)
    [row] = await centre.all_conversations()
    texts = [text for text in await centre.transcript(row.id) if text.text == "Thank you!"]
    assert [text.id for text in texts] == [UUID(thanks)]
    assert await explained(centre, over) == ["thanks"]


async def test_a_request_behind_the_thanks_opens_the_next(centre: Centre) -> None:
    over = await rated(centre)
    thanks, request = await centre.texts("Thank you!", "But my order is still missing")
    opened = await centre.when("waiting")
    await stand(centre, thanks, request)
    where = {str(text.id): text.conversation_id for text in await centre.transcript()}
    assert (where[thanks], where[request]) == (over.id, opened.id)


async def test_thanks_and_no_conversation_before_open_one(centre: Centre) -> None:
    await centre.text("Thank you!")
    await centre.when("waiting")


async def test_where_the_account_says_so_thanks_open(centre: Centre) -> None:
    await set_account(centre, thanks_shown_seconds=0)
    over = await rated(centre)
    await centre.text("Thank you!")
    opened = await centre.when("waiting")
    assert opened.id != over.id


async def test_a_phone_that_answers_by_itself_costs_one_conversation(centre: Centre) -> None:
    await centre.text("hello, is it there?")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    await centre.give(Reply(key="reply", actor=centre.brand.ann, text="It is."))
    await stand(centre, await centre.text(DRIVING))
    await centre.give(Close(key="close", actor=centre.brand.ann))
    over = await centre.when("closed")
    assert over.survey_outcome is None
    for _ in range(3):
        await ended(centre)
        await stand(centre, await centre.text(DRIVING))
    [row] = await centre.all_conversations()
    said = [text.automatic for text in await centre.transcript(row.id) if text.automatic]
    assert said == ["first_welcome", "agent_joined"]
    assert await explained(centre, over) == ["automatic"] * 3
    await centre.text("I am back, did it come?")
    assert (await centre.when("waiting")).id != over.id
