"""The version of an account's settings: it changes with every setting."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, update
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncEngine

from activities.policies import KnownPolicies, PolicyKey
from database.engine import Sessions
from database.queries.policy import load_policy
from database.queries.settings_version import SETTINGS, SETTINGS_VERSION
from database.tables import Skill
from domain.policy.policy import Policy
from tests.fixtures.brand import Brand

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


async def mark(sessions: Sessions, brand: Brand) -> str | None:
    row = await sessions.direct.fetch_one(SETTINGS_VERSION, {"account_id": brand.account_id})
    return row[0] if row else None


async def test_every_table_a_policy_is_read_from_is_in_the_version(
    engine: AsyncEngine, session_factory: Sessions, brand: Brand
) -> None:
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    async with session_factory() as session:
        changed = update(Skill).where(Skill.id == brand.support)
        await session.execute(changed.values(transfer_targets="listed", has_own_hours=True))
        statements.clear()
        await load_policy(session, brand.account_id, brand.line_id, brand.support, NOW)
    read = {name for one in statements for name in re.findall(r"(?:FROM|JOIN) (\w+)", one)}
    assert read == set(SETTINGS)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE account SET brand = brand WHERE id = :account",
        "UPDATE skill SET name = name WHERE account_id = :account",
        "DELETE FROM automatic_message WHERE account_id = :account",
        "INSERT INTO working_period (account_id, weekday, opens_minute, closes_minute) "
        "VALUES (:account, 0, 60, 120)",
    ],
)
async def test_a_change_changes_the_version(
    session_factory: Sessions, brand: Brand, change: str
) -> None:
    async with session_factory.begin() as session:
        await session.execute(
            sql(
                "INSERT INTO automatic_message (account_id, event, language, text) "
                "VALUES (:account, 'welcome', 'en', 'Hello')"
            ),
            {"account": brand.account_id},
        )
    before = await mark(session_factory, brand)
    assert await mark(session_factory, brand) == before
    async with session_factory.begin() as session:
        await session.execute(sql(change), {"account": brand.account_id})
    assert await mark(session_factory, brand) != before


async def test_a_policy_is_read_once_and_again_when_a_setting_changed(
    session_factory: Sessions, brand: Brand
) -> None:
    policies, wanted = KnownPolicies(), PolicyKey(brand.account_id, brand.line_id, brand.support)

    async def load() -> Policy:
        known = await mark(session_factory, brand)
        return await policies.load(session_factory, wanted, known, NOW)

    first = await load()
    assert await load() is first
    async with session_factory.begin() as session:
        named = update(Skill).where(Skill.id == brand.support).values(name="Help")
        await session.execute(named)
    assert (await load()).skill_name == "Help"


async def test_the_policy_nobody_used_for_longest_is_forgotten_first(
    session_factory: Sessions, brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activities.policies.MOST_KEPT", 2)
    policies = KnownPolicies()

    async def load(language: str) -> Policy:
        wanted = PolicyKey(brand.account_id, brand.line_id, brand.support, language)
        return await policies.load(session_factory, wanted, "unchanged", NOW)

    english, german = await load("en"), await load("de")
    assert await load("en") is english
    await load("fr")
    assert await load("en") is english
    assert await load("de") is not german
