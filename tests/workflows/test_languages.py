"""A consumer who changes over to another language is spoken to in it from there on."""

from domain.conversation.kinds import EventKind
from tests.fixtures.floor import Floor, eventually
from workflows.conversation.messages import Close

FRENCH = "Bonjour, je voudrais savoir quand mon colis va enfin arriver chez moi"


async def test_the_survey_is_asked_in_what_the_consumer_came_to_write(floor: Floor) -> None:
    await floor.text("?")
    await floor.assign(floor.brand.ann.agent_id, "Ann")
    assert (await floor.conversation()).language == "en"
    await floor.text(FRENCH)

    async def follows() -> bool:
        return (await floor.conversation()).language == "fr"

    await eventually(follows)
    await floor.give(Close(key="1", actor=floor.brand.ann))
    await floor.when("survey")
    asked = [one.text for one in await floor.transcript() if one.automatic == "survey_question"]
    assert len(asked) == 1
    assert "de 1" in asked[0]
    changes = [one for one in await floor.events() if one.kind == EventKind.language_set]
    assert [one.data["source"] for one in changes] == ["recognised"]
