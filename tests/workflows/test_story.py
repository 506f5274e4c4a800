"""One conversation from the first text to the rating, over real parts."""

from tests.fixtures.floor import Floor, eventually
from workflows.conversation.messages import Close, Reply, TransferToSkill


async def test_a_conversation_is_opened_answered_transferred_closed_and_rated(
    floor: Floor,
) -> None:
    brand = floor.brand
    await floor.text("hello")
    await floor.assign(brand.ann.agent_id, "Ann")
    await floor.give(Reply(key="r1", actor=brand.ann, text="Hi, how can I help?"))
    await floor.give(TransferToSkill(key="t1", actor=brand.ann, skill_id=brand.sales))
    await floor.assign(brand.ben.agent_id, "Ben")
    await floor.give(Reply(key="r2", actor=brand.ben, text="Sales here."))
    await floor.give(Close(key="c1", actor=brand.ben))
    await floor.when("survey")
    await floor.text("4!")
    row = await floor.when("closed")
    assert (row.survey_score, row.survey_agent_id) == (4, brand.ben.agent_id)
    assert await floor.spoken() == [
        ("consumer", "hello"),
        ("system", "first_welcome"),
        ("system", "agent_joined"),
        ("agent", "Hi, how can I help?"),
        ("system", "transferred_to_skill"),
        ("system", "agent_joined"),
        ("agent", "Sales here."),
        ("system", "closed_by_agent"),
        ("system", "survey_question"),
        ("consumer", "4!"),
        ("system", "survey_thanks"),
    ]

    async def all_arrived() -> bool:
        return len(await floor.phone()) == 9

    await eventually(all_arrived)
    sent = [m.text for m in await floor.transcript() if m.author != "consumer"]
    assert await floor.phone() == sent
    result = await floor.client.get_workflow_handle(floor.thread.workflow_id).result()
    assert result["score"] == 4
