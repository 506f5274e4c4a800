"""The settings read for a line and a skill are those that the rules say can apply."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from database.engine import Sessions
from database.queries import automatic_messages, automatic_rows, surveys, timers
from database.queries.effective import effective
from database.queries.policy import load_policy, load_settings
from database.tables import Line
from domain.automatic.catalogue import OF_THE_SURVEY, TIMED
from domain.automatic.kinds import Automatic, Timer
from domain.automatic.message_timers import TimerSetting, resolve_timers
from domain.automatic.wordings import Wording, resolve_texts
from domain.people.roles import Role
from domain.settings.scope import Scope, reaches
from domain.survey.design import SurveyDesign
from tests.fixtures.brand import Brand
from tests.services.callers import caller
from web.admin.scopes import load_brand

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
EVENTS = [Automatic.welcome, Automatic.waiting_in_queue, Automatic.survey_question]


async def some_settings(session: AsyncSession, brand: Brand, seed: int) -> Scope:
    """Set texts, timers and surveys in many scopes; return what the line belongs to."""
    chance = random.Random(seed)
    lines = (await session.scalars(select(Line).where(Line.account_id == brand.account_id))).all()
    line = next(line for line in lines if line.id == brand.line_id)
    of_skills = [Scope(skill_id=brand.support), Scope(skill_id=brand.sales)]
    of_connectors = [Scope(connector_id=line.connector_id)]
    anywhere = [Scope(), *(Scope(line_id=one.id) for one in lines)]
    account_id = brand.account_id
    for event in EVENTS:
        others = of_connectors if event in OF_THE_SURVEY else of_skills
        for of in [*anywhere, *others]:
            of_three = (of.line_id, of.skill_id, of.connector_id)
            language, text = chance.choice(["en", "de", "pt-BR"]), f"{event} {of}"
            wording = Wording(event, language, text, chance.random() < 0.7, *of_three)
            if chance.random() < 0.7:
                await automatic_messages.put(session, account_id, wording)
            timer = Timer(delay=timedelta(minutes=chance.randint(1, 90)))
            if event in TIMED and chance.random() < 0.7:
                await timers.put(session, account_id, TimerSetting(event, timer, *of_three[:2]))
    for of in [*anywhere, *of_connectors]:
        if chance.random() < 0.5:
            design = SurveyDesign(sample_percent=chance.randint(1, 100))
            where = {"line_id": of.line_id, "connector_id": of.connector_id}
            await surveys.put(session, account_id, design, **where)
    return Scope(line.id, brand.support, line.connector_id)


@pytest.mark.parametrize("seed", range(3))
async def test_the_settings_read_are_those_that_apply_to_the_line_and_its_skill(
    session_factory: Sessions, brand: Brand, seed: int
) -> None:
    async with session_factory() as session:
        around = await some_settings(session, brand, seed)
        held = await load_settings(session, brand.account_id, brand.line_id, brand.support)
        account_id = brand.account_id
        texts = await automatic_messages.listed(session, account_id)
        every = [automatic_rows.wording(row) for row in texts]
        assert set(held.texts) == {one for one in every if reaches(one.scope, around)}
        timed = map(automatic_rows.timing, await timers.listed(session, account_id))
        assert set(held.timers) == {one for one in timed if reaches(one.scope, around)}
        asked = map(surveys.design, await surveys.listed(session, account_id))
        reaching = [one for one in asked if reaches(one.source.scope, around)]
        assert sorted(map(str, held.surveys)) == sorted(map(str, reaching))


@pytest.mark.parametrize("language", ["en", "de", "pt", "nl"])
async def test_conversations_the_api_and_the_pages_go_by_the_same_settings(
    session_factory: Sessions, brand: Brand, language: str
) -> None:
    who = (brand.account_id, brand.line_id)
    async with session_factory() as session:
        await some_settings(session, brand, seed=len(language) + ord(language[0]))
        policy = await load_policy(session, *who, brand.support, NOW, language)
        held = await effective(session, *who, brand.support, language)
        on = {event: one.value for event, one in held.texts.items() if one.value.enabled}
        assert policy.texts == {event: one.text for event, one in on.items()}
        assert policy.timers == {
            event: one.value for event, one in held.timers.items() if event in on
        }
        assert policy.survey.sample_percent == held.survey.value.sample_percent
        page = await load_brand(caller(brand.account_id, Role.admin), session)
        around = page.applying(page.scope(f"line:{brand.line_id}"))
        rows = map(
            automatic_rows.wording, await automatic_messages.listed(session, brand.account_id)
        )
        shown = [one for one in rows if reaches(one.scope, around)]
        tongue = page.tongue(held.language.value)
        scale = policy.survey.scale
        assert resolve_texts(shown, tongue, scale).keys() == held.texts.keys()
        assert {event: one.value for event, one in resolve_texts(shown, tongue, scale).items()} == {
            event: one.value for event, one in held.texts.items()
        }
        timed = map(automatic_rows.timing, await timers.listed(session, brand.account_id))
        shown_timers = resolve_timers(one for one in timed if reaches(one.scope, around))
        assert {event: one.source for event, one in shown_timers.items()} == {
            event: one.source for event, one in held.timers.items()
        }
