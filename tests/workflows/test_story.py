"""One conversation from the first text to the rating, with real parts."""

from tests.fixtures.centre import Centre, eventually
from workflows.conversation.commands import Close, Reply, TransferToSkill


async def test_a_conversation_is_opened_answered_transferred_closed_and_rated(
    centre: Centre,
) -> None:
    brand = centre.brand
    await centre.text("hello")
    await centre.assign(brand.ann.agent_id, "Ann")
    await centre.give(Reply(key="r1", actor=brand.ann, text="Hi, how can I help?"))
    await centre.give(TransferToSkill(key="t1", actor=brand.ann, skill_id=brand.sales))
    await centre.assign(brand.ben.agent_id, "Ben")
    await centre.give(Reply(key="r2", actor=brand.ben, text="Sales here."))
    await centre.give(Close(key="c1", actor=brand.ben))
    await centre.when("survey")
    await centre.text("4!")
    row = await centre.when("closed")
    assert (row.survey_score, row.survey_agent_id) == (4, brand.ben.agent_id)
    assert await centre.spoken() == [
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
        return len(await centre.phone()) == 9

    await eventually(all_arrived)
    sent = [m.text for m in await centre.transcript() if m.author != "consumer"]
    assert await centre.phone() == sent
    result = await centre.client.get_workflow_handle(centre.thread.workflow_id).result()
    assert result["score"] == 4
