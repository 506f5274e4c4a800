"""A consumer's language is recognised, kept, and applied to their conversation."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, update
from temporalio.testing import ActivityEnvironment

from activities.contract import (
    LoadedOpening,
    OpeningRequest,
    PolicyRequest,
    Recognised,
    Step,
    Terms,
    TextToRecognise,
    ThreadInHand,
)
from activities.journal import Journal
from activities.language import Languages
from database.engine import Sessions
from database.tables import AutomaticMessage, Consumer, Inbound, Line
from domain.automatic.kinds import Automatic
from domain.conversation.conversation import Conversation as Core
from domain.conversation.inputs import Identity, ReceivedText, begin
from languages.recognition import Recogniser
from temporal.conversations import Thread
from tests.activities.test_journal import NOW
from tests.fixtures.brand import Brand, new_thread

GERMAN = "Guten Tag, meine Bestellung ist leider noch nicht angekommen"
FRENCH = "Bonjour, je voudrais savoir quand mon colis va enfin arriver chez moi"


class Scenario:
    """A consumer whose texts arrive, open a conversation, and are journalled."""

    def __init__(self, sessions: Sessions, thread: Thread, recogniser: Recogniser) -> None:
        self.sessions = sessions
        self.thread = thread
        self.journal = Journal(sessions, recogniser)
        self.languages = Languages(sessions, recogniser)

    @property
    def row(self) -> UUID:
        return UUID(self.thread.consumer_id)

    @property
    def held(self) -> ThreadInHand:
        """Return what a workflow holds that knows no conversation yet."""
        return ThreadInHand(line_id=self.thread.line_id, consumer_id=self.thread.consumer_id)

    async def arrives(self, text: str) -> str:
        """Have a text arrive at the webhook; returns its id."""
        message_id = uuid4()
        async with self.sessions.begin() as session:
            line = (await session.scalars(select(Line))).one()
            values = {
                "id": message_id,
                "account_id": line.account_id,
                "connector_id": line.connector_id,
                "line_id": line.id,
                "consumer_id": self.row,
                "provider_message_id": str(message_id),
                "text": text,
            }
            await session.execute(insert(Inbound).values(values))
        return str(message_id)

    async def opening(self, text: str) -> LoadedOpening:
        request = OpeningRequest(
            account_id=self.thread.account_id,
            held=self.held,
            message_id=await self.arrives(text),
        )
        return await ActivityEnvironment().run(self.journal.load_opening, request)

    async def opened(self, text: str) -> Core:
        found = terms_of(await self.opening(text))
        thread = self.thread
        identity = Identity(str(uuid4()), thread.account_id, thread.line_id, thread.consumer_id)
        core = Core(begin(identity, found.policy, found.consumer, "consumer", NOW), found.policy)
        core.opened_by_consumer(
            ReceivedText(str(uuid4()), text, received_at=NOW), found.consumer, NOW
        )
        return core

    async def written(self, core: Core) -> Recognised:
        """Journal a step, and return the language recognised in its text."""
        effects = core.take_effects()
        core.state.sequence += 1
        step = Step(
            workflow_id="w",
            conversation=core.state,
            policy=core.policy,
            effects=effects,
            held=self.held,
        )
        await ActivityEnvironment().run(self.journal.journal, step)
        assert step.consumer_text is not None
        text = TextToRecognise(
            account_id=core.state.account_id,
            consumer_id=core.state.consumer_id,
            text=step.consumer_text,
            language=core.state.language,
        )
        return await ActivityEnvironment().run(self.languages.recognise, text)

    async def known(self) -> tuple[str | None, str | None]:
        async with self.sessions() as session:
            columns = select(Consumer.language, Consumer.language_source)
            row = (await session.execute(columns.where(Consumer.id == self.row))).one()
            return row.language, row.language_source

    async def say(self, **values: str) -> None:
        """Have an agent set the consumer's language."""
        async with self.sessions.begin() as session:
            await session.execute(update(Consumer).where(Consumer.id == self.row).values(**values))


def terms_of(opening: LoadedOpening) -> Terms:
    assert opening.terms, "nothing stands in the way"
    return opening.terms


@pytest.fixture
async def scenario(session_factory: Sessions, brand: Brand, recogniser: Recogniser) -> Scenario:
    return Scenario(session_factory, await new_thread(session_factory, brand), recogniser)


async def test_the_welcome_is_in_the_language_of_the_first_text(scenario: Scenario) -> None:
    core = await scenario.opened(GERMAN)
    assert core.policy.language == core.state.language == "de"
    assert "Willkommen" in core.policy.texts[Automatic.first_welcome]
    assert (await scenario.written(core)).language is None
    assert await scenario.known() == ("de", "recognised")


async def test_a_conversation_is_told_when_its_consumer_goes_over_to_another_language(
    scenario: Scenario,
) -> None:
    core = await scenario.opened("?")
    assert (await scenario.written(core)).language is None
    assert await scenario.known() == (None, None)
    core.consumer_texted(ReceivedText(str(uuid4()), FRENCH, received_at=NOW), NOW)
    assert (await scenario.written(core)).language == "fr"
    assert await scenario.known() == ("fr", "recognised")


async def test_a_language_set_by_hand_is_not_changed_by_a_text(scenario: Scenario) -> None:
    await scenario.say(language="it", language_source="agent")
    core = await scenario.opened(GERMAN)
    assert core.policy.language == "it"
    assert (await scenario.written(core)).language is None
    assert await scenario.known() == ("it", "agent")


async def test_an_open_conversation_follows_what_was_set_by_hand_with_the_next_text(
    scenario: Scenario,
) -> None:
    core = await scenario.opened(GERMAN)
    await scenario.written(core)
    await scenario.say(language="es", language_source="api")
    core.consumer_texted(ReceivedText(str(uuid4()), GERMAN, received_at=NOW), NOW)
    assert (await scenario.written(core)).language == "es"


async def test_a_language_without_region_is_the_kind_the_brand_has(
    scenario: Scenario, session_factory: Sessions
) -> None:
    async with session_factory.begin() as session:
        await session.execute(update(Line).values(language="de-AT"))
        text = {"account_id": scenario.thread.account_id, "event": "welcome", "text": "Servus!"}
        await session.execute(insert(AutomaticMessage).values(text | {"language": "de-AT"}))
    core = await scenario.opened(GERMAN)
    assert core.policy.language == "de-AT"
    assert core.policy.texts[Automatic.welcome] == "Servus!"
    assert (await scenario.written(core)).language is None


async def test_a_policy_is_read_in_the_language_asked_for(scenario: Scenario, brand: Brand) -> None:
    request = PolicyRequest(
        account_id=brand.account_id,
        line_id=brand.line_id,
        skill_id=brand.sales,
        at=NOW,
        language="pt",
    )
    policy = await ActivityEnvironment().run(scenario.journal.load_policy, request)
    assert (policy.language, policy.skill_id) == ("pt", brand.sales)


async def test_a_text_of_another_consumer_is_not_looked_at(
    scenario: Scenario, session_factory: Sessions, brand: Brand
) -> None:
    other = await new_thread(session_factory, brand, "+15550199")
    stranger = Scenario(session_factory, other, scenario.journal.recogniser)
    request = OpeningRequest(
        account_id=brand.account_id,
        held=scenario.held,
        message_id=await stranger.arrives(GERMAN),
    )
    opening = await ActivityEnvironment().run(scenario.journal.load_opening, request)
    assert terms_of(opening).policy.language == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [("ALTO", "es"), ("arrêt svp", "fr"), ("Hilfe", "de"), ("STOP", "en"), ("parar", "en")],
)
async def test_a_keyword_as_the_first_text_is_confirmed_in_its_language_and_says_nothing_more(
    session_factory: Sessions, brand: Brand, recogniser: Recogniser, text: str, language: str
) -> None:
    scenario = Scenario(session_factory, await new_thread(session_factory, brand), recogniser)
    opening = await scenario.opening(text)
    assert opening.terms is not None
    assert opening.terms.policy.language == language
    async with session_factory() as session:
        query = select(Consumer.language).where(Consumer.id == scenario.row)
        assert (await session.scalars(query)).one() is None
