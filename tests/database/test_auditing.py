"""The audit log is written by the database itself, whoever changes a setting."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError

from database.auditing.acting import ACTING, Acting
from database.auditing.tables import AUDITED, HIDDEN, NOT_AUDITED
from database.auditing.trigger import arguments_of
from database.engine import Sessions
from database.queries import audit
from database.tables import (
    AgentSkill,
    AuditEntry,
    Connector,
    ExportSchedule,
    Line,
    LineKeyword,
    SavedReply,
    Skill,
)
from database.tables.base import Table
from services.clock import utc_now
from tests.fixtures.brand import Brand

NUL = chr(92) + "000"
"""How PostgreSQL writes the byte that separates arguments."""
TRIGGERS = sql("""
    SELECT tgrelid::regclass::text AS name, encode(tgargs, 'escape') AS arguments
    FROM pg_trigger WHERE tgname = 'audited'
""")


@pytest.fixture
def mia_acts(brand: Brand) -> Iterator[None]:
    token = ACTING.set(Acting(brand.mia.agent_id, brand.mia.agent_id, "page", "192.0.2.1", "r1"))
    yield
    ACTING.reset(token)


async def entries(sessions: Sessions, subject: str) -> list[AuditEntry]:
    async with sessions() as session:
        query = select(AuditEntry).where(AuditEntry.subject == subject).order_by(AuditEntry.id)
        return list(await session.scalars(query))


def test_every_table_is_in_the_log_or_not_for_a_reason() -> None:
    tables = set(Table.metadata.tables)
    assert tables - AUDITED.keys() - NOT_AUDITED.keys() == set(), (
        "add a table of settings to AUDITED and call `audit` in its migration, "
        "and any other to NOT_AUDITED"
    )
    assert not AUDITED.keys() & NOT_AUDITED.keys()
    assert (AUDITED.keys() | NOT_AUDITED.keys()) - tables == set()


async def test_the_triggers_are_those_of_the_list(session_factory: Sessions) -> None:
    async with session_factory() as session:
        rows = await session.execute(TRIGGERS)
        there = {row.name: tuple(row.arguments.split(NUL)[:-1]) for row in rows}
    assert there == {name: arguments_of(one) for name, one in AUDITED.items()}


def test_no_column_that_sounds_like_a_secret_is_shown() -> None:
    for name in AUDITED:
        columns = Table.metadata.tables[name].columns.keys()
        doubtful = [one for one in columns if "secret" in one or "hash" in one or "password" in one]
        assert set(doubtful) <= HIDDEN, name


async def test_a_change_tells_who_by_which_door_and_what_was_before(
    session_factory: Sessions, brand: Brand, mia_acts: None
) -> None:
    async with session_factory.begin() as session:
        line = await session.get_one(Line, brand.line_id)
        line.name, line.priority = "Help line", 5
    [_, changed] = await entries(session_factory, "line")
    assert (changed.action, changed.subject_id, changed.name) == (
        "changed",
        brand.line_id,
        "Help line",
    )
    assert changed.before == {"name": "Support line", "priority": 0}
    assert changed.after == {"name": "Help line", "priority": 5}
    assert (changed.account_id, changed.actor) == (brand.account_id, brand.mia.agent_id)
    assert (changed.door, changed.address, changed.request_id) == ("page", "192.0.2.1", "r1")


async def test_statements_count_as_much_as_rows_and_parts_belong_to_their_account(
    session_factory: Sessions, brand: Brand, mia_acts: None
) -> None:
    async with session_factory.begin() as session:
        session.add(LineKeyword(line_id=brand.line_id, keyword="sale", skill_id=brand.sales))
        await session.execute(delete(AgentSkill).where(AgentSkill.agent_id == brand.ben.agent_id))
        await session.execute(update(Skill).where(Skill.id == brand.sales).values(priority=3))
    [keyword] = await entries(session_factory, "line_keyword")
    assert (keyword.account_id, keyword.subject_id, keyword.name) == (
        brand.account_id,
        brand.line_id,
        "Support line",
    )
    removed = [one for one in await entries(session_factory, "agent_skill") if one.before]
    assert {one.before["skill_id"] for one in removed} == {brand.support, brand.sales}
    assert {one.actor for one in removed} == {brand.mia.agent_id}


async def test_saved_replies_of_all_are_in_the_log_and_ones_own_are_not(
    session_factory: Sessions, brand: Brand, mia_acts: None
) -> None:
    async with session_factory.begin() as session:
        for owner in (None, brand.ann.agent_id):
            named = {"title": "Hours", "name": "hours", "folded": "hours"}
            texts = {"en": "At nine." if owner is None else "Hi, Ann here."}
            session.add(
                SavedReply(account_id=brand.account_id, agent_id=owner, texts=texts, **named)
            )
    async with session_factory.begin() as session:
        await session.execute(update(SavedReply).values(texts={"en": "At ten."}, folded="ten"))
    [added, changed] = await entries(session_factory, "saved_reply")
    assert (added.actor, added.after["texts"]) == (brand.mia.agent_id, {"en": "At nine."})
    assert (changed.before, changed.after) == (
        {"texts": {"en": "At nine."}},
        {"texts": {"en": "At ten."}},
    )


async def test_whom_a_scheduled_export_asks_for_stands_as_dots(
    session_factory: Sessions, brand: Brand, mia_acts: None
) -> None:
    named = {"name": "Jane Roe", "q": "bankruptcy", "number": "+15550100199", "field": ["vip:yes"]}
    kept: dict[str, Any] = {"kind": "messages", "format": "csv", "split_by": "day", "every": "day"}
    own = {"account_id": brand.account_id, "name": "Texts", "hour": 5}
    async with session_factory.begin() as session:
        row = ExportSchedule(id=uuid4(), **own, **kept, filters={**named, "label": ["refund"]})
        session.add(row)
        await session.flush()
        row.filters = {**named, "q": "insolvency", "label": ["refund"]}
    async with session_factory.begin() as session:
        await session.execute(update(ExportSchedule).values(filters={}))
    [added, changed, emptied] = await entries(session_factory, "export_schedule")
    dots = dict.fromkeys(named, "•••") | {"label": ["refund"]}
    assert added.after["filters"] == dots
    assert (changed.before, changed.after) == ({"filters": dots}, {"filters": dots})
    assert (emptied.before, emptied.after) == ({"filters": dots}, {"filters": {}})


async def test_secrets_are_masked_and_what_changes_by_itself_is_left_out(
    session_factory: Sessions, brand: Brand
) -> None:
    async with session_factory.begin() as session:
        connector = (await session.scalars(select(Connector))).one()
        connector.secret = b"another sealed secret"
        ann = update(AuditEntry)  # refused below
    async with session_factory.begin() as session:
        await session.execute(
            sql("UPDATE agent SET state = 'online', state_since = now() WHERE id = :id"),
            {"id": brand.ann.agent_id},
        )
    [made, changed] = await entries(session_factory, "connector")
    assert (made.after["secret"], changed.before, changed.after) == (
        "•••",
        {"secret": "•••"},
        {"secret": "•••"},
    )
    assert changed.actor is None, "nobody was named: the system"
    people = await entries(session_factory, "agent")
    assert {one.action for one in people} == {"added"}
    assert {one.after["password_hash"] for one in people} == {"•••"}
    for change in (
        ann.values(actor="somebody"),
        delete(AuditEntry),
        sql("TRUNCATE audit_entry"),
    ):
        with pytest.raises(DBAPIError, match="only added to"):
            async with session_factory.begin() as session:
                await session.execute(change)


async def test_entries_go_when_their_account_keeps_them_no_longer(
    session_factory: Sessions, brand: Brand
) -> None:
    before = len(await entries(session_factory, "line"))
    async with session_factory.begin() as session:
        assert await audit.forget(session, utc_now(), 500) == 0
    async with session_factory.begin() as session:
        await session.execute(sql("SET LOCAL session_replication_role = replica"))
        await session.execute(
            sql("UPDATE audit_entry SET at = now() - interval '731 days' WHERE subject = 'line'")
        )
    async with session_factory.begin() as session:
        assert await audit.forget(session, utc_now(), 500) == before
    assert await entries(session_factory, "line") == []
