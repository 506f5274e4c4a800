"""A consumer who changes to another language gets messages in it from then on."""

from domain.conversation.kinds import EventKind
from tests.fixtures.centre import Centre, eventually
from workflows.conversation.commands import Close

FRENCH = "Bonjour, je voudrais savoir quand mon colis va enfin arriver chez moi"


async def test_the_survey_is_asked_in_what_the_consumer_came_to_write(centre: Centre) -> None:
    await centre.text("?")
    await centre.assign(centre.brand.ann.agent_id, "Ann")
    assert (await centre.conversation()).language == "en"
    await centre.text(FRENCH)

    async def follows() -> bool:
        return (await centre.conversation()).language == "fr"

    await eventually(follows)
    await centre.give(Close(key="1", actor=centre.brand.ann))
    await centre.when("survey")
    asked = [one.text for one in await centre.transcript() if one.automatic == "survey_question"]
    assert len(asked) == 1
    assert "de 1" in asked[0]
    changes = [one for one in await centre.events() if one.kind == EventKind.language_set]
    assert [one.data["source"] for one in changes] == ["recognised"]
