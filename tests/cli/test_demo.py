from datetime import UTC, datetime

import pytest
from pwdlib import PasswordHash
from sqlalchemy import func, select, update

from cli.demo import seed
from database.engine import Sessions
from database.queries.effective import effective
from database.queries.policy import load_policy
from database.tables import Agent, Connector, Line, Skill
from domain.automatic.kinds import Automatic
from domain.languages import SUPPORTED
from domain.settings.scope import Origin
from embedded.keys import new_encryption_key
from providers.twilio.description import TwilioCredentials
from security.secrets import Keyring, SecretBox


async def test_the_demo_brand_can_be_added_twice(
    database_url: str, session_factory: Sessions
) -> None:
    key = new_encryption_key()
    await seed(database_url, key, simulator_url="http://127.0.0.1:8010")
    demo = await seed(database_url, key, simulator_url="http://127.0.0.1:9999")
    async with session_factory() as session:
        agents = list(await session.scalars(select(Agent).order_by(Agent.id)))
        connector = (await session.scalars(select(Connector))).one()
        assert await session.scalar(select(func.count()).select_from(Line)) == 2
        assert await session.scalar(select(func.count()).select_from(Skill)) == 3
    hashes = {agent.email: agent.password_hash for agent in agents}
    assert len(hashes) == 4
    assert all(
        PasswordHash.recommended().verify(one.password, hashes[one.email]) for one in demo.log_ins
    )
    assert [line.number for line in demo.lines] == ["+15550100001", "+15550100002"]
    assert connector.api_url == "http://127.0.0.1:9999"
    credentials = SecretBox(Keyring.parse(key)).unseal(connector.secret, TwilioCredentials)
    assert credentials.account_sid.startswith("AC")


async def test_the_demo_brand_leaves_alone_what_was_changed(
    database_url: str, session_factory: Sessions
) -> None:
    key = new_encryption_key()
    await seed(database_url, key, simulator_url="http://127.0.0.1:8010")
    async with session_factory.begin() as session:
        await session.execute(update(Connector).values(api_url=None))
        await session.execute(update(Line).values(name="Renamed"))
    await seed(database_url, key, simulator_url="http://127.0.0.1:8010")
    async with session_factory() as session:
        assert (await session.scalars(select(Connector.api_url))).one() is None
        assert set(await session.scalars(select(Line.name))) == {"Renamed"}


async def test_all_of_the_demo_brand_has_ids_that_its_admin_could_give(
    database_url: str, session_factory: Sessions
) -> None:
    await seed(database_url, new_encryption_key(), simulator_url="http://127.0.0.1:8010")
    async with session_factory() as session:
        for table in (Agent, Connector, Line, Skill):
            ids = set(await session.scalars(select(table.id)))
            assert ids
            assert all(one.startswith("acme-") for one in ids)


async def test_the_demo_brand_comes_up_where_its_admin_retired_a_part_of_it(
    database_url: str, session_factory: Sessions
) -> None:
    key = new_encryption_key()
    await seed(database_url, key, simulator_url="http://127.0.0.1:8010")
    async with session_factory.begin() as session:
        for table in (Line, Connector, Skill):
            await session.execute(update(table).values(retired_at=datetime.now(UTC)))
    demo = await seed(database_url, key, simulator_url="http://127.0.0.1:8010")
    assert demo.lines == []


async def test_the_demo_brand_speaks_german_on_its_sales_line(
    database_url: str, session_factory: Sessions
) -> None:
    await seed(database_url, new_encryption_key(), simulator_url="http://127.0.0.1:8010")
    async with session_factory() as session:
        held = await effective(session, "acme", "acme-sales")
    texts = {event: one.value for event, one in held.texts.items()}
    assert texts[Automatic.first_welcome].text.startswith("Hallo, hier ist {brand}!")
    assert texts[Automatic.survey_question].language == "de"
    assert held.survey.origin is not Origin.default


@pytest.mark.parametrize("language", SUPPORTED)
async def test_a_consumer_of_the_demo_brand_reads_one_language_all_through(
    database_url: str, session_factory: Sessions, language: str
) -> None:
    await seed(database_url, new_encryption_key(), simulator_url="http://127.0.0.1:8010")
    async with session_factory() as session:
        held = await effective(session, "acme", "acme-support", language=language)
        texts = await load_policy(
            session, "acme", "acme-support", "acme-support", datetime.now(UTC), language
        )
    said = {event: one.value for event, one in held.texts.items() if one.value.enabled}
    assert {one.language for one in said.values()} == {language}
    assert {event: one.text for event, one in said.items()} == texts.texts
    assert texts.text_languages == {}
